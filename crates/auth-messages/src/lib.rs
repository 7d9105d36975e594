//! What a person reads when something fails, in their language.
//!
//! The errors of `auth-core` are codes and data; their texts are here, in the Fluent files below `locales`, one folder a
//! language. A message's id is the error's code, the one that `kind()` gives. The Kotlin module and the Swift package
//! carry the same texts, generated from the same files, so that their library does not grow by them.
//!
//! ```
//! use auth_core::{CallError, LockedOut, LockedOutBy};
//! use auth_messages::{Catalogue, Language, Message};
//! use std::time::Duration;
//!
//! let lock = LockedOut { retry_after: Duration::from_secs(599), by: LockedOutBy::Host };
//! let message = Message::from(&CallError::LockedOut(lock));
//! let german = Catalogue::load(Language::negotiate(["de-AT"]));
//! assert_eq!(german.say(&message), "Zu viele Versuche; versuchen Sie es in 9 min 59 s erneut.");
//! ```
//!
//! What the host wrote is no message of ours: it is data, shown beside them. Nothing here reads the environment.

mod catalogue;
mod errors;
mod language;
mod message;
mod wait;

pub use catalogue::Catalogue;
pub use language::Language;
pub use message::Message;
pub use wait::whole_seconds;
