//! What has to hold for any bytes from outside, one module for each fuzz target.
//!
//! | module | fed with | holds |
//! | --- | --- | --- |
//! | [`sign_in`] | answers of a host | signed in if and only if a pair was issued; no secret of the request is shown |
//! | [`session`] | answers of a host | refreshed if and only if there is a pair; the record is not ended lightly |
//! | [`checkpoint`] | a pending step | what reads is written and read again as the same |
//! | [`records`] | a session, a log of attempts | the same, and no wait is longer than a day |
//! | [`host`] | an address | one form; the HTTP client's parser reads the same host out of it |
//! | [`retry_after`] | two header values | no wait is longer than a day |
//! | [`scanned`] | what a phone has scanned | a code that is read is of the phone's own host, as the HTTP client's parser reads it |
//! | [`qr_event`] | an event of the live channel | approved if and only if it is named so and has a token; never after the lifetime |
//! | [`store`] | a store's file | nothing is read that was not sealed; a wrong key changes nothing; the store stays usable |
//! | [`live_packets`] | packets of the live channel | only events of the channel are handed on; nothing but the known packets is sent |
//! | [`live_payload`] | a polling answer | its packets are parts of it, in order; what is written is read again |

mod answer;
pub mod checkpoint;
pub mod host;
pub mod live_packets;
pub mod live_payload;
pub mod qr_event;
pub mod records;
pub mod retry_after;
pub mod scanned;
pub mod session;
mod shown;
pub mod sign_in;
mod steps;
pub mod store;

use auth_core::Timestamp;

/// The time of everything.
fn now() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().expect("a date")
}
