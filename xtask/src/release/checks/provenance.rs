//! The statement, and if there is a key its signature, in the hands of in-toto's own libraries.

use super::super::plan::Plan;
use super::super::statement::KEY;
use super::super::steps::{ENVELOPE, STATEMENT};
use crate::python;
use crate::shell::{self, Failure};

const LIBRARIES: [&str; 2] = ["securesystemslib[crypto]==1.6.0", "in-toto-attestation==0.9.3"];

pub(super) fn run(plan: &Plan) -> Result<(), Failure> {
    let python = python::with(&LIBRARIES)?;
    let mut command = shell::command(python, ["xtask/scripts/check-provenance.py"]);
    command.arg(&plan.folder).arg(STATEMENT);
    // The script finds the public key from it.
    if let Some(key) = std::env::var_os(KEY) {
        command.arg(ENVELOPE).arg(key);
    }
    shell::run(&mut command)
}
