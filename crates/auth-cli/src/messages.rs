//! What b2auth says, in the user's language.

use auth_messages::{Catalogue, Language, Message};
use std::{env, ffi::OsString, sync::OnceLock};

/// The language asked for with `--language`, which is one for the whole process.
static ASKED: OnceLock<String> = OnceLock::new();

/// Takes the language asked for, if one was.
pub(crate) fn start(asked: Option<&str>) {
    if let Some(asked) = asked.filter(|asked| !asked.is_empty()) {
        let _once = ASKED.set(asked.to_owned());
    }
}

/// The messages in the user's language. They are read now, so that a call which has nothing to say does not pay for them.
pub(crate) fn catalogue() -> Catalogue {
    let wishes = match ASKED.get() {
        Some(asked) => vec![asked.clone()],
        None => environment(|name| env::var(name).ok()),
    };
    Catalogue::load(Language::negotiate(wishes.iter().map(String::as_str)))
}

/// A message in the user's language.
pub(crate) fn say(message: &Message) -> String {
    catalogue().say(message)
}

/// The languages of the environment, as programs usually read them: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is
/// set decides, and `LANGUAGE` can name several in its place, unless it is `C` or `POSIX`.
fn environment(variable: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let Some(locale) = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set) else { return Vec::new() };
    if matches!(locale.split(['.', '@']).next(), Some("C" | "POSIX")) {
        return Vec::new();
    }
    let list = set("LANGUAGE").unwrap_or_default();
    list.split(':').filter(|one| !one.is_empty()).map(str::to_owned).chain([locale]).collect()
}

/// The language that arguments ask for which do not parse, and the variable that stands for the option.
pub(crate) fn asked_by(args: impl Iterator<Item = OsString>) -> Option<String> {
    let args: Vec<String> =
        args.take_while(|arg| arg != "--").map(|arg| arg.to_string_lossy().into_owned()).collect();
    let given = args.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix("--language")? {
        "" => args.get(at + 1).cloned(),
        rest => rest.strip_prefix('=').map(str::to_owned),
    });
    given.or_else(|| env::var("B2AUTH_LANGUAGE").ok())
}

#[cfg(test)]
mod tests;
