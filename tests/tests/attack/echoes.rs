//! A host that repeats the password in a spelling drawn by chance: at the step where it was typed, or at the next one.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use auth_client::secret::{OneTimeCode, Password};
use auth_client::{AuthClient, Credentials, Office, SignInStep};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use e2e::expect::Form;
use e2e::past::block_on;
use e2e::raw_host::{Answer, RawHost, json_bytes, step, wizard};
use e2e::shell::Shell;
use fastrand::Rng;
use serde_json::{Value, json};

use super::campaign::Campaign;

const EMAIL: &str = "plain@example.com";
/// Composed letters are beside what they are made of.
const LETTERS: [(char, &str); 8] = [
    ('ä', "a\u{308}"),
    ('ö', "o\u{308}"),
    ('é', "e\u{301}"),
    ('ñ', "n\u{303}"),
    ('й', "и\u{306}"),
    ('ệ', "e\u{323}\u{302}"),
    ('が', "か\u{3099}"),
    ('가', "\u{1100}\u{1161}"),
];
const UNSEEN: [&str; 9] =
    ["\u{200b}", "\u{200d}", "\u{ad}", "\u{2060}", "\u{feff}", "\u{61c}", "\u{e0041}", "\u{fe0f}", "\u{34f}"];

fn password(rng: &mut Rng) -> String {
    let length = rng.usize(6..24);
    let letter = |rng: &mut Rng| match rng.u8(0..6) {
        0 => LETTERS[rng.usize(..LETTERS.len())].0,
        1 => ['Ω', 'ж', 'λ', '中', '🙂', 'ß', '€'][rng.usize(..7)],
        2 | 3 => char::from(rng.u8(b'!'..=b'~')),
        _ => rng.alphanumeric(),
    };
    (0..length).map(|_| letter(rng)).collect()
}

/// The letters as another program would have them: taken apart, in the other case, with something inside that nobody sees.
fn varied(text: &str, rng: &mut Rng) -> String {
    let (decomposed, other_case, unseen) = (rng.bool(), rng.bool(), rng.bool());
    let mut varied = String::new();
    for c in text.chars() {
        if unseen && !varied.is_empty() {
            varied.push_str(UNSEEN[rng.usize(..UNSEEN.len())]);
        }
        match LETTERS.iter().find(|(letter, _)| decomposed && *letter == c) {
            Some((_, parts)) => varied.push_str(parts),
            None if other_case && c.is_ascii_lowercase() => varied.push(c.to_ascii_uppercase()),
            None if other_case => varied.push(c.to_ascii_lowercase()),
            None => varied.push(c),
        }
    }
    varied
}

type Encode = fn(&str, &mut Rng) -> String;

fn each(text: &str, rng: &mut Rng, escape: impl Fn(char, &mut Rng) -> Option<String>) -> String {
    text.chars().map(|c| escape(c, rng).unwrap_or_else(|| c.to_string())).collect()
}

const ENCODINGS: [(&str, Encode); 8] = [
    ("URL", |text, rng| {
        let (all, lower) = (rng.bool(), rng.bool());
        let spell = |byte: u8| if lower { format!("%{byte:02x}") } else { format!("%{byte:02X}") };
        let escape = |byte: u8| {
            if byte.is_ascii_alphanumeric() && !all { char::from(byte).to_string() } else { spell(byte) }
        };
        text.bytes().map(escape).collect()
    }),
    ("form", |text, _| {
        let escape = |byte: u8| match byte {
            b' ' => "+".to_owned(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(escape).collect()
    }),
    ("JSON", |text, _| {
        let json = serde_json::Value::from(text).to_string();
        json[1..json.len() - 1].to_owned()
    }),
    ("JSON, escaped", |text, rng| {
        let all = rng.bool();
        each(text, rng, |c, _| {
            let is_plain = c.is_ascii() && !"\\\"/<>&'".contains(c);
            (all || !is_plain).then(|| {
                c.encode_utf16(&mut [0; 2]).iter().fold(String::new(), |mut text, unit| {
                    let _ = write!(text, "\\u{unit:04x}");
                    text
                })
            })
        })
    }),
    ("HTML", |text, rng| {
        each(text, rng, |c, rng| {
            let named: &[&str] = match c {
                '&' => &["&amp;", "&#38;", "&#x26;"],
                '<' => &["&lt;", "&#60;", "&#x3c;"],
                '>' => &["&gt;", "&#62;", "&#x3E;"],
                '"' => &["&quot;", "&#34;", "&#x22;"],
                '\'' => &["&apos;", "&#39;", "&#039;", "&#x27;"],
                'ä' => &["&auml;", "ä"],
                'é' => &["&eacute;", "é"],
                _ => return None,
            };
            Some(named[rng.usize(..named.len())].to_owned())
        })
    }),
    ("HTML, all of it", |text, rng| {
        each(text, rng, |c, rng| {
            let number = u32::from(c);
            Some(if rng.bool() { format!("&#{number};") } else { format!("&#x{number:X};") })
        })
    }),
    ("slashes", |text, _| text.replace('\\', "\\\\").replace('\'', "\\'").replace('"', "\\\"")),
    ("none", |text, _| text.to_owned()),
];

/// A spelling of at most two encodings, and its name.
fn spelling(password: &str, rng: &mut Rng) -> (String, String) {
    // Their letters are data: nothing can be put in between.
    match rng.u8(0..12) {
        0 => return ("Base64".into(), STANDARD.encode(password).trim_end_matches('=').to_owned()),
        1 => return ("Base64 for URLs".into(), URL_SAFE_NO_PAD.encode(password)),
        2 => return ("hexadecimal".into(), password.bytes().map(|byte| format!("{byte:02x}")).collect()),
        _ => {}
    }
    let (mut text, mut name) = (varied(password, rng), String::new());
    for _ in 0..2 {
        let (encoding, encode) = ENCODINGS[rng.usize(..ENCODINGS.len())];
        text = encode(&text, rng);
        let _ = write!(name, "{encoding}, ");
    }
    (name, text)
}

fn refusal(text: &str) -> Answer {
    let details = [json!({"issue": text})];
    Answer::Bytes(json_bytes(400, &json!({"error": {"code": 0, "message": text, "details": details}})))
}

/// A host that asks for a code, or refuses with what it is given to say.
fn host(says: Arc<Mutex<(bool, String)>>) -> RawHost {
    RawHost::start(move |request| {
        let (at_the_code, text) = says.lock().expect("no test panics with it").clone();
        match request.path.rsplit('/').next() {
            Some("wizard") => wizard(),
            Some("signin") if at_the_code => step("2fa_sms_auth", Value::Null),
            _ => refusal(&text),
        }
    })
}

#[test]
fn no_spelling_of_a_password_gets_through_at_its_step_or_the_next() {
    let says = Arc::new(Mutex::new((false, String::new())));
    let host = host(Arc::clone(&says));
    for (seed, mut rng) in Campaign::of("echoes", 150).rounds() {
        let password = password(&mut rng);
        let (name, text) = spelling(&password, &mut rng);
        let at_the_code = rng.bool();
        *says.lock().unwrap() = (at_the_code, format!("you sent <<{text}>>, did you?"));
        let lines = block_on(async {
            let client =
                AuthClient::builder(host.url()).limits(auth_client::Limits::unlimited()).build().unwrap();
            let sign_in = client.sign_in(Office::Front);
            loop {
                let refused = match sign_in.current() {
                    SignInStep::Start(start) => start.open().await,
                    SignInStep::Credentials(form) => {
                        form.submit(Credentials::new(EMAIL, Password::new(password.as_str()))).await
                    }
                    SignInStep::Code(code) => code.submit(OneTimeCode::new("123456")).await,
                    other => panic!("seed {seed}: at {}", other.name()),
                };
                if let Err(error) = refused {
                    break error.cause.server_message().map(|said| said.lines().to_vec()).unwrap_or_default();
                }
            }
        });
        // Longer than what is read of a text: what is left of it has no part of the spelling.
        if text.chars().count() > 1900 {
            let is_free = |line: &String| {
                "you sent <<…>>, did you?".starts_with(line.as_str())
                    || "you sent <<".starts_with(line.as_str())
            };
            assert!(lines.iter().all(is_free), "seed {seed}: {lines:?}");
            continue;
        }
        let place = if at_the_code { "a step later" } else { "at its step" };
        assert_eq!(
            lines,
            ["you sent <<…>>, did you?"],
            "seed {seed}: {password:?} in {name}{place}: {text:?}"
        );
    }
}

#[test]
fn the_command_shows_none_of_them() {
    let says = Arc::new(Mutex::new((false, String::new())));
    let host = host(Arc::clone(&says));
    let shell = Shell::at(&host.url()).with("B2AUTH_LIMITS", "off");
    for (seed, mut rng) in Campaign::of("echoes of the command", 10).rounds() {
        let password = password(&mut rng);
        let (name, text) = spelling(&password, &mut rng);
        *says.lock().unwrap() = (false, format!("you sent <<{text}>>, did you?"));
        for form in Form::BOTH {
            let call = shell.b2auth(&format!("signin --email {EMAIL} --password-stdin -vvv"));
            let done = form.of(call.input(&format!("{password}\n"))).run().exits(4);
            assert!(
                done.err.contains("you sent <<…>>, did you?"),
                "seed {seed}: {password:?} in {name}: {done:?}"
            );
            assert!(!done.out.contains(&text) && !done.err.contains(&text), "seed {seed}: {name}: {done:?}");
        }
    }
}
