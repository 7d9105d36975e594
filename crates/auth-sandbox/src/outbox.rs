//! The messages that a real host would have sent by SMS or mail.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// How many messages are kept; the oldest go first.
const KEPT: usize = 10_000;

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A text message to a phone.
    Sms,
    /// An e-mail.
    Mail,
}

/// What a code was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// The second factor of a sign-in to the front office.
    SignIn,
    /// The second factor of a sign-in to the back office.
    BackOfficeSignIn,
    /// The forced reset of a password.
    PasswordReset,
}

/// One message with a code in it. Its `Debug` hides the code; [`Message::code`] shows it.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Message {
    /// Which way it went.
    pub channel: Channel,
    /// The phone number or e-mail address it went to.
    pub to: String,
    /// The e-mail address of the user it is for, whatever the channel.
    pub email: String,
    /// What the code is for.
    pub purpose: Purpose,
    /// When it was sent, by the sandbox's clock.
    #[serde(serialize_with = "iso")]
    pub sent_at: Timestamp,
    code: String,
}

impl Message {
    pub(crate) fn new(
        (channel, to): (Channel, String),
        email: String,
        purpose: Purpose,
        sent_at: Timestamp,
        code: String,
    ) -> Self {
        Self { channel, to, email, purpose, sent_at, code }
    }

    /// The six digits.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whether it was addressed to this phone number or e-mail, or is for the user with this e-mail.
    pub(crate) fn is_for(&self, to: &str) -> bool {
        self.to.eq_ignore_ascii_case(to) || self.email.eq_ignore_ascii_case(to)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { channel, to, email, purpose, sent_at, code: _ } = self;
        f.debug_struct("Message")
            .field("channel", channel)
            .field("to", to)
            .field("email", email)
            .field("purpose", purpose)
            .field("sent_at", sent_at)
            .finish_non_exhaustive()
    }
}

/// What the builder's `on_message` is given to call.
pub(crate) type Listener = Arc<dyn Fn(&Message) + Send + Sync>;

/// All messages so far, oldest first.
#[derive(Default)]
pub(crate) struct Outbox {
    messages: Vec<Message>,
    dropped: u64,
}

impl Outbox {
    pub(crate) fn push(&mut self, message: Message) {
        if self.messages.len() >= KEPT {
            self.messages.remove(0);
            self.dropped += 1;
        }
        self.messages.push(message);
    }

    /// How many older ones are gone.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    pub(crate) fn all(&self) -> &[Message] {
        &self.messages
    }

    pub(crate) fn newest_for(&self, to: &str) -> Option<&Message> {
        self.messages.iter().rev().find(|message| message.is_for(to))
    }
}

fn iso<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&crate::render::time::iso(*time))
}
