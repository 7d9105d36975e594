//! A session, a log of attempts and a quota's log from a store.

use crate::now;
use auth_core::{
    ClockReading, Host,
    attempts::{AttemptLog, LimitGroup, Limits, QuotaLog, QuotaShare, RefreshQuota, SeenGrants},
    session::{SessionSnapshot, StoredSession},
};
use std::time::Duration;

/// What reads is written in one form, and that form is read as the same record.
pub fn check(data: &[u8]) {
    if let Ok(session) = StoredSession::decode(data) {
        let kept = session.encode();
        let again = StoredSession::decode(kept.expose()).expect("our own bytes");
        assert_eq!(again.encode().expose(), kept.expose());
        assert_eq!(
            (again.access_token_expires_at(), again.refresh_token_expires_at()),
            (session.access_token_expires_at(), session.refresh_token_expires_at())
        );
    }
    let (host, now) =
        (Host::parse("https://a.example").expect("a host"), ClockReading::wall_clock_only(now()));
    // The version and the host's tag in front: they are not to be guessed.
    let tagged = [&[1, 0xcd, 0x41, 0x7c, 0x11], data].concat();
    for block in [data, &tagged] {
        let Ok(restored) = SessionSnapshot::from_bytes(block).open(&host, &now) else { continue };
        let again = SessionSnapshot::of(&host, &restored);
        let twice = SessionSnapshot::of(&host, &again.open(&host, &now).expect("our own bytes"));
        assert_eq!(twice.expose(), again.expose());
    }
    if let Ok(log) = AttemptLog::decode(data) {
        let again = AttemptLog::decode(log.encode().expose()).expect("our own bytes");
        assert_eq!(again, log);
        serves(log);
    }
    if let Ok(log) = QuotaLog::decode(data) {
        let again = QuotaLog::decode(log.encode().expose()).expect("our own bytes");
        assert_eq!(again, log);
        grants(log);
    }
}

/// Whatever is in it, nobody gets more than there is or waits for longer than it can count.
fn grants(mut log: QuotaLog) {
    let at = ClockReading::wall_clock_only(now());
    let (quota, mut seen) = (RefreshQuota::per_minute(60), SeenGrants::default());
    seen.see(&log, &at);
    for share in [QuotaShare::Background, QuotaShare::OnDemand] {
        match log.take(&quota, 60, share, &seen, &at) {
            Ok(count) => assert!((1..=quota.max_slice()).contains(&count)),
            Err(wait) => assert!(!wait.is_zero() && wait <= Duration::from_secs(600), "{wait:?}"),
        }
    }
    log.overdraw(&quota, &seen, &at);
    log.pause(Duration::MAX, &seen, &at);
    assert_eq!(log.paused(&seen, &at), Some(Duration::from_secs(600)));
}

/// Whatever is in it, it can be used, and it never shuts an account out for longer than a day.
fn serves(mut log: AttemptLog) {
    let at = ClockReading::wall_clock_only(now());
    let (day, limits) = (Duration::from_secs(24 * 60 * 60), Limits::default());
    for group in LimitGroup::ALL {
        for account in ["", "ann@example.com"] {
            if let Err(locked) = log.check(group, account, &limits, &at) {
                assert!(!locked.retry_after.is_zero() && locked.retry_after <= day, "{locked:?}");
            }
            let admitted = log.acquire(group, account, &limits, &at);
            log.refund(group, account, &at);
            log.block(group, account, &at, Duration::MAX);
            let locked = log.check(group, account, &limits, &at).expect_err("a block is in force");
            assert!(locked.retry_after <= day, "{locked:?} after {admitted:?}");
        }
    }
}
