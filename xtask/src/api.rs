//! `cargo xtask api`: the public API of the Rust crates and of the Kotlin and Swift layers, as text files that are checked in.
//!
//! A change of the API is then a change of these files, which a review cannot miss. `--check` lists the API again and
//! compares.

mod kotlin;
mod listing;
mod reachable;
mod rust;
mod swift;

use std::fs;
use std::path::Path;

use self::listing::Listing;
use crate::shell::{self, Failure, Verdict};

/// Where the files are.
const FOLDER: &str = "docs/api";

/// Whose public API is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// The crates, with all their features.
    Rust,
    /// The layer for apps on Android and the JVM.
    Kotlin,
    /// The layer for apps on Apple's systems.
    Swift,
}

/// What is done with the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It is written into the files.
    Write,
    /// It is compared with the files.
    Check,
    /// The same, right after the suites: what they have compiled is not compiled again, which takes a minute.
    CheckAfterSuites,
}

/// What listing the API of one language came to.
enum Listed {
    /// Its files.
    Files(Vec<Listing>),
    /// This machine cannot have what it needs, which is said here in a line.
    NotRun(String),
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct ApiRun {
    /// Failed if a file is not what is listed now.
    pub(crate) verdict: Verdict,
    /// Languages that this machine has no toolchain for.
    pub(crate) not_run: Vec<&'static str>,
}

impl Language {
    const ALL: [Self; 3] = [Self::Rust, Self::Kotlin, Self::Swift];

    fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Kotlin => "Kotlin",
            Self::Swift => "Swift",
        }
    }

    fn list(self, mode: Mode) -> Result<Listed, Failure> {
        match self {
            Self::Rust => rust::list().map(Listed::Files),
            Self::Kotlin => kotlin::list(mode),
            Self::Swift => swift::list(),
        }
    }
}

/// Writes the files, or compares them: of all languages that this machine can list, or of the one that is named.
pub(crate) fn run(check: bool, language: Option<Language>) -> Result<Verdict, Failure> {
    let mode = if check { Mode::Check } else { Mode::Write };
    match language {
        None => of(&Language::ALL, mode).map(|run| run.verdict),
        Some(language) => {
            let run = of(&[language], mode)?;
            // Who names a language wants to hear of it.
            Ok(if run.not_run.is_empty() { run.verdict } else { Verdict::Failed })
        }
    }
}

/// Writes or compares the files of these languages.
pub(crate) fn of(languages: &[Language], mode: Mode) -> Result<ApiRun, Failure> {
    let mut run = ApiRun { verdict: Verdict::Passed, not_run: Vec::new() };
    for language in languages {
        let listed = language.list(mode)?;
        if let Listed::Files(files) = &listed
            && let Some(empty) = files.iter().find(|file| file.is_empty())
        {
            return Err(Failure::new(format!("nothing was found for {FOLDER}/{}", empty.name)));
        }
        match listed {
            Listed::Files(files) if mode == Mode::Write => files.iter().try_for_each(write)?,
            Listed::Files(files) => {
                for file in &files {
                    if compare(file)? == Verdict::Failed {
                        run.verdict = Verdict::Failed;
                    }
                }
            }
            Listed::NotRun(reason) => {
                eprintln!("NOT RUN: the API of {}: {reason}", language.name());
                run.not_run.push(language.name());
            }
        }
    }
    if run.verdict == Verdict::Failed {
        println!("If the API is meant to change, run `cargo xtask api` and check in what it writes.");
    }
    Ok(run)
}

/// Empties a folder for what is about to be listed, so that nothing older is taken for it.
fn fresh_folder(path: &Path) -> Result<(), Failure> {
    let removed = if path.exists() { fs::remove_dir_all(path) } else { Ok(()) };
    removed.and_then(|()| fs::create_dir_all(path)).map_err(|cause| io_failure(path, &cause))
}

fn io_failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}

fn write(file: &Listing) -> Result<(), Failure> {
    let path = shell::root().join(FOLDER).join(file.name);
    let written = fs::create_dir_all(shell::root().join(FOLDER)).and_then(|()| fs::write(&path, file.text()));
    written.map_err(|cause| io_failure(&path, &cause))
}

/// Prints what differs between the file and what is listed now.
fn compare(file: &Listing) -> Result<Verdict, Failure> {
    let path = shell::root().join(FOLDER).join(file.name);
    let kept = match fs::read_to_string(&path) {
        Ok(kept) => kept,
        Err(cause) => {
            println!("{FOLDER}/{}: {cause}", file.name);
            return Ok(Verdict::Failed);
        }
    };
    let differences = file.differences(&kept);
    if differences.is_empty() {
        return Ok(Verdict::Passed);
    }
    println!("{FOLDER}/{}: the public API has changed:", file.name);
    for line in differences {
        println!("  {line}");
    }
    Ok(Verdict::Failed)
}
