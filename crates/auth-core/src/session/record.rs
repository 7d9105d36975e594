//! A session as bytes.

use crate::{
    Dated, Office, Timestamp, TokenPair,
    ports::StoreError,
    secret::{AccessToken, RefreshToken, SecretBytes},
    wire::Json,
};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// A session as it is kept: the pair, whose it is, and when it came by both clocks.
///
/// `Debug` leaves out the host's id of the client: it is the host's text as it came.
#[derive(Clone)]
pub struct StoredSession {
    /// The office that was signed in to.
    pub office: Office,
    /// The e-mail that signed in.
    pub account: String,
    /// The host's id of the client, where it told.
    pub client_id: Option<String>,
    /// The tokens.
    pub tokens: TokenPair,
    /// When the pair came, by our clock.
    pub received_at: Timestamp,
    /// When it came, by the host's clock (its `Date` header).
    pub host_now: Option<Timestamp>,
}

/// The bytes are no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// A newer version wrote it: leave it alone.
    #[error("the record was written by a newer version (format {found})")]
    Newer {
        /// The format found.
        found: u32,
    },
    /// It does not read.
    #[error("the record does not read")]
    Malformed,
}

impl From<RecordError> for StoreError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Newer { found } => Self::Newer { found, supported: FORMAT },
            RecordError::Malformed => Self::Corrupt { cause: "its content does not read" },
        }
    }
}

const FORMAT: u32 = 1;

impl fmt::Debug for StoredSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { office, account, client_id: _, tokens, received_at, host_now } = self;
        f.debug_struct("StoredSession")
            .field("office", office)
            .field("account", account)
            .field("tokens", tokens)
            .field("received_at", received_at)
            .field("host_now", host_now)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    v: u32,
    office: String,
    account: String,
    client_id: Option<String>,
    access: KeptToken,
    refresh: KeptToken,
    received_at: Timestamp,
    host_now: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct KeptToken {
    token: String,
    created_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
}

impl StoredSession {
    /// When the access token ends by our clock, whatever the host's clock says: the time it came plus its life.
    /// `None` if the host told no life.
    pub fn access_ends(&self) -> Option<Timestamp> {
        self.ends(self.tokens.access.lifetime(self.host_now))
    }

    /// When the refresh token ends by our clock. `None` if the host told no life.
    pub fn refresh_ends(&self) -> Option<Timestamp> {
        self.ends(self.tokens.refresh.lifetime(self.host_now))
    }

    fn ends(&self, life: Option<Duration>) -> Option<Timestamp> {
        self.received_at.checked_add(life?).ok()
    }

    /// The same session with a new pair.
    #[must_use]
    pub fn renewed(&self, tokens: TokenPair, now: Timestamp, host_now: Option<Timestamp>) -> Self {
        Self { tokens, received_at: now, host_now, ..self.clone() }
    }

    /// The session as bytes for a store.
    pub fn encode(&self) -> SecretBytes {
        let Self { office, account, client_id, tokens, received_at, host_now } = self;
        let kept = Kept {
            v: FORMAT,
            office: office.to_string(),
            account: account.clone(),
            client_id: client_id.clone(),
            access: KeptToken::of(&tokens.access, AccessToken::expose),
            refresh: KeptToken::of(&tokens.refresh, RefreshToken::expose),
            received_at: *received_at,
            host_now: *host_now,
        };
        Json::new(serde_json::to_value(kept).expect("a session has text keys only")).to_bytes()
    }

    /// The session from bytes of a store.
    ///
    /// # Errors
    /// A newer format is told apart from damage.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let Version { v } = serde_json::from_slice(bytes).map_err(|_| RecordError::Malformed)?;
        if v > FORMAT {
            return Err(RecordError::Newer { found: v });
        }
        let kept: Kept = serde_json::from_slice(bytes).map_err(|_| RecordError::Malformed)?;
        let tokens = TokenPair {
            access: kept.access.into(AccessToken::new),
            refresh: kept.refresh.into(RefreshToken::new),
        };
        Ok(Self {
            office: kept.office.parse().map_err(|_| RecordError::Malformed)?,
            account: kept.account,
            client_id: kept.client_id,
            tokens,
            received_at: kept.received_at,
            host_now: kept.host_now,
        })
    }
}

impl KeptToken {
    fn of<T>(dated: &Dated<T>, expose: impl Fn(&T) -> &str) -> Self {
        let Dated { token, created_at, expires_at } = dated;
        Self { token: expose(token).to_owned(), created_at: *created_at, expires_at: *expires_at }
    }

    fn into<T>(self, wrap: impl FnOnce(String) -> T) -> Dated<T> {
        Dated { token: wrap(self.token), created_at: self.created_at, expires_at: self.expires_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(created: Option<&str>, expires: Option<&str>, host_now: Option<&str>) -> StoredSession {
        let at = |text: Option<&str>| text.map(|t| t.parse().unwrap());
        let (created_at, expires_at) = (at(created), at(expires));
        let access = Dated { token: AccessToken::new("a"), created_at, expires_at };
        let refresh = Dated { token: RefreshToken::new("r"), created_at, expires_at: None };
        StoredSession {
            office: Office::Front,
            account: "ann@example.com".into(),
            client_id: Some("87".into()),
            tokens: TokenPair { access, refresh },
            received_at: "2030-06-01T12:00:00Z".parse().unwrap(),
            host_now: at(host_now),
        }
    }

    #[test]
    fn a_token_ends_by_our_clock_after_the_life_the_host_gave_it() {
        let ends = |s: StoredSession| s.access_ends().map(|t| t.to_string());
        let (start, end) = (Some("2024-04-22T11:07:24Z"), Some("2024-04-22T11:22:24Z"));
        assert_eq!(ends(session(start, end, None)).as_deref(), Some("2030-06-01T12:15:00Z"));
        let host_now = Some("2024-04-22T11:12:24Z");
        assert_eq!(ends(session(None, end, host_now)).as_deref(), Some("2030-06-01T12:10:00Z"));
        // The vendor's samples print one moment twice; such a token is used until the host says no.
        assert_eq!(ends(session(start, start, None)), None);
        assert_eq!(ends(session(None, None, host_now)), None);
    }

    #[test]
    fn a_session_survives_its_bytes() {
        let before = session(Some("2024-04-22T11:07:24Z"), None, Some("2024-04-22T11:07:25Z"));
        let after = StoredSession::decode(before.encode().expose()).unwrap();
        assert_eq!(format!("{before:?}"), format!("{after:?}"));
        assert_eq!(before.client_id, after.client_id);
        assert_eq!(after.tokens.access.token.expose(), "a");
        assert_eq!(after.tokens.refresh.token.expose(), "r");
    }

    #[test]
    fn a_newer_format_is_told_apart_from_damage() {
        assert_eq!(StoredSession::decode(br#"{"v":2}"#).unwrap_err(), RecordError::Newer { found: 2 });
        for damaged in [&b""[..], b"{}", br#"{"v":1}"#, b"\xff"] {
            assert_eq!(StoredSession::decode(damaged).unwrap_err(), RecordError::Malformed);
        }
    }

    #[test]
    fn format_1_stays_readable() {
        let kept = br#"{"v":1,"office":"back","account":"ann@example.com","client_id":null,
            "access":{"token":"a","created_at":"2026-01-01T00:00:00Z","expires_at":null},
            "refresh":{"token":"r","created_at":null,"expires_at":null},
            "received_at":"2026-01-01T00:00:00Z","host_now":null}"#;
        assert_eq!(StoredSession::decode(kept).unwrap().office, Office::Back);
    }
}
