//! How a session ended, as a record of the store: until somebody signs in or out, every process can say why nobody is signed in.

use super::{RecordError, codec};
use crate::{Timestamp, date_text::timestamp, secret::SecretBytes, wire::object};

/// Why a session has ended without being signed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionEndReason {
    /// The host has ended it.
    EndedByHost,
    /// Its refresh token has expired.
    Expired,
}

impl SessionEndReason {
    const ALL: [Self; 2] = [Self::EndedByHost, Self::Expired];

    /// A stable name for programs: `ended_by_host` or `expired`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EndedByHost => "ended_by_host",
            Self::Expired => "expired",
        }
    }
}

/// The end of the last session of an account. It has no secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEnd {
    /// Why it ended.
    pub reason: SessionEndReason,
    /// The e-mail that was signed in.
    pub account: String,
    /// When it was found to have ended, by our wall clock.
    pub at: Timestamp,
}

const FORMAT: u32 = 1;

impl SessionEnd {
    /// The record's bytes.
    pub fn encode(&self) -> SecretBytes {
        object(self.account.len() + 128, |to| {
            to.put("v", FORMAT);
            to.put("reason", self.reason.as_str());
            to.put("account", self.account.as_str());
            to.put("at", self.at);
        })
    }

    /// The end from a record's bytes.
    ///
    /// # Errors
    /// [`RecordError::Newer`] for a newer format, [`RecordError::Malformed`] for damage.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let json = codec::read(bytes, FORMAT)?;
        let text = |name| codec::text(json.value(), name).ok_or(RecordError::Malformed);
        let reason = text("reason")?;
        Ok(Self {
            reason: SessionEndReason::ALL
                .into_iter()
                .find(|known| known.as_str() == reason)
                .ok_or(RecordError::Malformed)?,
            account: text("account")?.to_owned(),
            at: timestamp(text("at")?).ok_or(RecordError::Malformed)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_survives_its_bytes() {
        for reason in SessionEndReason::ALL {
            let at = "2026-01-01T12:00:00Z".parse().unwrap();
            let end = SessionEnd { reason, account: "ann@example.com".into(), at };
            assert_eq!(SessionEnd::decode(end.encode().expose()), Ok(end));
        }
        assert_eq!(SessionEnd::decode(br#"{"v":2}"#), Err(RecordError::Newer { found: 2 }));
        for damaged in [&b"{}"[..], br#"{"v":1,"reason":"bored","account":"a","at":"2026-01-01T12:00:00Z"}"#]
        {
            assert_eq!(SessionEnd::decode(damaged), Err(RecordError::Malformed));
        }
    }
}
