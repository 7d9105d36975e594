//! What a newer Gradle makes of the module metadata, by its own code; and that the program runs on what it resolves.

use std::fs;
use std::path::Path;

use super::{Consumer, checks, failure, one};
use crate::maven;
use crate::shell::{self, Failure};
use crate::test::Counts;

/// Resolves, looks at the results, and runs the program on the class path for the JVM.
pub(super) fn run(consumer: &Consumer<'_>) -> Result<Counts, Failure> {
    let folder = consumer.folder.join("resolved");
    fs::create_dir_all(&folder).map_err(|cause| failure(&folder, &cause))?;
    let fixed = ["--batch-mode", "--no-transfer-progress", "--quiet", "compile", "exec:exec"];
    let mut command = maven::command(fixed)?;
    command.args(consumer.published.maven_settings()?).arg(format!("-Dresolved={}", folder.display()));
    shell::run(command.current_dir(consumer.folder.join("gradle-resolution")))?;

    let version = &consumer.published.version;
    let of = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|cause| failure(&path, &cause))
    };
    let (jvm, platform, android, tests) = (of("jvm")?, of("platform")?, of("android")?, of("android-tests")?);
    let has = |files: &str, start: &str, extension: &str| {
        files.lines().filter_map(|file| Path::new(file).file_name()?.to_str()).any(|name| {
            name.strip_prefix(start).is_some_and(|rest| rest.starts_with('-')) && name.ends_with(extension)
        })
    };
    let ours = |files: &str, id: &str, extension: &str| {
        let name = format!("{id}-{version}.{extension}");
        files.lines().any(|file| Path::new(file).file_name().is_some_and(|file| file == name.as_str()))
    };
    let mut counts = checks(&[
        ("the JVM gets the jar", ours(&jvm, "b2core-auth", "jar")),
        ("the JVM gets no AAR", !jvm.contains(".aar")),
        ("the JVM gets OkHttp for the JVM", has(&jvm, "okhttp-jvm", ".jar")),
        ("the flavour is the choice of an artefact", ours(&platform, "b2core-auth-platform", "jar")),
        ("and comes alone", !ours(&platform, "b2core-auth", "jar")),
        ("Android gets the AAR", ours(&android, "b2core-auth-android", "aar")),
        ("Android does not get the jar", !ours(&android, "b2core-auth", "jar")),
        ("Android gets JNA for Android", has(&android, "jna", ".aar")),
        (
            "Android gets OkHttp for Android",
            android.contains("/okhttp-android/") && !android.contains("/okhttp-jvm/"),
        ),
        ("tests of Android apps get the libraries", ours(&tests, "b2core-auth-natives", "jar")),
        ("both flavours at once are refused", of("both-flavours")?.contains("capability")),
    ]);

    // Gradle's own code has fetched these.
    let is_known = |file: &str| maven::is_listed(Path::new(file), &consumer.published.folder);
    for file in jvm.lines() {
        if !is_known(file)? {
            return Err(Failure::new(format!(
                "{file}: neither ours nor listed in xtask/maven: it is not run"
            )));
        }
    }
    let class_path = jvm.lines().collect::<Vec<_>>().join(":");
    let classes = consumer.folder.join("resolved-classes");
    let sources = consumer.folder.join("src/main/java/consumer");
    let mut javac = shell::command("javac", ["-cp", &class_path, "-d"]);
    javac.arg(&classes).args(["Main.java", "PlainHost.java"].map(|name| sources.join(name)));
    shell::run(&mut javac)?;
    let mut java = shell::command("java", ["-cp"]);
    java.arg(format!("{}:{class_path}", classes.display())).arg("consumer.Main");
    counts.add(one(shell::run(&mut java).is_ok())?);
    Ok(counts)
}
