//! One of the processes of the torture campaign (`tests/tests/torture`): an app over a store that others share. It does what
//! the lines of its standard input say, and tells on standard output, a JSON line each, what came of it.
//!
//! | module | holds |
//! | --- | --- |
//! | `setup` | what it is started with |
//! | `calls` | the calls of the library |
//! | `app_loop` | an app that asks for a token again and again, and watches who is signed in |
//! | `slow_store` | the file store, delayed, which tells of what is saved |
//! | `report` | the lines |

mod app_loop;
mod calls;
mod report;
mod setup;
mod slow_store;

use std::io::BufRead;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::mpsc;

use crate::calls::Actor;
use crate::setup::{Manner, Setup};

fn main() -> ExitCode {
    let Some(setup) = Setup::from_environment() else {
        return ExitCode::FAILURE;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    let (sender, mut commands) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let command: Value = serde_json::from_str(&line).expect("commands are JSON");
            if sender.send(command).is_err() {
                break;
            }
        }
        // Whoever started it is gone.
        std::process::exit(0);
    });
    let actor = Arc::new(Actor::new(&setup));
    match setup.manner {
        // Its runtime runs only while a call does, as in a program that is not asynchronous itself.
        Manner::PerCall => {
            while let Some(command) = commands.blocking_recv() {
                runtime.block_on(actor.clone().obey(command));
            }
        }
        manner => runtime.block_on(async {
            if manner == Manner::Loop {
                app_loop::start(&actor);
            }
            while let Some(command) = commands.recv().await {
                tokio::spawn(actor.clone().obey(command));
            }
        }),
    }
    ExitCode::SUCCESS
}
