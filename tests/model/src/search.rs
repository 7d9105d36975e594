//! The search.

use crate::{actions::Action, process::ProcessId, setup::Setup, world::World};
use stateright::{Checker, CheckerBuilder, Expectation, HasDiscoveries, Model};
use std::{fmt::Write, time::Instant};

/// What a search came to.
#[derive(Debug)]
pub struct Found {
    /// Different states.
    pub states: usize,
    /// The properties that do not hold, each with a way to a state that shows it.
    pub broken: Vec<Broken>,
    /// The properties of which an example was found.
    pub reached: Vec<&'static str>,
    /// Seconds.
    pub seconds: f32,
}

/// A property that does not hold.
#[derive(Debug)]
pub struct Broken {
    /// Which one.
    pub property: &'static str,
    /// How much has to happen.
    pub steps: usize,
    /// What happens, as text.
    pub way: String,
}

/// More than can happen in any bounds.
const MAX_DEPTH: usize = 1000;

/// Searches all states that can be reached. Breadth first, on two threads.
pub fn search(setup: Setup) -> Found {
    found(setup, setup.checker().threads(2))
}

/// Searches until this property does not hold, and for the shortest way there.
pub fn search_for(setup: Setup, property: &'static str) -> Found {
    let search = |shorter_than| {
        let wanted = HasDiscoveries::AnyOf([property].into());
        found(setup, setup.checker().finish_when(wanted).target_max_depth(shorter_than))
    };
    let mut found = search(MAX_DEPTH);
    loop {
        let way = found.broken.iter().find(|broken| broken.property == property);
        let Some(way) = way.filter(|way| way.steps > 0) else { return found };
        let shorter = search(way.steps + 1);
        if shorter.way_to(property).is_none() {
            return found;
        }
        found = shorter;
    }
}

fn found(setup: Setup, checker: CheckerBuilder<Setup>) -> Found {
    let begun = Instant::now();
    let checker = checker.spawn_bfs().join();
    let (mut broken, mut reached) = (Vec::new(), Vec::new());
    for property in setup.properties() {
        match (checker.discovery(property.name), property.expectation) {
            (None, _) => {}
            (Some(_), Expectation::Sometimes) => reached.push(property.name),
            (Some(path), _) => {
                let path = path.into_vec();
                broken.push(Broken { property: property.name, steps: path.len() - 1, way: told(path) });
            }
        }
    }
    Found { states: checker.unique_state_count(), broken, reached, seconds: begun.elapsed().as_secs_f32() }
}

impl Found {
    /// The way to a state in which this property does not hold.
    pub fn way_to(&self, property: &str) -> Option<&str> {
        self.broken.iter().find(|broken| broken.property == property).map(|broken| broken.way.as_str())
    }
}

/// A path as text: what happens, and what the store, the processes and the list have then.
fn told(path: Vec<(World, Option<Action>)>) -> String {
    let mut text = String::new();
    for (world, action) in path {
        let record = |record: &crate::record::Record| {
            let lost = if record.history.in_flight_or_lost { "?" } else { "" };
            format!("{}.{}{lost}", record.pair.session, record.pair.serial)
        };
        let there = world.store.record.as_ref().map_or("-".to_owned(), record);
        let list: Vec<_> = world.store.list.iter().map(record).collect();
        let memory = |id: u8| {
            let process = world.processes.get(usize::from(ProcessId(id).0))?;
            let active = process.active?;
            Some(format!("{}{}", record(&active.record), if active.unsaved { "!" } else { "" }))
        };
        let memories: Vec<_> = (0..2).map(|id| memory(id).unwrap_or_else(|| "-".to_owned())).collect();
        let next = action.map_or(String::new(), |action| format!("\n  {action:?}"));
        let _written = writeln!(text, "    store {there}, memory {memories:?}, list {list:?}{next}");
    }
    text
}
