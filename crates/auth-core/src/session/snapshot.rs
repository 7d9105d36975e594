//! A session at rest in memory: one block of no more bytes than it takes.
//!
//! Version 1, in this order; numbers are LEB128, a signed one is `2n` or `-2n - 1`, and a text has its length in front:
//!
//! | what | how |
//! | --- | --- |
//! | version | one byte |
//! | host | four bytes that tell it from others |
//! | flags | one number |
//! | epoch | eight bytes, if it has one |
//! | profile, account, client id | texts, the last if there is one |
//! | received | milliseconds since 1970; by the other clock four bytes for its start and milliseconds, if there is one |
//! | dates | each that there is, from the second of `received` on |
//! | standing | its numbers and its rest, if it is not the usual one |
//! | tokens | with base64url undone where that loses nothing |

mod bytes;
mod token;

use super::{
    RecordError, StoredSession,
    refresh_history::{Backoff, RefreshHistory},
};
use crate::{
    BootTime, ClockReading, Host, IssuedToken, Office, Profile, Timestamp, TokenPair,
    ports::SessionId,
    secret::{AccessToken, RefreshToken, SecretBuffer},
};
use bytes::{Reader, put_bytes, put_number, put_signed};
use std::{fmt, time::Duration};
use zeroize::Zeroizing;

/// A session at rest: a single block of memory, wiped when it is dropped, for a service that holds the sessions of very many
/// users. Its times are kept to the millisecond.
#[derive(Clone)]
pub struct SessionSnapshot(Zeroizing<Box<[u8]>>);

/// What a packed session is beside its record.
#[derive(Clone, Debug)]
pub struct SnapshotContent {
    /// The profile that it belongs to.
    pub profile: Profile,
    /// The epoch that it is saved under; none if it could not be saved.
    pub session_id: Option<SessionId>,
    /// The store has an older pair than this one.
    pub unsaved: bool,
    /// The session.
    pub session: StoredSession,
}

/// The block cannot be used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// The session belongs to another host, which must not see its tokens.
    #[error("the snapshot session belongs to another host")]
    OtherHost,
    /// It does not read, or a newer version packed it.
    #[error(transparent)]
    Record(#[from] RecordError),
}

const VERSION: u8 = 1;

const BACK: u64 = 1;
const UNSAVED: u64 = 1 << 1;
const CLIENT_ID: u64 = 1 << 2;
const STANDING: u64 = 1 << 3;
// What is usually there has a flag for being missing, so that the number is short.
const NO_EPOCH: u64 = 1 << 4;
const NO_BOOT: u64 = 1 << 5;
const NO_HOST_NOW: u64 = 1 << 6;
/// And the three bits after it: created and ends, of the access and of the refresh token.
const NO_DATES: u64 = 1 << 7;
const KNOWN: u64 = (1 << 11) - 1;

impl SessionSnapshot {
    /// Packs a session of this host.
    pub fn of(host: &Host, restored: &SnapshotContent) -> Self {
        let SnapshotContent { profile, session_id, unsaved, session } = restored;
        let StoredSession { office, account, client_id, tokens, received, host_now, refresh_history } =
            session;
        let usual = *refresh_history == RefreshHistory::default();
        let dates = [
            tokens.access.created_at,
            tokens.access.expires_at,
            tokens.refresh.created_at,
            tokens.refresh.expires_at,
        ];
        let flag = |bit: u64, set: bool| if set { bit } else { 0 };
        let dated = dates.iter().enumerate().map(|(n, date)| flag(NO_DATES << n, date.is_none()));
        let flags = flag(BACK, *office == Office::Back)
            | flag(NO_EPOCH, session_id.is_none())
            | flag(UNSAVED, *unsaved)
            | flag(CLIENT_ID, client_id.is_some())
            | flag(NO_BOOT, received.boot.is_none())
            | flag(STANDING, !usual)
            | flag(NO_HOST_NOW, host_now.is_none())
            | dated.sum::<u64>();

        let (access, refresh) = (tokens.access.token.expose(), tokens.refresh.token.expose());
        // Room enough for everything, so that the buffer need not grow.
        let mut to = SecretBuffer::with_capacity(access.len() + refresh.len() + account.len() + 512);
        to.extend(&[VERSION]);
        to.extend(&tag(host));
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
        if !usual {
            put_refresh_history(&mut to, refresh_history);
        }
        token::put(&mut to, access);
        token::put(&mut to, refresh);
        Self(Zeroizing::new(Box::from(to.finish().expose())))
    }

    /// The session, if it is one of this host. `now` tells whether the machine was started anew since it was packed: its times
    /// by the clock that nobody can set are then worth nothing.
    ///
    /// # Errors
    /// Another host's, a newer version's and damage are told apart.
    pub fn open(&self, host: &Host, now: &ClockReading) -> Result<SnapshotContent, RestoreError> {
        let mut from = Reader::new(&self.0);
        match from.byte().ok_or(RecordError::Malformed)? {
            VERSION => {}
            0 => return Err(RecordError::Malformed.into()),
            newer => return Err(RecordError::Newer { found: newer.into() }.into()),
        }
        if from.array::<4>().ok_or(RecordError::Malformed)? != tag(host) {
            return Err(RestoreError::OtherHost);
        }
        read(&mut from, now).filter(|_| from.is_empty()).ok_or_else(|| RecordError::Malformed.into())
    }

    /// The block, to be kept elsewhere: it holds the tokens in the clear.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// A block that was kept elsewhere. What is wrong with it is found when it is opened.
    pub fn from_bytes(block: &[u8]) -> Self {
        Self(Zeroizing::new(Box::from(block)))
    }
}

impl fmt::Debug for SessionSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionSnapshot({} bytes)", self.0.len())
    }
}

fn read(from: &mut Reader<'_>, now: &ClockReading) -> Option<SnapshotContent> {
    let flags = u64::try_from(from.number()?).ok().filter(|flags| flags & !KNOWN == 0)?;
    let has = |bit| flags & bit != 0;
    let session_id = if has(NO_EPOCH) { None } else { Some(SessionId(u64::from_le_bytes(from.array()?))) };
    let profile = from.text()?.parse().ok()?;
    let account = from.text()?.to_owned();
    let client_id = if has(CLIENT_ID) { Some(from.text()?.to_owned()) } else { None };
    let received = read_clock_reading(from, !has(NO_BOOT), now)?;
    let mut date = |none| if has(none) { Some(None) } else { read_date(from, received.wall).map(Some) };
    let (access_from, access_until) = (date(NO_DATES)?, date(NO_DATES << 1)?);
    let (refresh_from, refresh_until) = (date(NO_DATES << 2)?, date(NO_DATES << 3)?);
    let host_now = date(NO_HOST_NOW)?;
    let refresh_history =
        if has(STANDING) { read_refresh_history(from, now)? } else { RefreshHistory::default() };
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
    };
    Some(SnapshotContent { profile, session_id, unsaved: has(UNSAVED), session })
}

/// Tells hosts apart, so that a mistake of the caller's does not send tokens to the wrong one (FNV-1a).
fn tag(host: &Host) -> [u8; 4] {
    let hash = host
        .to_string()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash.to_le_bytes()
}

fn put_clock_reading(to: &mut SecretBuffer, reading: &ClockReading) {
    put_signed(to, reading.wall.as_millisecond().into());
    if let Some(BootTime { id, elapsed }) = reading.boot {
        to.extend(&start(id));
        put_number(to, elapsed.as_millis());
    }
}

/// Tells starts of a machine apart.
fn start(id: u64) -> [u8; 4] {
    ((id ^ id >> 32) as u32).to_le_bytes()
}

fn read_clock_reading(from: &mut Reader<'_>, has_boot: bool, now: &ClockReading) -> Option<ClockReading> {
    let wall = Timestamp::from_millisecond(i64::try_from(from.signed()?).ok()?).ok()?;
    let boot = if has_boot {
        let (of, elapsed) = (from.array()?, read_span(from)?);
        now.boot.filter(|boot| start(boot.id) == of).map(|boot| BootTime { elapsed, ..boot })
    } else {
        None
    };
    Some(ClockReading { wall, boot })
}

fn read_span(from: &mut Reader<'_>) -> Option<Duration> {
    Some(Duration::from_millis(u64::try_from(from.number()?).ok()?))
}

/// Hosts tell whole seconds: those are counted from `near` on, and doubled; others are odd, in nanoseconds.
fn put_date(to: &mut SecretBuffer, date: Timestamp, near: Timestamp) {
    if date.subsec_nanosecond() == 0 {
        put_signed(to, i128::from(date.as_second() - near.as_second()) * 2);
    } else {
        put_signed(to, date.as_nanosecond() * 2 + 1);
    }
}

fn read_date(from: &mut Reader<'_>, near: Timestamp) -> Option<Timestamp> {
    let number = from.signed()?;
    if number & 1 == 0 {
        let second = i64::try_from(number >> 1).ok()?.checked_add(near.as_second())?;
        Timestamp::from_second(second).ok()
    } else {
        Timestamp::from_nanosecond(number >> 1).ok()
    }
}

fn put_refresh_history(to: &mut SecretBuffer, refresh_history: &RefreshHistory) {
    let RefreshHistory { in_flight_or_lost, failures, unrecognized_401s, rejected, backoff } =
        refresh_history;
    let from_retry_after = backoff.is_some_and(|backoff| backoff.from_retry_after);
    let has_boot = backoff.is_some_and(|backoff| backoff.since.boot.is_some());
    let flags = [*in_flight_or_lost, *rejected, backoff.is_some(), from_retry_after, has_boot];
    put_number(to, flags.into_iter().enumerate().map(|(n, set)| u128::from(set) << n).sum());
    put_number(to, (*failures).into());
    put_number(to, (*unrecognized_401s).into());
    if let Some(Backoff { since, span, .. }) = backoff {
        put_clock_reading(to, since);
        put_number(to, span.as_millis());
    }
}

fn read_refresh_history(from: &mut Reader<'_>, now: &ClockReading) -> Option<RefreshHistory> {
    let flags = from.number().filter(|flags| *flags < 1 << 5)?;
    let [in_flight_or_lost, rejected, backs_off, from_retry_after, has_boot] =
        [0, 1, 2, 3, 4].map(|n| flags >> n & 1 != 0);
    let (failures, unrecognized_401s) =
        (u32::try_from(from.number()?).ok()?, u32::try_from(from.number()?).ok()?);
    let backoff = if backs_off {
        Some(Backoff {
            since: read_clock_reading(from, has_boot, now)?,
            span: read_span(from)?,
            from_retry_after,
        })
    } else {
        None
    };
    Some(RefreshHistory { in_flight_or_lost, failures, unrecognized_401s, rejected, backoff })
}

#[cfg(test)]
mod tests;
