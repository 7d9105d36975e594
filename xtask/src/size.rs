//! `cargo xtask size`: how large the library is that a phone carries, in both flavours, against the smallest library of
//! its kind, built in the same run with the same profile.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Failure, Verdict};

/// One flavour and what it is measured against.
struct Flavour {
    name: &'static str,
    features: &'static [&'static str],
    floor_features: &'static [&'static str],
    /// What it may come to.
    goal: Goal,
}

enum Goal {
    /// So many bytes.
    Bytes(u64),
    /// So many times the floor.
    TimesFloor(f64),
}

const FLAVOURS: &[Flavour] = &[
    Flavour {
        name: "platform",
        features: &["--no-default-features"],
        floor_features: &[],
        goal: Goal::Bytes(1024 * 1024),
    },
    Flavour {
        name: "bundled",
        features: &[],
        floor_features: &["--features", "http"],
        goal: Goal::TimesFloor(1.25),
    },
];

/// Builds, strips and compares.
pub(crate) fn run() -> Result<Verdict, Failure> {
    println!("{:<10} {:>12} {:>12} {:>8}  goal", "flavour", "bytes", "floor", "ratio");
    let mut verdict = Verdict::Passed;
    for flavour in FLAVOURS {
        let ours = build("auth-ffi", Path::new("Cargo.toml"), flavour.features, "auth_ffi", flavour.name)?;
        let floor_manifest = Path::new("benches/size-floor/Cargo.toml");
        let floor = build("size-floor", floor_manifest, flavour.floor_features, "size_floor", flavour.name)?;
        let ratio = ours as f64 / floor as f64;
        let (goal, met) = match flavour.goal {
            Goal::Bytes(most) => (format!("at most {most} bytes"), ours <= most),
            Goal::TimesFloor(most) => (format!("at most {most} times the floor"), ratio <= most),
        };
        let word = if met { "met" } else { "MISSED" };
        println!("{:<10} {ours:>12} {floor:>12} {ratio:>8.2}  {goal}: {word}", flavour.name);
        if !met {
            verdict = Verdict::Failed;
        }
    }
    Ok(verdict)
}

/// Builds a library with the profile `mobile` and gives the size of its stripped copy.
fn build(
    package: &str,
    manifest: &Path,
    features: &[&str],
    library: &str,
    flavour: &str,
) -> Result<u64, Failure> {
    let target = shell::target_folder()?.join("size");
    // One crate type: with several, cargo leaves link-time optimisation out.
    let mut command = shell::cargo(["rustc", "--lib", "--crate-type", "cdylib", "--profile", "mobile"]);
    command.args(["-p", package, "--manifest-path"]).arg(manifest);
    command.args(features).arg("--target-dir").arg(&target);
    shell::run(&mut command)?;
    let file = format!("{}{library}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let stripped: PathBuf = target.join(format!("{library}-{flavour}-stripped"));
    shell::run(
        shell::command("strip", ["--strip-all", "-o"]).arg(&stripped).arg(target.join("mobile").join(file)),
    )?;
    let size = fs::metadata(&stripped).map(|data| data.len());
    size.map_err(|cause| Failure::new(format!("{}: {cause}", stripped.display())))
}
