//! `cargo xtask attack`: the long form of the attacks that the end-to-end tests try briefly by themselves.

use clap::Args;

use crate::shell::{self, Failure, Verdict};

/// How many rounds each attack has.
const ROUNDS: u32 = 50;
/// The tests that attack.
const ATTACKS: &str = "attack::";

/// How long the attacks go on, and where their chance begins.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub(crate) struct Options {
    /// How many rounds each attack has that draws something by chance.
    #[arg(long, default_value_t = ROUNDS)]
    rounds: u32,
    /// Where chance begins; each attack prints it, and again with what it finds.
    #[arg(long)]
    seed: Option<u64>,
    /// Only the attacks of this module, such as `wire`.
    only: Option<String>,
}

/// Runs the attacks.
pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let Options { rounds, seed, only } = options;
    let filter = only.as_ref().map_or_else(|| ATTACKS.to_owned(), |module| format!("{ATTACKS}{module}"));
    let mut command = shell::cargo(["test", "-p", "e2e", "--test", "e2e", "--", &filter, "--nocapture"]);
    command.env("E2E_ATTACK_ROUNDS", rounds.to_string());
    if let Some(seed) = seed {
        command.env("E2E_ATTACK_SEED", seed.to_string());
    }
    shell::run(&mut command)?;
    Ok(Verdict::Passed)
}
