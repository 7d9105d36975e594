//! The parts of a snapshot that are more than a number or a text.

use super::bytes::{Reader, put_number, put_signed};
use crate::{
    BootTime, ClockReading, Timestamp,
    secret::SecretBuffer,
    session::{Backoff, RefreshHistory, Sequence, SignInTime},
};
use std::time::Duration;

pub(super) fn put_clock_reading(to: &mut SecretBuffer, reading: &ClockReading) {
    put_signed(to, reading.wall.as_millisecond().into());
    if let Some(BootTime { id, elapsed }) = reading.boot {
        to.extend(&start(id));
        put_number(to, elapsed.as_millis());
    }
}

/// A short form of a boot id.
pub(super) fn start(id: u64) -> [u8; 4] {
    ((id ^ id >> 32) as u32).to_le_bytes()
}

pub(super) fn read_clock_reading(
    from: &mut Reader<'_>,
    has_boot: bool,
    now: &ClockReading,
) -> Option<ClockReading> {
    let wall = Timestamp::from_millisecond(i64::try_from(from.signed()?).ok()?).ok()?;
    let boot = if has_boot {
        let (of, elapsed) = (from.array()?, read_span(from)?);
        now.boot.filter(|boot| start(boot.id) == of).map(|boot| BootTime { elapsed, ..boot })
    } else {
        None
    };
    Some(ClockReading { wall, boot })
}

pub(super) fn read_span(from: &mut Reader<'_>) -> Option<Duration> {
    Some(Duration::from_millis(u64::try_from(from.number()?).ok()?))
}

/// A date. Whole seconds, the usual case, are written relative to `near` and doubled; others as nanoseconds since 1970, doubled
/// plus one.
pub(super) fn put_date(to: &mut SecretBuffer, date: Timestamp, near: Timestamp) {
    if date.subsec_nanosecond() == 0 {
        put_signed(to, i128::from(date.as_second() - near.as_second()) * 2);
    } else {
        put_signed(to, date.as_nanosecond() * 2 + 1);
    }
}

pub(super) fn read_date(from: &mut Reader<'_>, near: Timestamp) -> Option<Timestamp> {
    let number = from.signed()?;
    if number & 1 == 0 {
        let second = i64::try_from(number >> 1).ok()?.checked_add(near.as_second())?;
        Timestamp::from_second(second).ok()
    } else {
        Timestamp::from_nanosecond(number >> 1).ok()
    }
}

pub(super) fn put_sequence(to: &mut SecretBuffer, Sequence { refresh_count, signed_in }: &Sequence) {
    let has_boot = signed_in.is_some_and(|at| at.received.boot.is_some());
    let has_host = signed_in.is_some_and(|at| at.host.is_some());
    let flags = [signed_in.is_some(), has_boot, has_host];
    put_number(to, flags.into_iter().enumerate().map(|(n, set)| u128::from(set) << n).sum());
    // One more, so that zero says that nobody counted.
    put_number(to, refresh_count.map_or(0, |count| u128::from(count) + 1));
    if let Some(SignInTime { received, host }) = signed_in {
        put_clock_reading(to, received);
        if let Some(host) = host {
            put_date(to, *host, received.wall);
        }
    }
}

pub(super) fn read_sequence(from: &mut Reader<'_>, now: &ClockReading) -> Option<Sequence> {
    let flags = from.number().filter(|flags| *flags < 1 << 3)?;
    let refresh_count = match from.number()?.checked_sub(1) {
        Some(count) => Some(u32::try_from(count).ok()?),
        None => None,
    };
    let signed_in = if flags & 1 != 0 {
        let received = read_clock_reading(from, flags & 2 != 0, now)?;
        let host = if flags & 4 != 0 { Some(read_date(from, received.wall)?) } else { None };
        Some(SignInTime { received, host })
    } else {
        None
    };
    Some(Sequence { refresh_count, signed_in })
}

pub(super) fn put_refresh_history(to: &mut SecretBuffer, refresh_history: &RefreshHistory) {
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

pub(super) fn read_refresh_history(from: &mut Reader<'_>, now: &ClockReading) -> Option<RefreshHistory> {
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
