//! What goes wrong is notified in the user's language; what scripts read stays.

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form, error};
use e2e::shell::Shell;

const ENGLISH: &str = "Nobody is signed in.";
const GERMAN: &str = "Niemand ist angemeldet.";
const SPANISH: &str = "Nadie ha iniciado sesión.";

/// Neither of these calls reaches a host.
fn shell() -> Shell {
    Shell::at("https://broker.example")
}

#[test]
fn the_locale_and_the_option_choose_the_language() {
    let shell = shell();
    for (set, more, expected) in [
        (&[][..], "", ENGLISH),
        (&[("LANG", "de_AT.UTF-8")], "", GERMAN),
        (&[("LANG", "de_AT.UTF-8"), ("LC_MESSAGES", "es_ES.UTF-8")], "", SPANISH),
        (&[("LANG", "de_AT.UTF-8"), ("LC_ALL", "C")], "", ENGLISH),
        (&[("LANG", "de_AT.UTF-8"), ("LC_ALL", "POSIX")], "", ENGLISH),
        (&[("LANG", "de_AT.UTF-8"), ("LANGUAGE", "es:de")], "", SPANISH),
        (&[("LANG", "ja_JP.UTF-8")], "", ENGLISH),
        (&[("LANG", "de_AT.UTF-8")], "--language es", SPANISH),
        (&[("LANG", "de_AT.UTF-8")], "--language ja", ENGLISH),
        (&[("LANG", "C"), ("B2AUTH_LANGUAGE", "de")], "", GERMAN),
        (&[("LANG", "de_AT.UTF-8"), ("B2AUTH_LANGUAGE", "")], "", GERMAN),
    ] {
        let call = || set.iter().fold(shell.b2auth("token"), |call, (name, value)| call.env(name, *value));
        let call =
            |form: Form| more.split_whitespace().fold(form.of(call()), |call, word| call.arg(word)).run();
        let text = call(Form::Text);
        error(Form::Text, &text, 3, "not_signed_in");
        assert!(text.error_line().contains(expected), "{set:?} {more}: {text:#?}");
        let json = error(Form::Json, &call(Form::Json), 3, "not_signed_in");
        assert!(json["message"].as_str().is_some_and(|message| message.contains(expected)), "{json}");
        assert_eq!((&json["recovery"], &json["detail"]), (&"sign_in_again".into(), &"not signed in".into()));
    }
}

#[test]
fn a_wrong_call_is_told_in_the_language_too() {
    let call = |words: &str| Shell::new().b2auth(words).env("LANG", "de_DE.UTF-8").run().exits(2);
    assert!(call("").error_line().contains("Nennen Sie einen Befehl"), "{:#?}", call(""));
    assert!(call("token").error_line().contains("Nennen Sie den Server"), "{:#?}", call("token"));
    for words in ["frobnicate --language es", "--language=es token --frobnicate"] {
        assert!(call(words).error_line().contains("Llamada incorrecta: "), "{:#?}", call(words));
    }
}

#[test]
fn what_is_needed_next_is_told_in_the_language() {
    let sandbox = Sandbox::start().expect("the sandbox starts");
    let shell = Shell::at_sandbox(&sandbox).with("LC_ALL", "es_MX.UTF-8");
    let done = shell.b2auth("signin --email plain@example.com").run();
    expect::needs(Form::Text, &done, "credentials", &[]);
    assert!(done.error_line().contains("Hacen falta el correo y la contraseña"), "{done:#?}");
    let done = shell.b2auth("signin --resume --password-stdin").input("wrong\n").run();
    assert!(done.error_line().contains("El servidor dice: "), "{done:#?}");
    error(Form::Text, &done, 4, "wrong_credentials");
}
