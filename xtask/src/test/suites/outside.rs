//! The program of `tests/outside`, which is somebody else's: what it does with its own reqwest and rustls must not change because
//! `auth-client` is among its dependencies. It is built once for each set of features of its own, without us and with each of ours.

mod host;
mod program;

use std::path::{Path, PathBuf};

use self::host::Hosts;
use self::program::{Check, Client, Expected, OWN, Own, Program, Reqwest};
use super::{Suite, build_b2auth};
use crate::shell::{self, Failure};
use crate::test::{Counts, setup};
use crate::workspace;

/// All programs but those with native-tls.
pub(crate) fn run() -> Result<Suite, Failure> {
    run_where(|own| own.reqwest != Reqwest::NativeTls)
}

/// The programs with native-tls, which is OpenSSL here.
pub(crate) fn run_native_tls() -> Result<Suite, Failure> {
    if let Err(cause) = set_up_openssl() {
        return Ok(Suite::NotRun(format!(
            "{cause}; it needs OpenSSL's headers (Debian: libssl-dev, pkg-config)"
        )));
    }
    run_where(|own| own.reqwest == Reqwest::NativeTls)
}

fn set_up_openssl() -> Result<(), Failure> {
    let is_there = || shell::succeeds(&mut shell::command("pkg-config", ["--exists", "openssl"]));
    if is_there() {
        return Ok(());
    }
    if let Some(become_root) = setup::way_to_install() {
        setup::apt_install(&become_root, &["libssl-dev", "pkg-config"])?;
    }
    if is_there() { Ok(()) } else { Err(Failure::new("no OpenSSL to build with")) }
}

fn run_where(wanted: impl Fn(&Own) -> bool) -> Result<Suite, Failure> {
    if !cfg!(target_os = "linux") {
        return Ok(Suite::NotRun("it needs Linux, where SSL_CERT_FILE names whom to trust".to_owned()));
    }
    let place = workspace::target_folder()?.join("outside");
    let hosts = Hosts::start(&build_b2auth()?, &place)?;
    let mut counts = Counts::default();
    for own in OWN.iter().filter(|own| wanted(own)) {
        let alone = try_out(Program { own: *own, client: Client::Absent }, &[], &place, &hosts, &mut counts)?;
        for client in Client::ALL {
            try_out(Program { own: *own, client }, &alone, &place, &hosts, &mut counts)?;
        }
    }
    Ok(Suite::Ran(counts))
}

/// What a check printed.
type Seen = (Check, String);

/// Builds the program, makes all its checks and says what came of them. `alone` is what the program without us printed.
fn try_out(
    program: Program,
    alone: &[Seen],
    place: &Path,
    hosts: &Hosts,
    counts: &mut Counts,
) -> Result<Vec<Seen>, Failure> {
    let executable = build_program(program, place)?;
    let mut all = Vec::new();
    for (check, expected) in program.checks() {
        let seen = hosts.check(&executable, check)?;
        let same = || alone.iter().find(|(other, _)| *other == check).map(|(_, seen)| seen.as_str());
        let holds = match expected {
            Expected::AsAlone => same() == Some(seen.as_str()),
            Expected::Is(text) => seen == text,
            Expected::Has(part) => seen.contains(part),
        };
        if holds {
            counts.passed += 1;
        } else {
            counts.failed += 1;
            let expected =
                if expected == Expected::AsAlone { format!("{:?}", same()) } else { format!("{expected:?}") };
            println!("FAILED: {program}, {check}\n  expected {expected}\n  came     {seen:?}");
        }
        all.push((check, seen));
    }
    println!("{program}: {} checks", all.len());
    Ok(all)
}

fn build_program(program: Program, place: &Path) -> Result<PathBuf, Failure> {
    let fixed = ["build", "--quiet", "--locked", "--manifest-path", "tests/outside/Cargo.toml", "--features"];
    let mut command = shell::cargo(fixed);
    command.arg(program.features()).arg("--target-dir").arg(place);
    shell::run(&mut command)?;
    Ok(place.join("debug/outside"))
}
