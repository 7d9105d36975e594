//! The sign-in machine from outside: the vendor's samples, every dialect, and any sequence of answers.

mod any_sequence;
mod checkpoints;
mod dialects;
mod echoes;
mod field;
mod host_texts;
mod lost_response;
mod qr;
mod refusals;
mod samples;
mod scenario;
