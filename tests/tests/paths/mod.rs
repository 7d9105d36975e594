//! Every path of a sign-in: in one process where all can be given, and step by step with a process for each.

mod back;
mod front;
mod recaptcha;
mod reset;
