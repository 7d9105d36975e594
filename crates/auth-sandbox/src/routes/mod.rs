//! The HTTP face: which path leads where.

mod add;
mod back;
mod call;
mod control;
mod endpoint;
mod fields;
mod front;
mod gate;
mod live;
mod observe;
mod open;
mod page;
mod pin;
mod refresh;
mod sign_out;
mod table;

pub(crate) use table::all;
