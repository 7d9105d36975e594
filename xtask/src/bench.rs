//! `cargo xtask bench`: what the product costs beside the least code that does the same. Each program in
//! `benches/floor`, or with `--peers` in `benches/peers`, measures both by turns in one run and prints its figures; this
//! collects them.

use crate::cache;
use crate::maven;
use crate::package::{self, KotlinPart, Options, Published};
use crate::shell::{self, Failure, Verdict};
use crate::test::{npm, suites::swift};
use crate::workspace;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A measured figure and the most that it may be.
#[derive(Debug, PartialEq)]
struct Figure {
    name: String,
    value: f64,
    most: f64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Everything against the least that does the same.
    TheFloor,
    /// Handing out a token against other libraries: their trees take minutes to build.
    Peers,
    /// The same on the JVM, by the packed artefact.
    PeersOnTheJvm,
    /// Eight processes over one shared store, against as few refreshes as there can be.
    Fleet,
    /// A crowd of Swift tasks against the latency of the host that they wait for.
    TheLatency,
}

/// What is measured by itself.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Part {
    /// Eight processes over one shared store with tokens of two seconds: refreshes per expiry, and how long a caller waits.
    Fleet {
        /// For so long.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// The store, empty or not there yet: `sqlite:PATH`, `file:PATH` or `redis://HOST`. By default a database of its own.
        #[arg(long)]
        store: Option<String>,
    },
}

/// Measures a fleet.
pub(crate) fn fleet(seconds: u32, store: Option<&str>) -> Result<Verdict, Failure> {
    let mut args = vec!["--seconds".into(), seconds.to_string().into()];
    if let Some(store) = store {
        args.extend(["--store".into(), store.into()]);
    }
    run_with(Beside::Fleet, &args)
}

/// Builds, measures and compares with the goals.
pub(crate) fn run(beside: Beside) -> Result<Verdict, Failure> {
    run_with(beside, &[])
}

/// The same, with arguments for the program of a fleet.
pub(crate) fn run_with(beside: Beside, args: &[OsString]) -> Result<Verdict, Failure> {
    let target = workspace::target_folder()?.join("bench");
    let build = |args: &[&str]| {
        let args = ["build", "--release"].iter().chain(args);
        shell::run(shell::cargo(args).arg("--target-dir").arg(&target))
    };
    let program = |name: &str| target.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let programs = match beside {
        Beside::PeersOnTheJvm | Beside::TheLatency => vec![],
        Beside::Fleet => {
            build(&["--manifest-path", "benches/floor/Cargo.toml", "--bin", "fleet"])?;
            vec![("fleet", args.iter().map(PathBuf::from).collect())]
        }
        Beside::TheFloor => {
            build(&["-p", "auth-cli"])?;
            build(&["--manifest-path", "benches/floor/Cargo.toml"])?;
            let mut programs =
                ["sign_in", "cold", "hot", "herd", "save", "stores", "redis", "dormant", "service"]
                    .map(|name| (name, vec![]))
                    .to_vec();
            programs.push(("commands", vec![program("b2auth"), program("read_json")]));
            programs.push(("crowd", vec![program("b2auth"), program("bare_token")]));
            programs.push(("pool", vec![program("b2auth")]));
            programs.push(("qr_waiting", vec![program("b2auth")]));
            npm::install()?;
            programs.push(("qr", vec![program("b2auth"), cache::folder("page")?.join("node_modules")]));
            programs
        }
        Beside::Peers => {
            build(&["--manifest-path", "benches/peers/Cargo.toml"])?;
            vec![("peers", vec![])]
        }
    };
    let mut figures = Vec::new();
    for (name, args) in programs {
        let output = shell::output(std::process::Command::new(program(name)).args(args))?;
        print!("{output}");
        figures.extend(output.lines().filter_map(figure));
    }
    let elsewhere = match beside {
        Beside::PeersOnTheJvm => Some(on_the_jvm()?),
        Beside::TheLatency => {
            build(&["-p", "auth-ffi"])?;
            Some(in_swift(&target)?)
        }
        Beside::TheFloor | Beside::Peers | Beside::Fleet => None,
    };
    if let Some(output) = elsewhere {
        print!("{output}");
        figures.extend(output.lines().filter_map(figure));
    }
    println!();
    let mut verdict = Verdict::Passed;
    for Figure { name, value, most } in &figures {
        let word = if value <= most { "met" } else { "MISSED" };
        println!("{name:<48} {value:>9.3}  at most {most}: {word}");
        if value > most {
            verdict = Verdict::Failed;
        }
    }
    Ok(verdict)
}

/// Packs the artefact and measures it, by JMH.
fn on_the_jvm() -> Result<String, Failure> {
    if let Some(reason) = maven::what_is_missing() {
        return Err(Failure::new(reason));
    }
    let published = package::pack(&[KotlinPart::Jvm], &Options::default())?;
    shell::output(&mut by_maven(&published)?)
}

fn by_maven(published: &Published) -> Result<Command, Failure> {
    let mut command = maven::command(["--batch-mode", "--no-transfer-progress", "--quiet"])?;
    command.args(["-f", "benches/jvm/pom.xml", "compile", "exec:exec"]);
    command.args(published.maven_settings()?);
    Ok(command)
}

/// Does all of the JVM's but the measuring.
pub(crate) fn get_ready_for_the_jvm() -> Result<Verdict, Failure> {
    let published = package::pack_anew(&[KotlinPart::Jvm], &Options::default())?;
    shell::run(by_maven(&published)?.arg("-Dexec.skip")).map(|()| Verdict::Passed)
}

/// Builds the Swift package for release and measures it.
fn in_swift(target: &Path) -> Result<String, Failure> {
    let toolchain = swift::toolchain().map_err(Failure::new)?;
    let library = target.join("release");
    let settings = ["LIBRARY_PATH", "LD_LIBRARY_PATH"].map(|name| format!("{name}={}", library.display()));
    let scratch = swift::scratch()?;
    let run = ["swift", "run", "-c", "release", "--scratch-path", &scratch, "B2CoreAuthBench"];
    let words = ["env"].into_iter().chain(settings.iter().map(String::as_str)).chain(run);
    shell::output(&mut swift::command(&toolchain, &[target], words))
}

/// Reads `FIGURE <name> <value> <most>`.
fn figure(line: &str) -> Option<Figure> {
    let (rest, most) = line.strip_prefix("FIGURE ")?.rsplit_once(' ')?;
    let (name, value) = rest.rsplit_once(' ')?;
    Some(Figure { name: name.to_owned(), value: value.parse().ok()?, most: most.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_from_other_lines() {
        let expected = Figure { name: "sign-in, times by hand".to_owned(), value: 1.05, most: 1.1 };
        assert_eq!(figure("FIGURE sign-in, times by hand 1.05 1.1"), Some(expected));
        assert_eq!(figure("  auth-client   median 100 us"), None);
        assert_eq!(figure("FIGURE broken x 1"), None);
    }
}
