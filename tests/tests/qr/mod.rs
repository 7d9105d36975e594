//! `b2auth qr`: a display and an approver, as processes of their own.

mod approver;
mod arguments;
mod dance;
mod ends;
mod hosts;
mod interrupted;
mod pictures;
mod screen;
mod secrecy;
mod stage;
