//! The campaign's tests. `E2E_CAMPAIGN_SECONDS` makes it long, `E2E_CAMPAIGN_SEED` sets where chance begins, and
//! `E2E_CAMPAIGN_TRACE` prints every step and every line of the actors. `cargo xtask torture campaign` sets them.

use std::time::{Duration, Instant};

use super::act::Act;
use super::report::Report;

/// Steps of one run: half a minute or so, or a quarter of that in the short form.
const STEPS: usize = 200;
const SHORT: usize = 50;
/// The seeds of the short form: hosts of both kinds.
const SHORT_SEEDS: [u64; 3] = [503, 506, 510];

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A host with an odd seed forgives a refresh token that comes twice, for an hour; one with an even seed ends the session.
fn grace(seed: u64) -> Duration {
    Duration::from_secs(if seed.is_multiple_of(2) { 0 } else { 3600 })
}

#[test]
fn processes_over_one_store_lose_no_session_whatever_happens_around_them() {
    let mut report = Report::default();
    let mut first = SHORT_SEEDS[0];
    match setting("E2E_CAMPAIGN_SECONDS") {
        Some(seconds) => {
            first = setting("E2E_CAMPAIGN_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000));
            println!("seed {first}, {seconds} seconds");
            let started = Instant::now();
            let mut seed = first;
            while started.elapsed() < Duration::from_secs(seconds) {
                run(seed, STEPS, &mut report);
                seed += 1;
            }
        }
        None => SHORT_SEEDS.iter().for_each(|seed| run(*seed, SHORT, &mut report)),
    }
    println!("{}", report.text());
    println!("the counts are in {}", report.write(first).display());
    assert!(report.of("kills") > 0 && report.of("expiries") > 0, "a campaign without them shows nothing");
    assert!(report.violations.is_empty(), "{} rules were broken; see above", report.violations.len());
}

fn run(seed: u64, steps: usize, report: &mut Report) {
    let started = Instant::now();
    report.count("runs");
    Act::new(seed, grace(seed), report).run(steps);
    println!("seed {seed}: {steps} steps in {:?}", started.elapsed());
}
