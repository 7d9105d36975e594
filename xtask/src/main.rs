//! The project's own commands, as `cargo xtask <verb>`.
//!
//! Every verb is one module; it keeps no state between runs and prints each command it starts, so that what it
//! does can be repeated by hand. Nothing here reads from the terminal.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool talks through its output")]

mod api;
mod attack;
mod bench;
mod bindings;
mod cache;
mod cargo_tool;
mod ci;
mod debian_rust;
mod demo;
mod fuzz;
mod licence_texts;
mod maven;
mod mobile;
mod package;
mod python;
mod release;
mod reproducible;
mod scratch;
mod semver;
mod shell;
mod size;
mod sums;
mod test;
mod tidy;
mod torture;
mod tree;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{
    api::Language,
    bench::Beside,
    shell::{Failure, Verdict},
};

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check the lock files against known weaknesses, or take a new copy of these.
    Advisories {
        /// A checkout of RustSec's database, `advisory-db`, of which a new copy is taken first.
        checkout: Option<std::path::PathBuf>,
    },
    /// Attack what is built as an outsider would: on the wire, with a host's texts, beside the user, from a web page.
    Attack {
        #[command(flatten)]
        options: attack::Options,
    },
    /// Write the public API of the Rust crates and of the Kotlin and Swift layers into the files of `docs/api`.
    Api {
        /// Only one of them.
        language: Option<Language>,
        /// Only say what differs from the files.
        #[arg(long)]
        check: bool,
    },
    /// Show a whole sign-in on this machine, against the sandbox.
    Demo {
        /// Passed on to `b2auth demo`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Install what the tests need, then run every test of the workspace.
    Test {
        /// Passed on to the test binaries: name filters and flags such as `--nocapture`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        filters: Vec<String>,
    },
    /// Generate the Kotlin and Swift bindings from the library, and their messages from the catalogue.
    Bindings {
        /// Only say whether the generated files in the repository are fresh.
        #[arg(long)]
        check: bool,
    },
    /// Measure what sign-ins, sessions and commands cost beside the least code that does the same.
    #[command(args_conflicts_with_subcommands = true)]
    Bench {
        #[command(subcommand)]
        part: Option<bench::Part>,
        /// Instead, measure handing out a token beside what other libraries do. Builds for minutes.
        #[arg(long, conflicts_with = "jvm")]
        peers: bool,
        /// Instead, the same on the JVM.
        #[arg(long)]
        jvm: bool,
        /// Measure what a call from Swift costs, and a crowd of its tasks.
        #[arg(long, conflicts_with_all = ["jvm", "peers"])]
        swift: bool,
    },
    /// Run everything that has to hold before a change is merged.
    Ci {
        /// Only what is worth a wait before each commit.
        #[arg(long)]
        fast: bool,
        /// Only this step, without those that it needs. Can be given several times.
        #[arg(long, value_name = "STEP", conflicts_with = "fast")]
        only: Vec<String>,
    },
    /// Feed the decoders with whatever libFuzzer thinks of.
    Fuzz {
        /// One target of `fuzz/fuzz_targets`; all if none is named.
        target: Option<String>,
        /// How long each target runs.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Write the sums of all that Maven takes from others into `xtask/maven`, after a version was changed.
    MavenSums,
    /// Build the artefacts of the Kotlin or Swift layer, with their libraries, in the target folder.
    Package {
        /// Which of them.
        part: package::Part,
        #[command(flatten)]
        options: package::Options,
    },
    /// Pack all artefacts, take them apart, and use them by Maven, Gradle and SwiftPM as somebody else's project does.
    Packages {
        /// Only those of one language.
        language: Option<test::Packages>,
    },
    /// Make everything of a version in one folder, let programs of others check it, and set its tag.
    Release {
        #[command(flatten)]
        options: release::Options,
    },
    /// Measure the library that a phone carries against the smallest of its kind, and note it in `benches/size.tsv`.
    Size {
        /// The reason why it has grown: needed if it is more than 2 % larger than before.
        #[arg(long, value_parser = reason)]
        why: Option<String>,
    },
    /// Build a program with reqwest and rustls of its own beside auth-client, in all sets of features, and see that it stays as it is.
    Outside,
    /// Check the rules of this repository that no other tool knows.
    Tidy {
        /// Instead, list every import that is part of a circle, in all crates.
        #[arg(long)]
        circles: bool,
    },
    /// Torment processes that share a store, and see that nothing is torn or lost: both parts, or one.
    Torture {
        #[command(subcommand)]
        part: Option<torture::Part>,
        /// How long the campaign lasts, if both parts are run.
        #[arg(long, default_value_t = torture::MINUTES)]
        minutes: u32,
        /// Where chance begins; printed by each run.
        #[arg(long)]
        seed: Option<u64>,
    },
}

fn main() -> ExitCode {
    let verdict = match Cli::parse().verb {
        Verb::Advisories { checkout: None } => ci::advisories::run(),
        Verb::Advisories { checkout: Some(checkout) } => ci::advisories::take(&checkout),
        Verb::Attack { options } => attack::run(&options),
        Verb::Api { language, check } => api::run(check, language),
        Verb::Demo { args } => demo::run(&args),
        Verb::Test { filters } => test::run(&filters),
        Verb::Bindings { check } => bindings::run(check),
        Verb::Bench { part: Some(bench::Part::Fleet { seconds, store }), .. } => {
            bench::fleet(seconds, store.as_deref())
        }
        Verb::Bench { swift: true, .. } => bench::run(Beside::TheLatency),
        Verb::Bench { jvm: true, .. } => bench::run(Beside::PeersOnTheJvm),
        Verb::Bench { peers: true, .. } => bench::run(Beside::Peers),
        Verb::Bench { .. } => bench::run(Beside::TheFloor),
        Verb::Ci { fast, only } => ci::run(fast, &only),
        Verb::Fuzz { target, seconds } => fuzz::run(target.as_deref(), seconds, fuzz::Watch::MemoryToo),
        Verb::MavenSums => maven::record(),
        Verb::Outside => test::outside(),
        Verb::Package { part, options } => package::run(part, &options),
        Verb::Packages { language } => test::packages(language),
        Verb::Release { options } => release::run(&options),
        Verb::Size { why } => size::run(why.as_deref()),
        Verb::Tidy { circles: false } => tidy::run(),
        Verb::Tidy { circles: true } => tidy::show_circles(),
        Verb::Torture { part, minutes, seed } => torture::run(part, minutes, seed),
    };
    match verdict {
        Ok(Verdict::Passed) => ExitCode::SUCCESS,
        Ok(Verdict::Failed) => ExitCode::FAILURE,
        Err(failure) => {
            report(&failure);
            ExitCode::FAILURE
        }
    }
}

/// A reason is a line of text, since the ledger has a line for each measurement.
fn reason(text: &str) -> Result<String, &'static str> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() { Err("say why, in a few words") } else { Ok(text) }
}

/// Says on stderr why a verb could not finish.
fn report(failure: &Failure) {
    eprintln!("error: {failure}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(args: &[&str]) -> Verb {
        Cli::try_parse_from(["xtask"].iter().chain(args)).unwrap().verb
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn filters_follow_with_or_without_two_dashes() {
        for args in [&["test", "sign_in", "--nocapture"][..], &["test", "--", "sign_in", "--nocapture"]] {
            let Verb::Test { filters } = parse(args) else { panic!("not the test verb") };
            assert_eq!(filters, ["sign_in", "--nocapture"]);
        }
    }

    #[test]
    fn demo_passes_its_flags_on() {
        let Verb::Demo { args } = parse(&["demo", "--json"]) else { panic!("not the demo verb") };
        assert_eq!(args, ["--json"]);
    }

    #[test]
    fn an_attack_may_be_one_of_them_from_a_seed() {
        let Verb::Attack { options: all } = parse(&["attack"]) else { panic!() };
        let Verb::Attack { options: wire } = parse(&["attack", "wire", "--rounds", "9", "--seed", "3"])
        else {
            panic!()
        };
        assert_ne!(all, wire);
    }

    #[test]
    fn torture_has_two_parts_and_runs_both_without_a_word() {
        let Verb::Torture { part, minutes, seed } = parse(&["torture", "--seed", "7"]) else { panic!() };
        assert_eq!((part, minutes, seed), (None, 10, Some(7)));
        let Verb::Torture { part, .. } = parse(&["torture", "campaign", "--minutes", "2"]) else { panic!() };
        assert_eq!(part, Some(torture::Part::Campaign { minutes: 2, seed: None }));
        let words = ["torture", "kills", "--rounds", "9", "--seed", "3"];
        let Verb::Torture { part, .. } = parse(&words) else { panic!() };
        let store = torture::StoreKind::File;
        assert_eq!(part, Some(torture::Part::Kills { rounds: 9, seed: Some(3), store }));
        let Verb::Torture { part, .. } = parse(&[&words[..], &["--store", "sqlite"]].concat()) else {
            panic!()
        };
        let store = torture::StoreKind::Sqlite;
        assert_eq!(part, Some(torture::Part::Kills { rounds: 9, seed: Some(3), store }));
    }

    #[test]
    fn a_reason_is_one_line() {
        let Verb::Size { why } = parse(&["size", "--why", " a second\n\thost "]) else {
            panic!("not the size verb")
        };
        assert_eq!(why.as_deref(), Some("a second host"));
        assert!(Cli::try_parse_from(["xtask", "size", "--why", " "]).is_err());
    }
}
