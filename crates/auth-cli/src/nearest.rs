//! What a wrong call was probably meant to be.

use clap::{
    Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

/// Words of other programs, and ours for the same.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["login", "log-in", "sign-in", "auth", "authenticate"], "signin"),
    (&["logout", "signoff", "log-out", "sign-out", "revoke"], "signout"),
    (&["whoami", "who", "me", "info", "session"], "status"),
    (&["list", "ls", "users", "profiles", "sessions"], "accounts"),
    (&["access-token", "print-token", "get-token", "bearer"], "token"),
    (&["renew"], "refresh"),
    (&["keepalive", "daemon", "watch"], "keep-alive"),
    (&["exec", "env"], "run -- CMD"),
    (&["serve", "server", "mock"], "sandbox"),
    (&["pin", "certificate", "cert", "fingerprint"], "pins"),
    (&["scan"], "qr approve --image F"),
    (&["migrate", "copy", "export", "import"], "store copy FROM TO"),
];
const OPTIONS: &[(&[&str], &str)] = &[
    (&["--user", "--username", "--login", "--mail", "-u", "-e"], "--email E"),
    (&["--pass", "--passwd", "--password", "-p"], "--password-stdin"),
    (&["--url", "--server", "--base-url", "--endpoint", "-H"], "--host URL"),
    (&["--otp", "--totp", "--2fa", "--mfa"], "--code C"),
    (&["--format", "--output", "-o", "-j"], "--json"),
    (&["--account", "--name"], "--profile NAME"),
    (&["--insecure", "-k", "--cacert", "--ca", "--ca-cert"], "--ca-file FILE"),
    (&["--pinnedpubkey", "--pinned-key"], "--pin sha256/BASE64"),
    (&["--lang", "--locale"], "--language CODE"),
    (&["--file", "--db"], "--store file:PATH"),
    (&["--quiet", "-q", "--batch", "--non-interactive", "--yes", "-y"], "--no-input"),
    (&["--everything", "--everybody"], "--all"),
];
const VALUES: &[(&str, &[&str], &str)] = &[
    ("--office", &["client", "clients", "customer", "trader", "user"], "front"),
    ("--office", &["staff", "admin", "operator", "backoffice"], "back"),
    ("--method", &["totp", "otp", "app", "authenticator"], "google"),
    ("--method", &["phone", "text", "mobile"], "sms"),
];

/// The nearest form that is right, for words that other programs have for the same. It is nearer than what the parser finds by letters.
pub(crate) fn form(error: &Error) -> Option<String> {
    let found = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let ours = of(COMMANDS, found(ContextKind::InvalidSubcommand)?)?;
            Some(format!("b2auth {ours}"))
        }
        ErrorKind::UnknownArgument => {
            let word = found(ContextKind::InvalidArg)?;
            match of(OPTIONS, word.split('=').next()?) {
                Some(ours) => Some(ours.to_owned()),
                None if word.starts_with('-') => None,
                None => stray(word, &called(error)),
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let (option, value) = (found(ContextKind::InvalidArg)?, found(ContextKind::InvalidValue)?);
            let option = option.split(' ').next()?;
            let meant = VALUES.iter().find(|(of, words, _)| *of == option && words.contains(&value));
            meant.map(|(_, _, ours)| format!("{option} {ours}"))
        }
        _ => None,
    }
}

/// The command that was called, as its help is asked for.
pub(crate) fn called(error: &Error) -> String {
    let text = error.render().to_string();
    let usage = text.lines().find_map(|line| line.trim().strip_prefix("Usage: ")).unwrap_or("b2auth");
    let words = usage.split_whitespace().take_while(|word| word.starts_with(char::is_alphabetic));
    let words: Vec<&str> = words.take_while(|word| word.chars().any(char::is_lowercase)).collect();
    words.join(" ")
}

/// A word that belongs behind something.
fn stray(word: &str, called: &str) -> Option<String> {
    match called {
        "b2auth run" => Some(format!("b2auth run -- {word} …")),
        "b2auth signin" if word.contains('@') => Some(format!("{called} --email {word}")),
        _ if word.starts_with("http") || word.contains('.') => Some(format!("{called} --host {word}")),
        _ => None,
    }
}

fn of(table: &[(&[&str], &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(words, _)| words.contains(&word)).map(|(_, ours)| *ours)
}
