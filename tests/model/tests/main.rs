//! The searches. Each is whole: it ends when every state within its bounds has been seen.

#![allow(clippy::print_stdout, reason = "a search prints its size, and the way to what it has found")]

mod holds;
mod needed;
mod planted;

use session_model::{search::search, setup::Setup};

/// Nothing is found against the rules, and this is reached.
fn assert_holds(setup: Setup, reached: &[&str]) {
    let found = search(setup);
    println!("{} states in {:.1} s: {:?}, {:?}", found.states, found.seconds, setup.bounds, setup.host);
    for broken in &found.broken {
        println!("not so: {}, in {} steps\n{}", broken.property, broken.steps, broken.way);
    }
    assert!(found.broken.is_empty(), "the way there is above");
    for property in reached {
        assert!(found.reached.contains(property), "never reached: {property}");
    }
}
