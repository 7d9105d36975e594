//! Everything the vendor's part of the sandbox writes: the only place that knows JSON field names of answers and the
//! only reader of the dialect's switches for them.

mod accounts;
mod answer;
mod captions;
mod refusal;
pub(crate) mod time;
mod tokens;

pub(crate) use answer::{Answer, answer};
pub(crate) use captions::Language;
pub(crate) use refusal::{Issue, Refusal, refusal};
