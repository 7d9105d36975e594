//! The steps of a release, in their order. Each fills one folder.

mod b2auth;
mod crates;
mod debian;
mod kotlin;
mod notices;
mod provenance;
mod sbom;
mod shell_files;
mod swift;

use std::path::Path;

pub(super) use self::provenance::{ENVELOPE, STATEMENT};
use super::plan::Plan;
use crate::shell::{self, Failure};

/// A part of a release.
#[derive(Clone, Copy)]
pub(super) struct Step {
    /// The name of its folder.
    pub(super) name: &'static str,
    /// The steps whose folders it reads; `*` is all before it.
    pub(super) reads: &'static [&'static str],
    /// What else the result depends on beside the commit, as text: what this machine has, what was asked for.
    pub(super) depends: fn(&Plan) -> String,
    /// Fills an empty folder.
    pub(super) make: fn(&Plan, &Path) -> Result<Made, Failure>,
}

/// What a step came to: its folder, and what this machine could not make.
pub(super) struct Made {
    /// A line each, with what would be needed.
    pub(super) missing: Vec<String>,
    /// The programs that made it, with their versions, a line each.
    pub(super) tools: Vec<String>,
}

impl Made {
    /// All that there is to make.
    pub(super) fn everything() -> Self {
        Self { missing: Vec::new(), tools: Vec::new() }
    }

    /// All but this.
    pub(super) fn without(missing: Vec<String>) -> Self {
        Self { missing, tools: Vec::new() }
    }

    /// By these.
    pub(super) fn with(self, tools: Vec<String>) -> Self {
        Self { tools, ..self }
    }
}

const fn step(name: &'static str, make: fn(&Plan, &Path) -> Result<Made, Failure>) -> Step {
    Step { name, reads: &[], depends: |_| String::new(), make }
}

impl Step {
    const fn reading(self, reads: &'static [&'static str]) -> Self {
        Self { reads, ..self }
    }

    const fn depending(self, depends: fn(&Plan) -> String) -> Self {
        Self { depends, ..self }
    }
}

/// The compiler of the project's own toolchain.
fn by_our_compiler(_: &Plan) -> String {
    shell::rustc_version().unwrap_or_else(|failure| failure.to_string())
}

/// All of them.
pub(super) const ALL: &[Step] = &[
    step("sbom", sbom::make).depending(notices::depends),
    step("notices", notices::make).reading(&["sbom"]).depending(notices::depends),
    step("shell", shell_files::make).depending(by_our_compiler),
    step("b2auth", b2auth::make).reading(&["shell", "notices"]).depending(b2auth::depends),
    step("debian", debian::make).reading(&["shell", "notices"]).depending(by_our_compiler),
    step("swift", swift::make).reading(&["notices"]).depending(swift::depends),
    step("kotlin", kotlin::make).reading(&["notices"]).depending(kotlin::depends),
    step("crates", crates::make).depending(by_our_compiler),
    step("provenance", provenance::make).reading(&["*"]).depending(provenance::depends),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_machine_has_is_asked_of_each_step_that_compiles() {
        let plan = super::super::fixture::plan("steps");
        for name in ["b2auth", "debian", "swift", "kotlin", "crates", "shell", "notices", "sbom"] {
            let step = ALL.iter().find(|step| step.name == name).unwrap();
            assert!((step.depends)(&plan).contains('.'), "{name} depends on no version");
        }
        super::super::fixture::remove(&plan);
    }

    #[test]
    fn a_step_reads_only_what_was_made_before() {
        for (at, step) in ALL.iter().enumerate() {
            for read in step.reads.iter().filter(|read| **read != "*") {
                assert!(ALL[..at].iter().any(|other| other.name == *read), "{} reads {read}", step.name);
            }
        }
    }
}
