//! Stopping another process and letting it go on, as a closed lid or a paused container does.

use rustix::process::{Pid, Signal, kill_process};
use std::process::Child;

/// Stops it: nothing of it runs until it goes on.
pub fn stop(child: &Child) {
    send(child, Signal::STOP);
}

/// Lets it go on.
pub fn go_on(child: &Child) {
    send(child, Signal::CONT);
}

/// Asks it to end.
pub fn end(child: &Child) {
    send(child, Signal::TERM);
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("the process is there");
}
