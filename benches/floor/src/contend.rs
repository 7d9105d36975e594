//! Calls of a few nanoseconds, on one thread and on two at once.
//!
//! Each thread has a processor of its own and all start on the same spin. A batch counts only if no thread of it was put off
//! its processor: a neighbour's load would otherwise be taken for contention. Cases go by turns, so that a slow moment meets
//! all of them.

use crate::{median, pin_to};
use std::{
    fs,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

/// Calls it so many times.
pub type Body<'a> = &'a (dyn Fn(u64) + Sync);

/// A case and its undisturbed batches, in nanoseconds a call; by rounds, so that cases can be compared in pairs.
pub struct Case<'a> {
    pub name: &'static str,
    pub threads: usize,
    pub body: Body<'a>,
    pub batches: Vec<Option<f64>>,
}

impl<'a> Case<'a> {
    pub fn new(name: &'static str, threads: usize, body: Body<'a>) -> Self {
        Self { name, threads, body, batches: Vec::new() }
    }

    pub fn median(&self) -> f64 {
        median(&mut self.batches.iter().flatten().copied().collect::<Vec<_>>())
    }

    /// The median of the ratios of the rounds in which both were undisturbed.
    pub fn ratio_to(&self, other: &Self) -> f64 {
        let pairs = self.batches.iter().zip(&other.batches);
        let mut ratios: Vec<f64> = pairs.filter_map(|(one, other)| Some((*one)? / (*other)?)).collect();
        assert!(ratios.len() >= LEAST, "{} and {}: this machine is too busy", self.name, other.name);
        median(&mut ratios)
    }
}

const LEAST: usize = 15;
const ENOUGH: usize = 150;
const MOST: Duration = Duration::from_secs(60);
/// About so long is a batch: shorter than a time slice.
const BATCH_NS: f64 = 400_000.0;

/// Measures all cases by turns, until each has batches enough.
pub fn run(cases: &mut [Case<'_>]) {
    let calls: Vec<u64> = cases
        .iter()
        .map(|case| {
            let started = Instant::now();
            (case.body)(2000);
            let each = started.elapsed().as_nanos() as f64 / 2000.0;
            (BATCH_NS / each).clamp(200.0, 100_000.0) as u64
        })
        .collect();
    let started = Instant::now();
    let enough = |case: &Case<'_>| case.batches.iter().flatten().count() >= ENOUGH;
    while started.elapsed() < MOST && !cases.iter().all(enough) {
        for (case, calls) in cases.iter_mut().zip(&calls) {
            let batch = batch(case.threads, *calls, case.body);
            case.batches.push(batch);
        }
    }
    for case in cases {
        let good = case.batches.iter().flatten().count();
        assert!(good >= LEAST, "{}: this machine is too busy", case.name);
        println!(
            "  {:<52} {} thread(s)  median {:>7.1} ns   {good} of {} batches undisturbed",
            case.name,
            case.threads,
            case.median(),
            case.batches.len()
        );
    }
}

/// Nanoseconds a call of the slower thread; nothing if one was disturbed.
fn batch(threads: usize, calls: u64, body: Body<'_>) -> Option<f64> {
    let ready = AtomicUsize::new(0);
    let run = |processor: usize| {
        pin_to(processor);
        body(calls / 20 + 1);
        let before = put_off();
        ready.fetch_add(1, Ordering::AcqRel);
        while ready.load(Ordering::Acquire) < threads {
            std::hint::spin_loop();
        }
        let started = Instant::now();
        body(calls);
        let took = started.elapsed().as_nanos() as f64 / calls as f64;
        (put_off() == before).then_some(took)
    };
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|n| scope.spawn(move || run(n))).collect();
        let each = running.into_iter().map(|thread| thread.join().expect("no panic"));
        each.collect::<Vec<_>>().into_iter().try_fold(0.0, |slowest: f64, took| Some(slowest.max(took?)))
    })
}

/// How often the system has put this thread off its processor.
fn put_off() -> u64 {
    let status = fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("nonvoluntary_ctxt_switches:"));
    line.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}
