//! A session as one compact block of memory, for a service that holds the sessions of many users.
//!
//! Version 3, in this order. Numbers are unsigned LEB128; a signed number `n` is written as `2n`, or `-2n - 1` if negative; a
//! text is preceded by its length in bytes:
//!
//! | part | encoding |
//! | --- | --- |
//! | version | one byte |
//! | host | its address, as a text; without `https://` |
//! | flags | one number |
//! | session id | eight bytes, if it has one |
//! | profile, account, client id | texts; the client id only if there is one |
//! | received | milliseconds since 1970; if there is a boot time, four bytes for its id and milliseconds |
//! | dates | those that there are, relative to the second of `received` |
//! | sequence | the count of refreshes and the time of the sign-in, if the pair was refreshed |
//! | refresh history | its numbers and its backoff, if it is not empty |
//! | tokens | with base64url decoded where encoding gives the same text again |
//!
//! Versions 1 and 2 have four bytes of a hash in the place of the address, and version 1 has no sequence. They are read: somebody may have kept
//! them. But whoever chooses the host can find one that has the same four bytes, so a service that takes hosts from its users must not
//! keep such snapshots: take a new one of each.

mod bytes;
mod parts;
mod token;

use super::{RecordError, StoredSession, refresh_history::RefreshHistory, sequence::Sequence};
use crate::{
    ClockReading, Cookies, Host, IssuedToken, Office, Profile, TokenPair,
    ports::SessionId,
    secret::{AccessToken, RefreshToken, SecretBuffer},
};
use bytes::{Reader, put_bytes, put_number};
use parts::{
    put_clock_reading, put_date, put_refresh_history, put_sequence, read_clock_reading, read_date,
    read_refresh_history, read_sequence,
};
use std::fmt;
use zeroize::Zeroizing;

/// A session as a single block of memory, zeroized when it is dropped. Its clock readings are kept to the millisecond.
///
/// Use it for many sessions that are rarely needed. To save a session, use
/// [`StoredSession::encode`], whose format is the store's.
#[derive(Clone)]
pub struct SessionSnapshot(Zeroizing<Box<[u8]>>);

/// What a snapshot holds.
#[derive(Clone, Debug)]
pub struct SnapshotContent {
    /// The profile that the session belongs to.
    pub profile: Profile,
    /// The id that it is saved under. `None` if it was never saved.
    pub session_id: Option<SessionId>,
    /// True if this pair could not be saved, so that the store has an older one.
    pub unsaved: bool,
    /// The session.
    pub session: StoredSession,
}

/// The snapshot cannot be restored here.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// The session belongs to another host, which must not see its tokens.
    #[error("the snapshot belongs to another host")]
    OtherHost,
    /// It is damaged, or was written by a newer version.
    #[error(transparent)]
    Record(#[from] RecordError),
}

const VERSION: u8 = 3;
/// The first version that has the host's address itself.
const WITH_ADDRESS: u8 = 3;

const BACK: u64 = 1;
const UNSAVED: u64 = 1 << 1;
const CLIENT_ID: u64 = 1 << 2;
const HISTORY: u64 = 1 << 3;
// Parts that are usually there have a flag for their absence, so that the number is usually short.
const NO_SESSION_ID: u64 = 1 << 4;
const NO_BOOT: u64 = 1 << 5;
const NO_HOST_NOW: u64 = 1 << 6;
/// This and the next three bits: created and expires, of the access and of the refresh token.
const NO_DATES: u64 = 1 << 7;
const SEQUENCE: u64 = 1 << 11;
const KNOWN: u64 = (1 << 12) - 1;

impl SessionSnapshot {
    /// The snapshot of a session of this host.
    pub fn of(host: &Host, restored: &SnapshotContent) -> Self {
        let SnapshotContent { profile, session_id, unsaved, session } = restored;
        let StoredSession {
            office,
            account,
            client_id,
            tokens,
            received,
            host_now,
            refresh_history,
            sequence,
            // In the store, whose record a refresh begins with.
            cookies: _,
            signing_out: _,
        } = session;
        let has_history = *refresh_history != RefreshHistory::default();
        let dates = [
            tokens.access.created_at,
            tokens.access.expires_at,
            tokens.refresh.created_at,
            tokens.refresh.expires_at,
        ];
        let flag = |bit: u64, set: bool| if set { bit } else { 0 };
        let dated = dates.iter().enumerate().map(|(n, date)| flag(NO_DATES << n, date.is_none()));
        let flags = flag(BACK, *office == Office::Back)
            | flag(NO_SESSION_ID, session_id.is_none())
            | flag(UNSAVED, *unsaved)
            | flag(CLIENT_ID, client_id.is_some())
            | flag(NO_BOOT, received.boot.is_none())
            | flag(HISTORY, has_history)
            | flag(SEQUENCE, *sequence != Sequence::default())
            | flag(NO_HOST_NOW, host_now.is_none())
            | dated.sum::<u64>();

        let (access, refresh) = (tokens.access.token.expose(), tokens.refresh.token.expose());
        let address = short(host);
        // Capacity for everything, so that the buffer does not grow.
        let mut to =
            SecretBuffer::with_capacity(access.len() + refresh.len() + account.len() + address.len() + 512);
        to.extend(&[VERSION]);
        put_bytes(&mut to, address.as_bytes());
        put_number(&mut to, flags.into());
        if let Some(SessionId(session_id)) = session_id {
            to.extend(&session_id.to_le_bytes());
        }
        for text in [Some(profile.as_str()), Some(account), client_id.as_deref()].into_iter().flatten() {
            put_bytes(&mut to, text.as_bytes());
        }
        put_clock_reading(&mut to, received);
        for date in dates.into_iter().chain([*host_now]).flatten() {
            put_date(&mut to, date, received.wall);
        }
        if *sequence != Sequence::default() {
            put_sequence(&mut to, sequence);
        }
        if has_history {
            put_refresh_history(&mut to, refresh_history);
        }
        token::put(&mut to, access);
        token::put(&mut to, refresh);
        Self(Zeroizing::new(Box::from(to.finish().expose())))
    }

    /// Restores the session, if it belongs to this host. Its boot times are dropped if the machine was restarted since the
    /// snapshot was taken, as `now` shows.
    ///
    /// # Errors
    /// Another host's snapshot, a newer version's, and damage are different errors.
    pub fn open(&self, host: &Host, now: &ClockReading) -> Result<SnapshotContent, RestoreError> {
        let mut from = Reader::new(&self.0);
        let version = from.byte().ok_or(RecordError::Malformed)?;
        match version {
            1..=VERSION => {}
            0 => return Err(RecordError::Malformed.into()),
            newer => return Err(RecordError::Newer { found: newer.into() }.into()),
        }
        let is_of_host = if version < WITH_ADDRESS {
            from.array().map(|hash: [u8; 4]| hash == short_hash(host))
        } else {
            from.bytes().map(|address| address == short(host).as_bytes())
        };
        if !is_of_host.ok_or(RecordError::Malformed)? {
            return Err(RestoreError::OtherHost);
        }
        read(&mut from, version, now).filter(|_| from.is_empty()).ok_or_else(|| RecordError::Malformed.into())
    }

    /// The block, to be kept elsewhere. It holds the tokens in the clear.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// A block that was kept elsewhere. It is checked by [`open`](Self::open).
    pub fn from_bytes(block: &[u8]) -> Self {
        Self(Zeroizing::new(Box::from(block)))
    }
}

impl fmt::Debug for SessionSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionSnapshot({} bytes)", self.0.len())
    }
}

fn read(from: &mut Reader<'_>, version: u8, now: &ClockReading) -> Option<SnapshotContent> {
    let flags = u64::try_from(from.number()?).ok().filter(|flags| flags & !KNOWN == 0)?;
    let has = |bit| flags & bit != 0;
    let session_id =
        if has(NO_SESSION_ID) { None } else { Some(SessionId(u64::from_le_bytes(from.array()?))) };
    let profile = from.text()?.parse().ok()?;
    let account = from.text()?.to_owned();
    let client_id = if has(CLIENT_ID) { Some(from.text()?.to_owned()) } else { None };
    let received = read_clock_reading(from, !has(NO_BOOT), now)?;
    let mut date = |none| if has(none) { Some(None) } else { read_date(from, received.wall).map(Some) };
    let (access_from, access_until) = (date(NO_DATES)?, date(NO_DATES << 1)?);
    let (refresh_from, refresh_until) = (date(NO_DATES << 2)?, date(NO_DATES << 3)?);
    let host_now = date(NO_HOST_NOW)?;
    let sequence = match (has(SEQUENCE), version) {
        (true, _) => read_sequence(from, now)?,
        (false, 1) => Sequence::UNKNOWN,
        (false, _) => Sequence::default(),
    };
    let refresh_history =
        if has(HISTORY) { read_refresh_history(from, now)? } else { RefreshHistory::default() };
    let access = AccessToken::new(token::read(from)?);
    let refresh = RefreshToken::new(token::read(from)?);
    let session = StoredSession {
        office: if has(BACK) { Office::Back } else { Office::Front },
        account,
        client_id,
        tokens: TokenPair {
            access: IssuedToken { token: access, created_at: access_from, expires_at: access_until },
            refresh: IssuedToken { token: refresh, created_at: refresh_from, expires_at: refresh_until },
        },
        received,
        host_now,
        refresh_history,
        sequence,
        cookies: Cookies::default(),
        signing_out: false,
    };
    Some(SnapshotContent { profile, session_id, unsaved: has(UNSAVED), session })
}

/// The whole address, without what nearly every one begins with.
fn short(host: &Host) -> String {
    let address = host.to_string();
    address.strip_prefix("https://").map(str::to_owned).unwrap_or(address)
}

/// What versions 1 and 2 have of the host: a hash (FNV-1a) that holds off mistakes, not attackers.
fn short_hash(host: &Host) -> [u8; 4] {
    let hash = host
        .to_string()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash.to_le_bytes()
}

#[cfg(test)]
mod tests;
