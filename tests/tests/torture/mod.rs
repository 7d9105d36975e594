//! The torture campaign: processes over one store and one profile, two users who take turns, and everything that can go wrong
//! around them: kill -9, SIGSTOP, clocks that are set, machines that sleep or start anew, older copies of the store's file, a
//! gateway's 401s, lost and late answers, slow stores, cancelled calls.
//!
//! It is about real processes and real sockets, so real time passes in it; every wait has an end.
//!
//! | module | holds |
//! | --- | --- |
//! | `schedule` | the steps, drawn from the seed |
//! | `act` | one run: a host, a store, six actors (`tests/actor`), one step after the other |
//! | `steps` | how each step is done |
//! | `quiet` | the points at which everything is continued, waited for, and asked |
//! | `crew` | the actors' processes |
//! | `host` | the sandbox, and the relay before it that knows every token and makes the faults |
//! | `vault` | the store's file from outside: what is in it, copies, what is left over |
//! | `ledger` | what the host has done and the actors have said |
//! | `invariants` | what must hold of it |
//! | `report` | the counts |
//! | `campaign` | the tests |

#![allow(clippy::print_stdout, reason = "whoever looks on sees each broken rule at once")]

mod act;
mod campaign;
mod crew;
mod host;
mod invariants;
mod ledger;
mod quiet;
mod report;
mod schedule;
mod steps;
mod vault;
