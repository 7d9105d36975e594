//! A session and a log of attempts from a store.

use crate::now;
use auth_core::{
    attempts::{AttemptLog, LimitGroup, Limits},
    session::StoredSession,
};
use std::time::Duration;

/// What reads is written in one form, and that form is read as the same record.
pub fn check(data: &[u8]) {
    if let Ok(session) = StoredSession::decode(data) {
        let kept = session.encode();
        let again = StoredSession::decode(kept.expose()).expect("our own bytes");
        assert_eq!(again.encode().expose(), kept.expose());
        assert_eq!(
            (again.access_ends(), again.refresh_ends()),
            (session.access_ends(), session.refresh_ends())
        );
    }
    if let Ok(log) = AttemptLog::decode(data) {
        let again = AttemptLog::decode(log.encode().expose()).expect("our own bytes");
        assert_eq!(again, log);
        serves(log);
    }
}

/// Whatever is in it, it can be used, and it never shuts an account out for longer than a day.
fn serves(mut log: AttemptLog) {
    let (day, limits) = (Duration::from_secs(24 * 60 * 60), Limits::default());
    for group in LimitGroup::ALL {
        for account in ["", "ann@example.com"] {
            if let Err(locked) = log.check(group, account, &limits, now()) {
                assert!(!locked.retry_after.is_zero() && locked.retry_after <= day, "{locked:?}");
            }
            let admitted = log.admit(group, account, &limits, now());
            log.refund(group, account, now());
            log.block(group, account, now(), Duration::MAX);
            let locked = log.check(group, account, &limits, now()).expect_err("a block is in force");
            assert!(locked.retry_after <= day, "{locked:?} after {admitted:?}");
        }
    }
}
