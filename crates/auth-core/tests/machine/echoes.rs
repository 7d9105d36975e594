//! A host that repeats a secret, in any spelling, at the step where it was typed and at every later one of the same sign-in.

use crate::scenario::{MAILED, UUID, act, after, answer, at, cause, now, with_header, workflow};
use auth_core::{
    Cookies, ServerMessage,
    sign_in::{SignInError, Step},
};

/// What is known at a step, once its request is under way.
const KNOWN: [(&str, &[&str]); 6] = [
    ("credentials", &["Secret123", "recaptcha-proof", UUID]),
    ("choose_method", &["Secret123", "recaptcha-proof", UUID]),
    ("code", &["Secret123", "recaptcha-proof", UUID, "123456"]),
    ("mailed_code", &["Secret123", "123456"]),
    ("reset_code", &["Secret123", "recaptcha-proof", UUID, "123456"]),
    ("new_password", &["Secret123", "recaptcha-proof", UUID, "123456", "NewSecret456"]),
];

type Spell = fn(&str) -> String;

fn each(text: &str, spell: impl Fn(u32) -> String) -> String {
    text.chars().map(|c| spell(c.into())).collect()
}

fn inside(text: &str, unseen: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join(unseen)
}

const SPELLINGS: [(&str, Spell); 14] = [
    ("plain", str::to_owned),
    ("upper case", str::to_uppercase),
    ("HTML, decimal", |text| each(text, |c| format!("&#{c};"))),
    ("HTML, hexadecimal", |text| each(text, |c| format!("&#x{c:04X};"))),
    ("JSON", |text| each(text, |c| format!("\\u{c:04x}"))),
    ("JavaScript", |text| each(text, |c| format!("\\x{c:02x}"))),
    ("URL", |text| each(text, |c| format!("%{c:02x}"))),
    ("URL twice", |text| each(text, |c| format!("%25{c:02X}"))),
    ("URL in HTML", |text| each(text, |c| format!("&#37;{c:02x}"))),
    ("HTML in JSON", |text| each(text, |c| format!("\\u0026#{c};"))),
    ("joiners inside", |text| inside(text, "\u{200d}\u{ad}")),
    ("joiners inside, escaped", |text| inside(text, "&zwj;&#173;")),
    ("one in the middle", |text| format!("{}&#8203;{}", &text[..3], &text[3..])),
    ("hexadecimal", |text| text.bytes().map(|byte| format!("{byte:02x}")).collect()),
];

fn refusal(text: &str) -> String {
    serde_json::json!({"error": {"code": 0, "message": "no", "details": [{"issue": format!("<{text}>")}]}})
        .to_string()
}

fn said(error: &SignInError) -> ServerMessage {
    error.server_message().cloned().unwrap_or_default()
}

#[test]
fn every_spelling_of_what_was_typed_is_cut_at_every_later_step() {
    for (step, secrets) in KNOWN {
        for secret in secrets {
            for (name, spell) in SPELLINGS {
                let error = cause(act(at(step), answer(400, &refusal(&spell(secret)))).1);
                assert_eq!(said(&error).lines(), ["<…>", "no"], "{step}: {secret} in {name}");
            }
        }
    }
}

#[test]
fn a_later_step_is_not_named_by_what_was_typed() {
    for (step, secrets) in KNOWN.iter().filter(|(step, _)| *step != "mailed_code") {
        for secret in *secrets {
            for (name, spell) in SPELLINGS.into_iter().filter(|(name, _)| *name != "upper case") {
                let text = serde_json::to_string(&spell(secret)).unwrap();
                let body = workflow("X").replace("\"X\"", &text);
                let Step::Unsupported(place) = after(at(step), &body) else { panic!("{step} {name}") };
                assert_eq!(place.workflow(), "…", "{step}: {secret} in {name}");
            }
        }
    }
    let provider = MAILED.replace("\"email\"", "\"&#83;ecret123\"");
    assert_ne!(provider, MAILED);
    let Step::NeedMailedCode(step) = after(at("back_credentials"), &provider) else { panic!() };
    assert_eq!(step.provider(), "…");
}

#[test]
fn what_was_typed_is_known_after_refusals_and_lost_answers() {
    let Err(rejected) = act(at("credentials"), answer(400, &refusal("no"))).1 else { panic!() };
    let Err(rejected) = act(*rejected.step, answer(503, "")).1 else { panic!() };
    let Err(rejected) = act(*rejected.step, answer(410, &refusal("the wizard has expired"))).1 else {
        panic!()
    };
    // The sign-in begins anew, and the host repeats what was typed into the last one.
    assert_eq!(rejected.step.name(), "start");
    let error = cause(act(*rejected.step, answer(403, &refusal("recaptcha-proof, Secret123"))).1);
    assert_eq!(said(&error).lines(), ["<…, …>", "no"]);
}

#[test]
fn the_words_of_a_host_decide_as_before_whatever_was_typed() {
    // "Invalid code" keeps the step; what was typed at an earlier one is cut out of what is shown only.
    let answer = answer(404, &refusal("invalid 123456 code"));
    let Err(rejected) = act(at("code"), answer).1 else { panic!() };
    assert!(matches!(rejected.cause, SignInError::WrongCode { .. }), "{:?}", rejected.cause);
    assert_eq!(said(&rejected.cause).lines(), ["<invalid … code>", "no"]);
}

#[test]
fn a_cookie_is_not_shown_at_any_later_step_nor_after_a_checkpoint() {
    let set = ("Set-Cookie", "PHPSESSID=q1w2e3r4t5%3D; path=/");
    let echo = refusal("q1w2e3r4t5= and q1w2e3r4t5%3D");
    let Err(rejected) = act(at("credentials"), with_header(400, &echo, set)).1 else { panic!() };
    assert_eq!(said(&rejected.cause).lines(), ["<… and …>", "no"]);
    let step = after(*rejected.step, &workflow("2fa_google_auth"));
    assert_eq!(said(&cause(act(step, answer(400, &echo)).1)).lines(), ["<… and …>", "no"]);
    // The next process knows it from the checkpoint.
    let answer_with_cookie = with_header(200, "{}", set).unwrap();
    let cookies = Cookies::default().after("https://broker.example/", &answer_with_cookie, now());
    let kept = at("code").checkpoint_with(&cookies).unwrap();
    let step = Step::from_checkpoint(kept.bytes.expose(), now()).unwrap();
    assert_eq!(said(&cause(act(step, answer(400, &echo)).1)).lines(), ["<… and …>", "no"]);
    // A word is no secret because a cookie has it.
    let step = act(at("credentials"), with_header(400, &echo, ("Set-Cookie", "lang=english; path=/"))).1;
    let Err(rejected) = step else { panic!() };
    let error = cause(act(*rejected.step, answer(400, &refusal("english only"))).1);
    assert_eq!(said(&error).lines(), ["<english only>", "no"]);
}

#[test]
fn nothing_of_what_was_typed_is_in_a_step_or_its_checkpoint() {
    for (step, _) in KNOWN.iter().skip(1) {
        let step = at(step);
        let kept = step.checkpoint().unwrap();
        let text = format!("{step:?}{}", String::from_utf8_lossy(kept.bytes.expose()));
        assert!(!text.contains("Secret123") && !text.contains("recaptcha-proof"), "{text}");
    }
}
