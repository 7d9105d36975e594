//! What this program repeats of arguments, variables, paths and files: none of it steers a terminal or forges a line of the log.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::process::Child;

use auth_core::shown_as;
use auth_sandbox::Sandbox;
use e2e::shell::{Call, Done, Shell};
use serde_json::Value;

/// Sets the title, goes back to the start of the line, begins lines of its own, and reads backwards.
const STEERING: &str =
    "x\u{1b}]0;t\u{7}\u{9b}2J\rforged\nforged: y\u{202e}\u{61c}\u{2028}forged\u{2029}\u{200b}\u{e0041}\u{7f}";

/// The same, and bytes that are no text.
fn raws() -> [Vec<u8>; 2] {
    [
        STEERING.as_bytes().to_vec(),
        [b"\xff\x9b\x1b[2J\nforged".as_slice(), STEERING.as_bytes(), b"\xc3"].concat(),
    ]
}

fn of(before: &str, raw: &[u8]) -> OsString {
    OsString::from_vec([before.as_bytes(), raw].concat())
}

/// How a call is made: the words added to it.
const FORMS: [&str; 4] = ["", "-v", "--json", "-vvv --log json"];

/// Each raw text in two of the forms.
fn raws_in_forms() -> impl Iterator<Item = (Vec<u8>, &'static str)> {
    raws()
        .into_iter()
        .zip(FORMS.chunks(2))
        .flat_map(|(raw, forms)| forms.iter().map(move |form| (raw.clone(), *form)))
}

#[track_caller]
fn plain(what: &str, done: &Done) {
    let steers = |c: char| shown_as(c) != Some(c) && c != '\n';
    for text in [&done.out, &done.err] {
        assert!(!text.contains(steers), "{what}: {text:?}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("forged")), "{what}: {text:?}");
    }
    assert!(done.code != 101, "{what}: {done:?}");
}

#[track_caller]
fn is_json(what: &str, lines: &str) {
    for line in lines.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{what}: {line:?}");
    }
}

/// Makes a call in each form, with each raw text behind `before` as its last argument.
#[track_caller]
fn echo(shell: &Shell, words: &str, before: &str) {
    for (raw, form) in raws_in_forms() {
        let (call, what) = (shell.b2auth(form), format!("{form} {words} {before}"));
        let call = words.split_whitespace().fold(call, Call::arg);
        let done = call.arg(of(before, &raw)).run();
        plain(&what, &done);
        if form == "--json" {
            is_json(&what, &done.out);
        }
        // Before the arguments are read nobody knows how the log is written.
        if form.ends_with("log json") && done.code != 2 {
            is_json(&what, &done.err);
        }
    }
}

#[test]
fn arguments_that_are_wrong_are_echoed_plainly() {
    let shell = Shell::at("http://127.0.0.1:9");
    for words in [
        "status --office",
        "status --profile",
        "status --timeout",
        "status --limits",
        "status --refresh-limit",
        "status --pin",
        "status --pin-expires",
        "status --log",
        "status --language",
        "status --host",
        "status --store",
        "status --ca-file",
        "status",
        "",
        "signin --method",
        "signin --email",
        "signin --password-file",
        "signin --totp-secret-file",
        "signin --code-command",
        "token --min-ttl",
        "qr inspect",
        "qr show --qr-option",
        "qr inspect --image",
        "sandbox --users",
        "sandbox --dialect",
        "sandbox --fault",
        "sandbox --listen",
        "sandbox --clock-offset",
        "man",
        "completions",
        "signin --resume --email a@b.example",
    ] {
        echo(&shell, words, "");
    }
    for (words, before) in [
        ("status", "--"),
        ("status", "--office="),
        ("status", "--store=file:~"),
        ("status", "--store=/"),
        ("signin", "--user="),
        ("status", "--st\u{1b}"),
        ("", "--"),
        ("sandbox --listen 127.0.0.1:0", "--ca-out=/nowhere/"),
        ("sandbox --listen 127.0.0.1:0", "--port-file=/nowhere/"),
        ("status", "--ca-file=/"),
        ("status", "--limits=sign_in="),
    ] {
        echo(&shell, words, before);
    }
}

#[test]
fn variables_that_are_wrong_are_echoed_plainly() {
    for (name, before) in [
        ("B2AUTH_HOST", "https://"),
        ("B2AUTH_OFFICE", ""),
        ("B2AUTH_PROFILE", ""),
        ("B2AUTH_STORE", "file:"),
        ("B2AUTH_STORE", "/"),
        ("B2AUTH_STORE_KEY_FILE", ""),
        ("B2AUTH_TIMEOUT", ""),
        ("B2AUTH_LIMITS", ""),
        ("B2AUTH_CA_FILE", ""),
        ("B2AUTH_PINS", ""),
        ("B2AUTH_PIN_EXPIRES", ""),
        ("B2AUTH_LANGUAGE", ""),
        ("B2AUTH_LOG", ""),
        ("HTTPS_PROXY", "http://"),
        ("ALL_PROXY", ""),
        ("LANG", ""),
        ("TERM", ""),
    ] {
        for (raw, form) in raws_in_forms() {
            let shell =
                Shell::at("https://127.0.0.1:9").with("B2AUTH_TIMEOUT", "1").with(name, of(before, &raw));
            plain(&format!("{form} {name}"), &shell.b2auth(form).arg("status").run());
            plain(&format!("{form} {name}"), &shell.b2auth(form).arg("pins").run());
        }
    }
}

#[test]
fn the_path_of_a_store_forges_no_line_of_the_log() {
    let sandbox = Sandbox::start().unwrap();
    for raw in raws() {
        let shell = Shell::at_sandbox(&sandbox);
        let place = shell.home().join(std::ffi::OsStr::from_bytes(&raw)).join("store");
        let shell = shell.with("B2AUTH_STORE", of("file:", place.as_os_str().as_bytes()));
        plain("signin", &shell.sign_in("plain@example.com", "-vvv").run());
        let exposed = |mode| {
            for file in shell.files() {
                fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            }
        };
        for form in FORMS {
            exposed(0o644);
            plain(form, &shell.b2auth(form).arg("status").run());
        }
        // A damaged record, a damaged store, and a lost key.
        for damage in ["store", "key"] {
            for file in shell.files().iter().filter(|file| file.to_string_lossy().ends_with(damage)) {
                let mut bytes = fs::read(file).unwrap();
                let end = bytes.len() - 3;
                bytes[end] ^= 1;
                fs::write(file, bytes).unwrap();
            }
            for form in FORMS {
                plain(form, &shell.b2auth(form).arg("status").run());
                plain(form, &shell.b2auth(form).arg("accounts").run());
            }
            plain(damage, &shell.sign_in("plain@example.com", "-v --set-store-aside").run());
        }
    }
}

#[test]
fn a_program_that_cannot_be_run_is_named_plainly() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("plain@example.com", "").run().exits(0);
    echo(&shell, "run --", "/nowhere/");
    echo(&shell, "signin --email totp@example.com --password-stdin --code-command", "/nowhere/");
}

#[test]
fn the_users_of_a_sandbox_are_listed_plainly() {
    let shell = Shell::new();
    let users = shell.home().join("users.toml");
    let email = STEERING.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect::<String>();
    let user = |email: &str, more: &str| {
        format!(
            "[[user]]\noffice = \"front\"\nemail = \"{email}@example.com\"\npassword = \"Secret123\"\n{more}"
        )
    };
    for (text, starts) in [
        (user(&email, ""), true),
        (user(&email, "").repeat(2), false),
        (user("a", &format!("\"{email}\" = 1\n")), false),
        (user("a\u{9b}\u{202e}\u{2028}forged", ""), true),
        (STEERING.to_owned(), false),
    ] {
        fs::write(&users, text).unwrap();
        for form in ["", "--json"] {
            let call = shell.b2auth(&format!("sandbox --listen 127.0.0.1:0 --users users.toml -v {form}"));
            let done = if starts { interrupted(call.start()) } else { call.run() };
            plain(form, &done);
            assert_eq!(done.out.contains("127.0.0.1"), done.code == 0, "{done:?}");
        }
    }
}

/// What a sandbox says until it is asked to end.
fn interrupted(mut child: Child) -> Done {
    use std::io::{BufRead, BufReader, Read};
    let mut out = String::new();
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped"));
    while !out.contains("try: ")
        && !out.contains("\"state\"")
        && lines.read_line(&mut out).expect("it writes text") > 0
    {}
    e2e::signals::end(&child);
    lines.read_to_string(&mut out).expect("it writes text");
    let mut output = child.wait_with_output().expect("it ends");
    output.stdout = out.into_bytes();
    Done::of(output)
}
