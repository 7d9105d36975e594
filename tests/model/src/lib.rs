//! An exhaustive search through the states of a session: two processes of one profile, their store and a host, in every order of
//! their steps.
//!
//! What is decided is decided by `auth-core` itself: [`SessionPolicy`](auth_core::session::SessionPolicy), the order of
//! records, [`Revocations`](auth_core::session::Revocations) and
//! [`WriteCondition`](auth_core::ports::WriteCondition). What carries the decisions out is written anew here, a step for each
//! point at which somebody else can come between; each function names the one of `auth-client` or `auth-ffi` that it mirrors. When one
//! of those changes, its mirror has to change too.
//!
//! | module | holds |
//! | --- | --- |
//! | [`setup`] | how much happens in a search, how the host and the store behave, and faults to plant |
//! | [`record`] | a pair and a record in a few bytes, and as the core's own type |
//! | [`host`] | which tokens live |
//! | [`store`] | the record, the list of revocations, the lock, and a write that lands late |
//! | [`list`] | changes of the list of revocations |
//! | [`process`] | a process: its memory and what it has under way |
//! | [`world`] | all of it together, and what is known of it from outside |
//! | [`memory`] | reading the store into memory, publishing and clearing |
//! | [`attempt`] | where a refresh is |
//! | [`refresh`], [`sign_out`], [`delivery`], [`sign_in`] | what a process does, step by step |
//! | [`actions`] | all that can happen next |
//! | [`properties`] | what must hold in each state |
//! | [`search`] | the search itself |
//!
//! A search is bounded by [`Bounds`](setup::Bounds). Tokens do not expire by their dates, the list of revocations is
//! always written at once, a handle signs out its own session only, and nobody cancels: what was begun goes on or dies with its
//! process.
//!
//! Left out: the mark that a sign-out puts on the record while it holds the lock (here every sign-out goes the way of one that could not
//! get it), the revocation of the pair that a sign-in replaces, and records that are damaged. Their tests are in `leaving.rs` of
//! `auth-client`.

pub mod actions;
pub mod attempt;
pub mod delivery;
pub mod host;
pub mod list;
pub mod memory;
pub mod process;
pub mod properties;
pub mod record;
pub mod refresh;
pub mod search;
pub mod setup;
pub mod sign_in;
pub mod sign_out;
pub mod store;
pub mod world;
