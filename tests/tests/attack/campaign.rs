//! How often an attack is tried, and where its chance begins.

#![allow(clippy::print_stdout, reason = "a seed that is printed can be tried again")]

/// The rounds of one attack.
pub(super) struct Campaign {
    seed: u64,
    rounds: u64,
}

impl Campaign {
    /// As many rounds as the environment says, or else the given number of them.
    pub(super) fn of(attack: &str, rounds: u64) -> Self {
        let seed = setting("E2E_ATTACK_SEED").unwrap_or_else(|| fastrand::u64(..));
        let rounds = setting("E2E_ATTACK_ROUNDS").unwrap_or(rounds).max(1);
        println!("attack {attack}: {rounds} rounds from seed {seed}");
        Self { seed, rounds }
    }

    /// A source of chance for each round. Whoever finds something says its seed, which is `E2E_ATTACK_SEED` for one round.
    pub(super) fn rounds(&self) -> impl Iterator<Item = (u64, fastrand::Rng)> + use<> {
        let seed = self.seed;
        (0..self.rounds).map(move |round| {
            let seed = seed.wrapping_add(round);
            (seed, fastrand::Rng::with_seed(seed))
        })
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn a_round_can_be_tried_again_by_its_seed() {
    let drawn = |seed| {
        let campaign = Campaign { seed, rounds: 2 };
        campaign.rounds().map(|(_, mut rng)| rng.u64(..)).collect::<Vec<_>>()
    };
    assert_eq!(drawn(7)[1], drawn(8)[0]);
    assert_ne!(drawn(7)[0], drawn(7)[1]);
}
