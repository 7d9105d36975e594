use super::*;
use crate::{
    BootTime, Timestamp,
    attempts::LimitGroup::{MailedCode, SignIn},
};

/// A reading of the wall clock alone.
fn at(second: i64) -> ClockReading {
    ClockReading::wall_clock_only(Timestamp::from_second(1_800_000_000 + second).unwrap())
}

/// So many seconds after the start by a clock that nobody sets; the wall clock is `off`.
fn both(second: i64, off: i64) -> ClockReading {
    let elapsed = Duration::from_secs(1000 + second.unsigned_abs());
    ClockReading { boot: Some(BootTime { id: 1, elapsed }), ..at(second + off) }
}

fn wait(result: Result<(), LockedOut>) -> Option<(u64, LockedOutBy)> {
    result.err().map(|lock| (lock.retry_after.as_secs(), lock.by))
}

#[test]
fn the_attempt_that_would_bring_the_block_is_not_made() {
    let limits = Limits::default();
    let mut log = AttemptLog::default();
    for second in [0, 10, 20, 30, 40] {
        assert_eq!(wait(log.acquire(SignIn, "Ann@Example.com", &limits, &at(second))), None);
    }
    assert_eq!(
        wait(log.acquire(SignIn, "ann@example.com ", &limits, &at(50))),
        Some((12, LockedOutBy::RateLimiter))
    );
    assert_eq!(wait(log.acquire(SignIn, "bob@example.com", &limits, &at(50))), None, "another account");
    assert_eq!(wait(log.acquire(MailedCode, "ann@example.com", &limits, &at(50))), None, "another limit");
    assert_eq!(
        wait(log.acquire(SignIn, "ann@example.com", &limits, &at(62))),
        None,
        "the first has left the window"
    );
    assert_eq!(
        wait(log.check(SignIn, "ann@example.com", &limits, &at(63))),
        Some((9, LockedOutBy::RateLimiter))
    );
}

#[test]
fn what_is_left_is_known() {
    let limits = Limits::default();
    let mut log = AttemptLog::default();
    let left = |log: &AttemptLog, second| log.left(MailedCode, "Ann", &limits, &at(second));
    assert_eq!(left(&log, 0), Some(3));
    for (second, expected) in [(0, 2), (10, 1), (20, 0)] {
        log.acquire(MailedCode, "ann", &limits, &at(second)).unwrap();
        assert_eq!(left(&log, second), Some(expected));
    }
    assert_eq!(left(&log, 62), Some(1), "the first has left the window");
    log.block(MailedCode, "ann", &at(70), Duration::from_secs(600));
    assert_eq!((left(&log, 71), left(&log, 700)), (Some(0), Some(3)));
    assert_eq!(log.left(MailedCode, "ann", &Limits::unlimited(), &at(71)), None);
}

#[test]
fn an_attempt_that_never_reached_the_host_is_given_back() {
    let limits = Limits::default();
    let mut log = AttemptLog::default();
    for second in 0..3 {
        log.acquire(MailedCode, "ann", &limits, &at(second)).unwrap();
    }
    assert!(log.check(MailedCode, "ann", &limits, &at(3)).is_err());
    log.refund(MailedCode, "ann", &at(1));
    assert!(log.check(MailedCode, "ann", &limits, &at(3)).is_ok());
    log.refund(MailedCode, "ann", &at(99));
    log.refund(MailedCode, "nobody", &at(1));
    log.acquire(MailedCode, "ann", &limits, &at(3)).unwrap();
    assert!(log.check(MailedCode, "ann", &limits, &at(3)).is_err());
}

#[test]
fn a_block_is_remembered_until_it_ends_and_through_bytes() {
    let limits = Limits::unlimited();
    let mut log = AttemptLog::default();
    log.block(SignIn, "ann", &at(0), Duration::from_secs(600));
    let log = AttemptLog::decode(log.encode().expose()).unwrap();
    assert_eq!(wait(log.check(SignIn, "ann", &limits, &at(1))), Some((599, LockedOutBy::Host)));
    assert_eq!(wait(log.check(SignIn, "ann", &limits, &at(600))), None);
}

#[test]
fn a_clock_set_back_cannot_lock_anybody_out_for_long() {
    let limits = Limits::default();
    let mut log = AttemptLog::default();
    log.block(SignIn, "ann", &at(10_000_000), Duration::from_secs(600));
    for _ in 0..5 {
        log.acquire(SignIn, "eve", &limits, &at(10_000_000)).unwrap();
    }
    log.block(SignIn, "bob", &at(0), Duration::from_secs(u64::MAX));
    assert_eq!(wait(log.check(SignIn, "ann", &limits, &at(0))), None);
    assert_eq!(wait(log.check(SignIn, "bob", &limits, &at(1))), Some((86_399, LockedOutBy::Host)));
    assert_eq!(wait(log.check(SignIn, "eve", &limits, &at(0))), None);
}

#[test]
fn old_entries_do_not_pile_up() {
    let limits = Limits::default();
    let mut log = AttemptLog::default();
    for n in 0..1000 {
        log.acquire(SignIn, &format!("user{n}"), &limits, &at(n * 63)).unwrap();
    }
    assert_eq!(log.entries.len(), 1);
}

#[test]
fn a_newer_format_is_told_apart_from_damage() {
    assert_eq!(AttemptLog::decode(br#"{"v":2,"entries":[]}"#), Err(RecordError::Newer { found: 2 }));
    assert_eq!(AttemptLog::decode(b"{}"), Err(RecordError::Malformed));
    let unknown =
        br#"{"v":1,"entries":[{"group":"later","account":"a","attempts":[],"blocked_until":null}]}"#;
    assert_eq!(AttemptLog::decode(unknown), Ok(AttemptLog::default()));
}

#[test]
fn a_process_a_moment_ahead_counts_too() {
    let limits = Limits::default();
    let mut log = AttemptLog::default();
    for second in [5, 4, 3, 2, 1] {
        log.acquire(SignIn, "ann", &limits, &at(second)).unwrap();
    }
    assert_eq!(wait(log.acquire(SignIn, "ann", &limits, &at(0))), Some((62, LockedOutBy::RateLimiter)));
}

#[test]
fn a_shorter_wait_does_not_shorten_a_block() {
    let mut log = AttemptLog::default();
    log.block(SignIn, "ann", &at(0), Duration::from_secs(500));
    log.block(SignIn, "ann", &at(1), Duration::from_secs(2));
    assert_eq!(wait(log.check(SignIn, "ann", &Limits::default(), &at(1))), Some((499, LockedOutBy::Host)));
}

#[test]
fn an_attempt_counts_from_its_answer_on() {
    let limits = Limits::default();
    let mut log = AttemptLog::default();
    for second in 0..5 {
        log.acquire(SignIn, "ann", &limits, &both(second, 0)).unwrap();
    }
    // Read back, as by another process: to the millisecond.
    let mut log = AttemptLog::decode(log.encode().expose()).unwrap();
    log.answered(SignIn, "ann", &both(0, 0), &both(29, 0));
    assert_eq!(wait(log.check(SignIn, "ann", &limits, &both(29, 0))), Some((34, LockedOutBy::RateLimiter)));
    log.answered(SignIn, "ann", &both(99, 0), &both(100, 0));
}

#[test]
fn setting_the_wall_clock_changes_neither_a_block_nor_the_count() {
    let limits = Limits::default();
    for off in [-43_200, -120, -1, 0, 1, 120, 3600] {
        let mut log = AttemptLog::default();
        for second in 0..5 {
            log.acquire(SignIn, "ann", &limits, &both(second, 0)).unwrap();
        }
        log.block(MailedCode, "ann", &both(0, 0), Duration::from_secs(600));
        let log = AttemptLog::decode(log.encode().expose()).unwrap();
        let waits = |group, second| wait(log.check(group, "ann", &limits, &both(second, off)));
        assert_eq!(waits(SignIn, 5), Some((57, LockedOutBy::RateLimiter)), "{off}");
        assert_eq!(waits(SignIn, 62), None, "{off}");
        assert_eq!(waits(MailedCode, 1), Some((599, LockedOutBy::Host)), "{off}");
        assert_eq!(waits(MailedCode, 600), None, "{off}");
    }
}

#[test]
fn a_record_of_the_first_format_still_counts() {
    let old = br#"{"v":1,"entries":[
        {"group":"sign_in","account":"ann","attempts":["2027-01-15T08:00:00Z"],"blocked_until":null},
        {"group":"mailed_code","account":"ann","attempts":[],"blocked_until":"2027-01-15T08:10:00Z"}]}"#;
    let log = AttemptLog::decode(old).unwrap();
    assert_eq!(
        wait(log.check(MailedCode, "ann", &Limits::default(), &at(1))),
        Some((599, LockedOutBy::Host))
    );
    let one = Limits {
        sign_in: crate::attempts::Limit { attempts: Some(1), ..Limits::default().sign_in },
        ..Limits::default()
    };
    assert_eq!(wait(log.check(SignIn, "ann", &one, &at(1))), Some((61, LockedOutBy::RateLimiter)));
}
