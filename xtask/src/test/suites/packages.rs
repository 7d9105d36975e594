//! The packages of the Kotlin layer as somebody else's project uses them: by their coordinates, by Maven and by Gradle.

mod resolution;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Flavour, Suite, build, counted, kotlin};
use crate::maven;
use crate::package::{self, KotlinPart, Options, Published};
use crate::scratch;
use crate::shell::{self, Failure};
use crate::test::Counts;
use crate::test::setup::{apt_install, way_to_install};

/// Packs everything, then lets the consumer and the checks at it.
pub(crate) fn run() -> Result<Suite, Failure> {
    if let Some(reason) = maven::what_is_missing() {
        return Ok(Suite::NotRun(reason));
    }
    if let Some(reason) = gradle_is_missing()? {
        return Ok(Suite::NotRun(reason));
    }
    let published = package::pack(&[KotlinPart::Jvm, KotlinPart::Android], &Options::default())?;
    let consumer = Consumer::outside(&published)?;
    let mut counts = Counts::default();
    counts.add(checks(&[("Maven runs no plugin that is not listed", maven::refuses_what_is_not_listed()?)]));
    counts.add(consumer.by_maven()?);
    counts.add(consumer.by_gradle()?);
    counts.add(resolution::run(&consumer)?);
    counts.add(checks(&package::inspect(&published)?));
    counts.add(shrunk()?);
    Ok(Suite::Ran(counts))
}

/// An app that R8 has shrunk by the AAR's rules, and by all but one of them.
fn shrunk() -> Result<Counts, Failure> {
    let built = build(Flavour::Bundled)?;
    let mut command = kotlin::command(&built, Flavour::Bundled)?;
    command.args([
        "-Pr8",
        "-pl",
        "samples",
        "-am",
        "-Dtest=R8Test",
        "-Dsurefire.failIfNoSpecifiedTests=false",
    ]);
    junit(&mut command)
}

/// Installs Gradle if that can be done; why it is not there otherwise.
fn gradle_is_missing() -> Result<Option<String>, Failure> {
    if shell::find("gradle").is_some() {
        return Ok(None);
    }
    let Some(become_root) = way_to_install() else {
        return Ok(Some(
            "no gradle; it needs Gradle 4.4 or newer (Debian: apt-get install gradle)".to_owned(),
        ));
    };
    apt_install(&become_root, &["gradle"])?;
    Ok(None)
}

/// The consumer's project in a folder outside of the checkout, with a local repository that has none of our artefacts from before.
struct Consumer<'a> {
    published: &'a Published,
    folder: PathBuf,
    /// Goes with this.
    _place: tempfile::TempDir,
}

impl<'a> Consumer<'a> {
    fn outside(published: &'a Published) -> Result<Self, Failure> {
        let place = scratch::folder("consumer")?;
        let folder = place.path().join("consumer");
        copy(&shell::root().join("bindings/kotlin/consumer"), &folder)?;
        let test = folder.join("src/test/kotlin/consumer/GettingStartedTest.kt");
        fs::write(&test, getting_started()?).map_err(|cause| failure(&test, &cause))?;
        Ok(Self { published, folder, _place: place })
    }

    fn by_maven(&self) -> Result<Counts, Failure> {
        let fixed = ["--batch-mode", "--no-transfer-progress", "verify"];
        let mut command = maven::command(fixed)?;
        command.args(self.published.maven_settings()?).current_dir(&self.folder);
        junit(&mut command)
    }

    /// A whole build of the program, by the POMs. Gradle has no tests here: the program ends with an error if anything is wrong.
    fn by_gradle(&self) -> Result<Counts, Failure> {
        let mut gradle = shell::command("gradle", ["--no-daemon", "--console", "plain"]);
        gradle.arg("-g").arg(self.folder.join("gradle-home"));
        gradle.arg(format!("-Pb2coreRepository=file://{}", self.published.folder.display()));
        gradle.arg(format!("-Pb2coreVersion={}", self.published.version));
        gradle.arg(format!("-PothersRepository=file://{}", maven::repository()?.display()));
        gradle.arg("run").current_dir(&self.folder);
        one(counted(&mut gradle, |_| {})?)
    }
}

/// The first example of the README as a test of the consumer's: what a newcomer writes.
fn getting_started() -> Result<String, Failure> {
    let readme = shell::root().join("bindings/kotlin/README.md");
    let text = fs::read_to_string(&readme).map_err(|cause| failure(&readme, &cause))?;
    let example = text.split("```kotlin\n").nth(1).and_then(|rest| rest.split("```").next());
    let example =
        example.ok_or_else(|| Failure::new(format!("{}: no example in Kotlin", readme.display())))?;
    let name = example.lines().find_map(|line| line.strip_prefix("fun ")?.split('(').next());
    let name =
        name.ok_or_else(|| Failure::new(format!("{}: no function in its example", readme.display())))?;
    Ok(format!(
        "package consumer\n\n{example}\nclass GettingStartedTest {{\n    \
         @org.junit.jupiter.api.Test\n    fun theExampleHolds(): Unit = {name}()\n}}\n"
    ))
}

/// Runs tests by Maven, at least one.
fn junit(command: &mut Command) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    let passed = counted(command, |line| {
        if let Some(more) = kotlin::result(line) {
            counts.add(more);
        }
    })?;
    if !passed || counts.passed == 0 {
        counts.failed = counts.failed.max(1);
    }
    Ok(counts)
}

/// One check that held or not.
fn one(passed: bool) -> Result<Counts, Failure> {
    Ok(Counts { passed: passed.into(), failed: (!passed).into(), skipped: 0 })
}

/// Checks that are told one by one.
fn checks<T: AsRef<str>>(all: &[(T, bool)]) -> Counts {
    let mut counts = Counts::default();
    for (what, holds) in all {
        println!("{}: {}", if *holds { "ok" } else { "FAILED" }, what.as_ref());
        if *holds { counts.passed += 1 } else { counts.failed += 1 }
    }
    counts
}

/// Copies what is under version control: not what a build has left there.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(|cause| failure(to, &cause))?;
    for entry in fs::read_dir(from).map_err(|cause| failure(from, &cause))? {
        let entry = entry.map_err(|cause| failure(from, &cause))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() && entry.file_name() != "target" {
            copy(&source, &target)?;
        } else if source.is_file() {
            fs::copy(&source, &target).map_err(|cause| failure(&source, &cause))?;
        }
    }
    Ok(())
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}
