//! What the benchmarks share: medians, hosts that answer from memory, and how to measure what is short or small.

pub mod contend;
mod counting;
mod endpoint;
pub mod phone;
mod responder;
pub mod sample;

pub use counting::Counting;
pub use endpoint::Endpoint;
pub use responder::{BODIES, REFRESHED, Responder};

/// The middle value.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The value below which this share of all lies.
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}

/// Keeps the calling thread, and threads that it starts, on one processor: where the scheduler puts two threads that talk
/// to each other changes a round trip fivefold, and must not be told apart from what is measured.
pub fn pin_to(processor: usize) {
    let mut set = rustix::thread::CpuSet::new();
    set.set(processor);
    // A machine with fewer processors measures unpinned.
    let _ignored = rustix::thread::sched_setaffinity(None, &set);
}

/// Prints a figure and the most that it may be, in the form that `cargo xtask bench` collects.
pub fn figure(name: &str, value: f64, most: f64) {
    println!("FIGURE {name} {value:.3} {most}");
}
