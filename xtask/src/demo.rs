//! `cargo xtask demo`: a whole sign-in on this machine, against the sandbox.

use crate::shell::{self, Failure, Verdict};

/// Builds the `b2auth` command and lets it show itself.
pub(crate) fn run(args: &[String]) -> Result<Verdict, Failure> {
    let fixed = ["run", "-q", "-p", "auth-cli", "--bin", "b2auth", "--", "demo"];
    shell::run(&mut shell::cargo(fixed.into_iter().chain(args.iter().map(String::as_str))))?;
    Ok(Verdict::Passed)
}
