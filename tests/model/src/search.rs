//! The search.

use crate::{actions::Action, process::ProcessId, setup::Setup, world::World};
use stateright::{Checker, CheckerBuilder, HasDiscoveries, Expectation, Model};
use std::{fmt::Write, time::Instant};

/// What a search came to.
#[derive(Debug)]
pub struct Found {
    /// Different states.
    pub states: usize,
    /// The properties that do not hold, each with the shortest way to a state that shows it.
    pub broken: Vec<(&'static str, String)>,
    /// The properties of which an example was found.
    pub reached: Vec<&'static str>,
    /// Seconds.
    pub seconds: f32,
}

/// Searches all states that can be reached. Breadth first, on two threads.
pub fn search(setup: Setup) -> Found {
    found(setup, setup.checker().threads(2))
}

/// Searches until a property does not hold, for the shortest way there.
pub fn search_fault(setup: Setup) -> Found {
    found(setup, setup.checker().finish_when(HasDiscoveries::AnyFailures))
}

fn found(setup: Setup, checker: CheckerBuilder<Setup>) -> Found {
    let begun = Instant::now();
    let checker = checker.spawn_bfs().join();
    let (mut broken, mut reached) = (Vec::new(), Vec::new());
    for property in setup.properties() {
        match (checker.discovery(property.name), property.expectation) {
            (None, _) => {}
            (Some(_), Expectation::Sometimes) => reached.push(property.name),
            (Some(path), _) => broken.push((property.name, told(path.into_vec()))),
        }
    }
    Found { states: checker.unique_state_count(), broken, reached, seconds: begun.elapsed().as_secs_f32() }
}

impl Found {
    /// The way to a state in which this property does not hold.
    pub fn way_to(&self, property: &str) -> Option<&str> {
        self.broken.iter().find(|(name, _)| *name == property).map(|(_, way)| way.as_str())
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
        let _written = write!(text, "    store {there}, memory {memories:?}, list {list:?}{next}\n");
    }
    text
}
