//! `cargo xtask torture`: processes killed at any instant, for many rounds. The tests make a few by themselves.

use crate::shell::{self, Failure, Verdict};

/// Where the rounds are.
const TEST: &str = "sessions::torture";

/// Runs so many rounds, with this seed or one by chance.
pub(crate) fn run(rounds: u32, seed: Option<u64>) -> Result<Verdict, Failure> {
    let mut command = shell::cargo(["test", "-p", "e2e", "--test", "e2e", TEST, "--", "--nocapture"]);
    command.env("E2E_TORTURE_ROUNDS", rounds.to_string());
    if let Some(seed) = seed {
        command.env("E2E_TORTURE_SEED", seed.to_string());
    }
    shell::run(&mut command)?;
    Ok(Verdict::Passed)
}
