//! `cargo xtask torture`: the two long forms of what the end-to-end tests do briefly by themselves.

use clap::{Subcommand, ValueEnum};

use crate::shell::{self, Failure, Verdict};

/// How many rounds of kills there are.
const ROUNDS: u32 = 500;
/// How long the campaign lasts.
pub(crate) const MINUTES: u32 = 10;
/// The tests that do it.
const KILLS: &str = "sessions::torture::a_kill_at_any_instant_tears_nothing_and_loses_no_session";
const KILLS_OF_A_DATABASE: &str =
    "sessions::torture::a_kill_at_any_instant_tears_no_database_and_loses_no_session";
const KILLS_OVER_REDIS: &str =
    "sessions::torture::a_kill_at_any_instant_tears_nothing_in_redis_and_loses_no_session";
const CAMPAIGN: &str =
    "torture::campaign::processes_over_one_store_lose_no_session_whatever_happens_around_them";

/// Which store the processes have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoreKind {
    /// The encrypted file.
    #[default]
    File,
    /// The SQLite database.
    Sqlite,
    /// A Redis server of its own.
    Redis,
}

/// A part of the torture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Part {
    /// Kill processes at any instant of a refresh and of a sign-in.
    Kills {
        /// How many are killed.
        #[arg(long, default_value_t = ROUNDS)]
        rounds: u32,
        /// Where chance begins; printed by each run.
        #[arg(long)]
        seed: Option<u64>,
        /// The store that they are killed over.
        #[arg(long, value_enum, default_value_t)]
        store: StoreKind,
    },
    /// Six processes over one store, two users, and everything that can go wrong around them.
    Campaign {
        /// How long it lasts.
        #[arg(long, default_value_t = MINUTES)]
        minutes: u32,
        /// The first run's seed; the next run has the next number. Printed by each run, and with each broken rule.
        #[arg(long)]
        seed: Option<u64>,
    },
}

/// Runs one part, or both. A part that fails does not keep the other from running.
pub(crate) fn run(part: Option<Part>, minutes: u32, seed: Option<u64>) -> Result<Verdict, Failure> {
    match part {
        Some(part) => run_part(part),
        None => {
            let kills = run_part(Part::Kills { rounds: ROUNDS, seed, store: StoreKind::File });
            run_part(Part::Campaign { minutes, seed }).and(kills)
        }
    }
}

fn run_part(part: Part) -> Result<Verdict, Failure> {
    let (test, name, amount, seed) = match part {
        Part::Kills { rounds, seed, store } => {
            let test = match store {
                StoreKind::File => KILLS,
                StoreKind::Sqlite => KILLS_OF_A_DATABASE,
                StoreKind::Redis => KILLS_OVER_REDIS,
            };
            (test, "E2E_TORTURE_ROUNDS", rounds, seed)
        }
        Part::Campaign { minutes, seed } => {
            (CAMPAIGN, "E2E_CAMPAIGN_SECONDS", minutes.saturating_mul(60), seed)
        }
    };
    let mut command =
        shell::cargo(["test", "-p", "e2e", "--test", "e2e", "--", "--exact", test, "--nocapture"]);
    command.env(name, amount.to_string());
    if let Some(seed) = seed {
        let name = if matches!(part, Part::Kills { .. }) { "E2E_TORTURE_SEED" } else { "E2E_CAMPAIGN_SEED" };
        command.env(name, seed.to_string());
    }
    shell::run(&mut command)?;
    Ok(Verdict::Passed)
}
