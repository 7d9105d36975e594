//! `cargo xtask bench`: what the product costs beside the least code that does the same. Each program in
//! `benches/floor` measures both by turns in one run and prints its figures; this collects them.

use std::path::Path;

use crate::shell::{self, Failure, Verdict};

/// A measured figure and the most that it may be.
#[derive(Debug, PartialEq)]
struct Figure {
    name: String,
    value: f64,
    most: f64,
}

/// Builds, measures and compares with the goals.
pub(crate) fn run() -> Result<Verdict, Failure> {
    let target = shell::target_folder()?.join("bench");
    let floor = Path::new("benches/floor/Cargo.toml");
    let build = |mut command: std::process::Command| shell::run(command.arg("--target-dir").arg(&target));
    build(shell::cargo(["build", "--release", "-p", "auth-cli"]))?;
    let mut command = shell::cargo(["build", "--release", "--manifest-path"]);
    command.arg(floor);
    build(command)?;
    let program = |name: &str| target.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let mut figures = Vec::new();
    for (name, args) in [
        ("sign_in", vec![]),
        ("cold", vec![]),
        ("status", vec![program("b2auth"), program("read_json")]),
        ("crowd", vec![program("b2auth"), program("bare_token")]),
    ] {
        let output = shell::output(std::process::Command::new(program(name)).args(args))?;
        print!("{output}");
        figures.extend(output.lines().filter_map(figure));
    }
    println!();
    let mut verdict = Verdict::Passed;
    for Figure { name, value, most } in &figures {
        let word = if value <= most { "met" } else { "MISSED" };
        println!("{name:<42} {value:>9.3}  at most {most}: {word}");
        if value > most {
            verdict = Verdict::Failed;
        }
    }
    Ok(verdict)
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
