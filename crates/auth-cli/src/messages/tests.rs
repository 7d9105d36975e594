//! The language of a call, and the messages that there are.

use super::*;
use auth_client::HostError;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

#[test]
fn the_environment_is_read_as_usual() {
    for (set, expected) in [
        (&[][..], &[][..]),
        (&[("LANG", "de_DE.UTF-8")], &["de_DE.UTF-8"]),
        (&[("LANG", "de_DE.UTF-8"), ("LC_MESSAGES", "es_ES")], &["es_ES"]),
        (&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")], &[]),
        (&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "")], &["de_DE.UTF-8"]),
        (&[("LANG", "de_DE.UTF-8"), ("LANGUAGE", "ja::es")], &["ja", "es", "de_DE.UTF-8"]),
        (&[("LANG", "C.UTF-8"), ("LANGUAGE", "es")], &[]),
        (&[("LANGUAGE", "es")], &[]),
    ] {
        let variable =
            |name: &str| set.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
        assert_eq!(environment(variable), expected, "{set:?}");
    }
}

#[test]
fn the_language_is_found_in_arguments_that_do_not_parse() {
    let asked = |words: &str| asked_by(words.split(' ').map(OsString::from));
    assert_eq!(asked("frobnicate --language de").as_deref(), Some("de"));
    assert_eq!(asked("--language=es --x").as_deref(), Some("es"));
    for none in ["status", "--languages de", "--language", "-- --language de"] {
        assert_eq!(asked(none), None, "{none}");
    }
}

#[test]
fn every_message_of_the_command_is_said_and_none_is_missing() {
    let mut said = BTreeSet::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        said.extend(said_by(&fs::read_to_string(file).unwrap()));
    }
    said.extend(HOST_ERRORS.map(|error| format!("usage.{}", error.kind())));
    let known = |texts| ids(texts).into_iter();
    let command: BTreeSet<String> = known(Language::ENGLISH.b2auth()).collect();
    let shared: BTreeSet<String> = known(Language::ENGLISH.errors()).collect();
    let missing: Vec<_> = said.iter().filter(|id| !command.contains(*id) && !shared.contains(*id)).collect();
    assert_eq!(missing, [""; 0], "said, but not in locales/en");
    let left_over: Vec<_> = command.difference(&said).collect();
    assert_eq!(left_over, [""; 0], "in locales/en/b2auth.ftl, but never said");
}

#[test]
fn the_two_files_of_a_language_share_no_message() {
    let (shared, command) = (ids(Language::ENGLISH.errors()), ids(Language::ENGLISH.b2auth()));
    assert_eq!(shared.iter().filter(|id| command.contains(*id)).collect::<Vec<_>>(), [""; 0]);
}

const HOST_ERRORS: [HostError; 7] = [
    HostError::Scheme,
    HostError::PlainHttp,
    HostError::UserInfo,
    HostError::QueryOrFragment,
    HostError::Name,
    HostError::Port,
    HostError::Path,
];

/// The ids that a source says, by the calls that take one.
fn said_by(source: &str) -> Vec<String> {
    let flat: String = source.split_whitespace().collect();
    let flat = flat.split("#[cfg(test)]").next().unwrap();
    let first = |rest: &str| Some(rest.strip_prefix('"')?.split('"').next()?.to_owned());
    let mut said = Vec::new();
    for (call, parent) in [
        ("Message::new(", None),
        ("Failure::other(", None),
        ("Self::other(", None),
        ("Failure::picture(", None),
        ("Failure::wrong_call(", Some("usage")),
        (".about(", Some("usage")),
        ("secret_line(", Some("usage")),
    ] {
        for rest in flat.split(call).skip(1) {
            let literals: Vec<String> = match call {
                "secret_line(" => rest.split(')').next().unwrap().split(',').filter_map(first).collect(),
                _ => first(rest).into_iter().collect(),
            };
            said.extend(
                literals.into_iter().map(|id| parent.map_or(id.clone(), |code| format!("{code}.{id}"))),
            );
        }
    }
    // These are chosen among by what is wrong with a picture.
    said.extend(flat.split("=>\"picture_").skip(1).filter_map(|rest| first(&format!("\"picture_{rest}"))));
    // Their names come through a parameter.
    said.extend(
        flat.split("Self::new(\"").skip(1).filter_map(|rest| rest.split('"').nth(2)).map(str::to_owned),
    );
    said.extend(
        flat.split("ResumeError::NothingPending=>\"").skip(1).filter_map(|rest| first(&format!("\"{rest}"))),
    );
    said
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let parts = all.map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    parts.flatten().filter(|path| !path.ends_with("tests.rs")).collect()
}

/// The ids of a Fluent file.
fn ids(file: &str) -> BTreeSet<String> {
    let (mut ids, mut message) = (BTreeSet::new(), "");
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, value)) = line.split_once(" =") else { continue };
        match name.trim_start().strip_prefix('.') {
            Some(attribute) => drop(ids.insert(format!("{message}.{attribute}"))),
            None => {
                message = name;
                ids.extend((!value.is_empty()).then(|| name.to_owned()));
            }
        }
    }
    ids
}
