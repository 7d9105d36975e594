//! `cargo xtask ci`: everything that has to hold before a change is merged. This is all that CI calls.

pub(crate) mod advisories;
mod deny;
mod readme;
mod report;

use std::time::Instant;

use self::report::{Line, Outcome};
use crate::api::{self, Language, Mode};
use crate::fuzz::{self, Watch};
use crate::semver::{self, Comparison};
use crate::shell::{self, Failure, Verdict};
use crate::test::{self, Counts, TestRun};
use crate::{bindings, demo, release, size, tidy, workspace};

/// One thing that is checked.
struct Step {
    name: &'static str,
    /// The step without which this one can only repeat the same errors.
    needs: Option<&'static str>,
    when: When,
    run: fn(&mut Found) -> Result<Outcome, Failure>,
}

/// In which run a step has its place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// Also in `--fast`, before each commit: what fails often, or takes no time.
    Fast,
    /// Only in the run that decides.
    Full,
}

/// What steps leave for the end of the output.
#[derive(Debug, Default)]
struct Found {
    counts: Option<Counts>,
}

/// How long each fuzz target runs here: long enough to meet again what was met before.
const FUZZ_SECONDS: u32 = 5;

/// All steps, in their order: what is quick first, then what is built on the build.
const STEPS: &[Step] = &[
    step("fmt", When::Fast, |_| fmt()),
    step("build", When::Fast, |_| {
        cargo(&["build", "--workspace", "--exclude", "uniffi-bindgen", "--all-targets"])
    }),
    step("clippy", When::Fast, |_| clippy(&["--workspace", "--exclude", "uniffi-bindgen", "--all-targets"]))
        .after("build"),
    step("tidy", When::Fast, |_| tidy::run().map(Outcome::from)),
    step("advisories", When::Full, |_| advisories::run().map(Outcome::from)),
    step("deny", When::Full, |_| deny::run().map(Outcome::from)),
    step("sbom", When::Full, |_| sbom()),
    step("semver", When::Full, |_| semver()),
    step("features", When::Full, |_| features()).after("build"),
    step("docs", When::Full, |_| docs()).after("build"),
    step("api", When::Fast, |_| api(&[Language::Rust], Mode::Check)).after("build"),
    step("bindings", When::Fast, |_| bindings::run(true).map(Outcome::from)).after("build"),
    step("test", When::Fast, |found| tests(found, test::workspace(&[])?)).after("build"),
    step("suites", When::Full, |found| tests(found, test::suites()?)).after("build"),
    step("app-api", When::Full, |_| api(&[Language::Kotlin, Language::Swift], Mode::CheckAfterSuites))
        .after("suites"),
    step("readme", When::Full, |_| readme::run().map(Outcome::from)).after("build"),
    step("demo", When::Full, |_| demo::run(&[]).map(Outcome::from)).after("build"),
    step("size", When::Full, |_| size()),
    step("fuzz", When::Full, |_| fuzz()),
];

const fn step(name: &'static str, when: When, run: fn(&mut Found) -> Result<Outcome, Failure>) -> Step {
    Step { name, needs: None, when, run }
}

impl Step {
    const fn after(self, needed: &'static str) -> Self {
        Self { needs: Some(needed), ..self }
    }
}

/// Runs all steps, or those that `--fast` is for, or those that are named, also after one has failed, and says at the end how each
/// went.
pub(crate) fn run(fast: bool, only: &[String]) -> Result<Verdict, Failure> {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(Failure::new(format!("there is no step `{unknown}`; there are {}", names.join(", "))));
    }
    let is_wanted = |step: &&Step| match only {
        [] => !fast || step.when == When::Fast,
        only => only.iter().any(|name| step.name == *name),
    };
    let mut found = Found::default();
    let mut lines: Vec<Line> = Vec::new();
    for step in STEPS.iter().filter(is_wanted) {
        eprintln!("\n== {}", step.name);
        let start = Instant::now();
        let blocked = step.needs.filter(|needed| only.is_empty() && !passed(&lines, needed));
        let outcome = match blocked {
            Some(needed) => Outcome::Skipped { because_of: needed },
            None => (step.run)(&mut found).unwrap_or_else(|failure| {
                crate::report(&failure);
                Outcome::Failed
            }),
        };
        lines.push(Line { name: step.name, outcome, took: start.elapsed() });
    }

    println!("\n{}", report::table(&lines));
    let failed = report::failed(&lines);
    if !failed.is_empty() {
        println!("failed steps: {}", failed.join(", "));
    }
    // The last line, where people and machines look for it.
    if let Some(counts) = found.counts {
        println!("{counts}");
    }
    Ok(if failed.is_empty() { Verdict::Passed } else { Verdict::Failed })
}

fn passed(lines: &[Line], name: &str) -> bool {
    lines.iter().any(|line| line.name == name && line.outcome == Outcome::Passed)
}

fn cargo(args: &[&str]) -> Result<Outcome, Failure> {
    shell::run(&mut shell::cargo(args))?;
    Ok(Outcome::Passed)
}

/// The workspace, and the tests beside it.
fn fmt() -> Result<Outcome, Failure> {
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&["fmt", "--manifest-path", "tests/outside/Cargo.toml", "--check"])?;
    cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])
}

fn clippy(selection: &[&str]) -> Result<Outcome, Failure> {
    cargo(&[&["clippy"], selection, &["--", "-D", "warnings"]].concat())
}

/// What `auth-client` is built with beside its default features.
const FEATURE_SETS: &[&[&str]] = &[
    &[],
    &["--features", "http"],
    &["--features", "rustls"],
    &["--features", "file-store"],
    &["--features", "sqlite-store"],
    &["--features", "redis-store"],
    &["--features", "keyring-store"],
    &["--features", "sealed-store"],
    &["--features", "middleware"],
];

/// The client must also be of use to who brings their own transport or store, and the library has two flavours.
fn features() -> Result<Outcome, Failure> {
    for more in FEATURE_SETS {
        clippy(&[&["-p", "auth-client", "--no-default-features"], *more].concat())?;
    }
    for more in [&[][..], &["--features", "sealed"], &["--features", "sqlite"], &["--features", "redis"]] {
        clippy(&[&["-p", "auth-store", "--no-default-features"], more].concat())?;
    }
    // A store of one's own needs no feature, and neither do its tests.
    cargo(&["test", "-q", "-p", "auth-client", "--no-default-features", "--test", "own_store"])?;
    clippy(&["-p", "auth-ffi", "--no-default-features"])
}

fn docs() -> Result<Outcome, Failure> {
    shell::run(
        shell::cargo(["doc", "--workspace", "--exclude", "uniffi-bindgen", "--no-deps"])
            .env("RUSTDOCFLAGS", "-Dwarnings"),
    )?;
    // No link may lead nowhere in any feature set either.
    for more in FEATURE_SETS {
        let arguments = [&["doc", "-p", "auth-client", "--no-deps", "--no-default-features"], *more].concat();
        shell::run(shell::cargo(arguments).env("RUSTDOCFLAGS", "-Dwarnings"))?;
    }
    Ok(Outcome::Passed)
}

fn tests(found: &mut Found, run: TestRun) -> Result<Outcome, Failure> {
    found.counts.get_or_insert_default().add(run.counts);
    if run.not_run.is_empty() {
        return Ok(run.verdict.into());
    }
    // A contributor's machine may lack a toolchain; the one that decides may not.
    Err(Failure::new(format!("these tests did not run: {}", run.not_run.join(", "))))
}

/// The library has not grown without a reason. Its figures are those of one target, so another one decides without it.
fn size() -> Result<Outcome, Failure> {
    match size::what_is_missing()? {
        Some(reason) => Ok(Outcome::NotRun { reason }),
        None => size::compare().map(Outcome::from),
    }
}

/// Every crate that is compiled into a product is in its bill of materials. The tool takes minutes to be built, so that only a machine
/// that has it from a release looks.
fn sbom() -> Result<Outcome, Failure> {
    let reason = "there is no cargo-cyclonedx yet: `cargo xtask release --dry-run` installs it";
    Ok(release::bills()?.map_or(Outcome::NotRun { reason }, Outcome::from))
}

/// The crates do not break who uses the last release. Where there is one, the tool is installed: a gate that nobody has the tool for is none.
fn semver() -> Result<Outcome, Failure> {
    let own = format!("v{}", workspace::version()?);
    Ok(match semver::compare(&shell::root(), &own)? {
        Comparison::Made(verdict) => verdict.into(),
        Comparison::FirstRelease => Outcome::NotRun { reason: "nothing has been released yet" },
        Comparison::NoTagsHere => Outcome::NotRun { reason: semver::NO_TAGS },
    })
}

/// The files of the public API say what it is now.
fn api(languages: &[Language], mode: Mode) -> Result<Outcome, Failure> {
    let run = api::of(languages, mode)?;
    if run.not_run.is_empty() {
        return Ok(run.verdict.into());
    }
    Err(Failure::new(format!("the API of these was not listed: {}", run.not_run.join(", "))))
}

/// It finds what nobody thought of, which no run can count on: a machine without a C++ compiler decides without it.
fn fuzz() -> Result<Outcome, Failure> {
    match fuzz::what_is_missing() {
        Some(reason) => Ok(Outcome::NotRun { reason }),
        None => fuzz::run(None, FUZZ_SECONDS, Watch::Rules).map(Outcome::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_needs_only_one_that_comes_before_it() {
        for (at, step) in STEPS.iter().enumerate() {
            let before = |needed| STEPS[..at].iter().any(|other| other.name == needed);
            assert!(step.needs.is_none_or(before), "{}", step.name);
        }
    }

    #[test]
    fn the_fast_run_has_what_its_steps_need() {
        let fast: Vec<_> = STEPS.iter().filter(|step| step.when == When::Fast).collect();
        for step in &fast {
            assert!(
                step.needs.is_none_or(|name| fast.iter().any(|other| other.name == name)),
                "{}",
                step.name
            );
        }
        assert!(!fast.is_empty() && fast.len() < STEPS.len());
    }

    #[test]
    fn a_failed_or_skipped_step_is_not_a_passed_one() {
        let line = |name, outcome| Line { name, outcome, took: Default::default() };
        let lines = [
            line("a", Outcome::Passed),
            line("b", Outcome::Failed),
            line("c", Outcome::Skipped { because_of: "b" }),
        ];
        assert!(passed(&lines, "a"));
        assert!(!passed(&lines, "b") && !passed(&lines, "c") && !passed(&lines, "d"));
    }
}
