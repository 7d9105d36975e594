//! The wire format: reading answers in every dialect that is known, and nothing else.
//!
//! Hosts disagree with the documents and with each other, so answers are searched rather than mapped to structs: an unknown
//! field, an unexpected type where nothing depends on it, or a missing hint is no error. Each function says what it accepts.
//! All guesses that no document settles are in [`hints`].

mod dates;
mod error_messages;
mod gateway;
mod hints;
mod info;
mod json;
mod jwt;
mod object;
mod providers;
mod qr;
mod refusal;
mod reply;
mod tokens;
mod utf8;

pub(crate) use error_messages::ErrorMessages;
pub(crate) use gateway::marks_a_gateway;
pub(crate) use info::{client_id, two_factor_details, wizard_id, wizard_info, workflow};
pub(crate) use json::{Json, Text, Value};
pub(crate) use object::{Object, object};
pub(crate) use providers::providers;
pub(crate) use qr::{MAX_CHANNEL_ID_BYTES, authorization_token, channel_id, date_of, lifetime, shown};
pub(crate) use refusal::Refusal;
pub(crate) use reply::{Reply, is_bare_success, read};
pub(crate) use tokens::{access_alone, pair, partial_pair};
