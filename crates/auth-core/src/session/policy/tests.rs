use super::*;
use crate::{
    BootTime, Cookies, IssuedToken, Office, Timestamp, TokenPair,
    ports::TransportError,
    secret::{AccessToken, RefreshToken},
    session::Sequence,
};

/// `seconds` after the session came, by a clock that nobody sets; the wall clock is `wall` seconds off.
fn after(seconds: u64, wall: i64) -> ClockReading {
    let boot = BootTime { id: 1, elapsed: Duration::from_secs(1000 + seconds) };
    let wall = Timestamp::from_second(1_000_000 + seconds as i64 + wall).unwrap();
    ClockReading { wall, boot: Some(boot) }
}

fn session(access: i64, refresh: i64) -> StoredSession {
    let at = |second: i64| Some(Timestamp::from_second(second).unwrap());
    StoredSession {
        office: Office::Front,
        account: "ann@example.com".into(),
        client_id: None,
        tokens: TokenPair {
            access: IssuedToken { token: AccessToken::new("a"), created_at: at(0), expires_at: at(access) },
            refresh: IssuedToken {
                token: RefreshToken::new("r"),
                created_at: at(0),
                expires_at: at(refresh),
            },
        },
        received: after(0, 0),
        host_now: None,
        refresh_history: RefreshHistory::default(),
        sequence: Sequence::default(),
        cookies: Cookies::default(),
        signing_out: false,
    }
}

const DAY: i64 = 86_400;

fn policy() -> SessionPolicy {
    SessionPolicy::default()
}

#[test]
fn a_token_is_served_then_refreshed_meanwhile_then_refreshed_first() {
    let session = session(900, 3600);
    let seconds = Duration::from_secs;
    for wall in [0, DAY, -DAY] {
        assert_eq!(policy().token_freshness(&session, &after(0, wall)), Freshness::Fresh(seconds(840)));
        assert_eq!(policy().token_freshness(&session, &after(840, wall)), Freshness::Stale(seconds(60)));
        assert_eq!(policy().token_freshness(&session, &after(899, wall)), Freshness::Stale(seconds(1)));
        assert_eq!(
            policy().token_freshness(&session, &after(900, wall)),
            Freshness::Expired { uncertain: false }
        );
    }
    let early = SessionPolicy { jitter: 1.0 };
    assert_eq!(
        early.token_freshness(&session, &after(0, 0)),
        Freshness::Fresh(seconds(780)),
        "by chance a little earlier"
    );
}

#[test]
fn a_token_of_short_or_unknown_lifetime_is_used() {
    assert_eq!(
        policy().token_freshness(&session(2, 60), &after(0, 0)),
        Freshness::Fresh(Duration::from_millis(1800))
    );
    assert_eq!(
        policy().token_freshness(&session(2, 60), &after(2, 0)),
        Freshness::Expired { uncertain: false }
    );
    assert_eq!(
        policy().token_freshness(&session(0, 0), &after(1_000_000, 0)),
        Freshness::Fresh(Duration::MAX)
    );
}

#[test]
fn a_wall_clock_that_was_set_back_leaves_the_age_unknown() {
    let mut old = session(900, 3600);
    old.received.boot = None;
    assert_eq!(policy().token_freshness(&old, &after(10, -DAY)), Freshness::Expired { uncertain: true });
    assert!(!policy().has_min_ttl(&old, &after(10, -DAY), Duration::ZERO));
}

#[test]
fn a_minimum_ttl_is_met_as_far_as_a_refresh_could_meet_it() {
    let session = session(900, 3600);
    let wish = Duration::from_secs(3000);
    assert!(policy().has_min_ttl(&session, &after(89, 0), wish));
    assert!(!policy().has_min_ttl(&session, &after(91, 0), wish));
    assert!(policy().has_min_ttl(&session, &after(600, 0), Duration::from_secs(300)));
}

#[test]
fn the_intent_is_written_and_a_refresh_token_past_its_time_is_not_sent() {
    let session = session(900, 3600);
    let before = policy().check_refresh_allowed(&session, RefreshTrigger::Proactive, &after(850, 0)).unwrap();
    assert!(before.refresh_history.in_flight_or_lost && !session.refresh_history.in_flight_or_lost);
    let over = policy().check_refresh_allowed(&session, RefreshTrigger::Explicit, &after(3600, -DAY));
    assert!(matches!(over, Err(SessionError::Ended)), "for certain");
    let mut uncertain = session.clone();
    uncertain.received.boot = None;
    let asked = policy().check_refresh_allowed(&uncertain, RefreshTrigger::TokenNeeded, &after(60, DAY));
    assert!(asked.is_ok(), "the wall clock alone is not believed: the host knows");
}

fn kept(error: CallError, was_not_sent: bool) -> RefreshOutcome {
    RefreshOutcome::Kept { error, was_not_sent }
}

#[test]
fn only_the_hosts_own_401_ends_a_session() {
    let session = session(900, 3600);
    let failures = [
        CallError::HostFailed { status: 503, retry_after: None },
        CallError::NotB2Core { what: "a web page", status: 200 },
        CallError::Redirected { status: 302, to: None },
        CallError::BlockedByGateway { by: crate::Gateway::Protection, status: 403 },
        CallError::Protocol { what: "half a pair" },
        TransportError::Interrupted.into(),
        TransportError::TimedOut.into(),
    ];
    for error in failures {
        let result = policy().on_refresh_outcome(&session, kept(error, false), &after(900, 0));
        let record = result.keep.expect("the session is kept");
        assert!(record.refresh_history.in_flight_or_lost, "the answer may have been lost");
        assert!(record.refresh_history.backoff.is_some() && !record.refresh_history.rejected);
        assert!(matches!(result.result, Err(SessionError::Call(_))));
    }
    let offline =
        policy().on_refresh_outcome(&session, kept(TransportError::Unreachable.into(), true), &after(900, 0));
    assert_eq!(
        offline.keep.unwrap().refresh_history,
        RefreshHistory::default(),
        "it costs nothing, so it may be tried at once"
    );
    let ended = policy().on_refresh_outcome(&session, RefreshOutcome::Ended, &after(900, 0));
    assert!(ended.keep.is_none() && matches!(ended.result, Err(SessionError::Ended)));
}

#[test]
fn a_refusal_holds_back_every_refresh_but_an_explicit_one() {
    let server_message = ServerMessage::default();
    let result = policy().on_refresh_outcome(
        &session(900, 3600),
        RefreshOutcome::Refused { server_message },
        &after(900, 0),
    );
    let record = result.keep.unwrap();
    assert!(record.refresh_history.rejected && !record.refresh_history.in_flight_or_lost);
    for trigger in [RefreshTrigger::Proactive, RefreshTrigger::TokenNeeded] {
        let again = policy().check_refresh_allowed(&record, trigger, &after(901, 0));
        assert!(matches!(again, Err(SessionError::ReauthenticationRequired { .. })));
    }
    assert!(policy().check_refresh_allowed(&record, RefreshTrigger::Explicit, &after(901, 0)).is_ok());
    assert_eq!(
        policy().token_freshness(&record, &after(890, 0)),
        Freshness::Fresh(Duration::from_secs(10)),
        "until it expires"
    );
}

#[test]
fn unrecognized_401s_with_something_between_or_far_apart_are_not_in_a_row() {
    let unrecognized = |stored: &StoredSession, seconds| {
        let now = after(seconds, 0);
        let result = policy().on_refresh_outcome(stored, RefreshOutcome::Unrecognized401, &now);
        result.keep.expect("kept")
    };
    let failed = |stored: &StoredSession, error: CallError, seconds| {
        let outcome = RefreshOutcome::Kept { error, was_not_sent: false };
        policy().on_refresh_outcome(stored, outcome, &after(seconds, 0)).keep.expect("kept")
    };
    let first = unrecognized(&session(900, 3600), 0);
    for between in [
        CallError::HostFailed { status: 503, retry_after: None },
        CallError::NotB2Core { what: "a web page", status: 200 },
        TransportError::TimedOut.into(),
    ] {
        let second = unrecognized(&failed(&first, between, 5), 10);
        assert!(!second.refresh_history.rejected);
        assert_eq!(second.refresh_history.unrecognized_401s, 1);
    }
    assert!(!unrecognized(&first, 3 * 86_400).refresh_history.rejected, "days apart");
    assert!(unrecognized(&first, 10).refresh_history.rejected);
}

#[test]
fn a_second_unrecognized_401_in_a_row_counts_as_a_refusal() {
    let first =
        policy().on_refresh_outcome(&session(900, 3600), RefreshOutcome::Unrecognized401, &after(900, 0));
    assert!(matches!(first.result, Err(SessionError::Call(CallError::NotB2Core { status: 401, .. }))));
    let second =
        policy().on_refresh_outcome(&first.keep.unwrap(), RefreshOutcome::Unrecognized401, &after(910, 0));
    assert!(matches!(second.result, Err(SessionError::ReauthenticationRequired { .. })));
    assert!(second.keep.unwrap().refresh_history.rejected);
}

#[test]
fn a_backoff_binds_whoever_can_wait_and_everybody_after_repeated_failures() {
    let mut record = session(900, 3600);
    let fail = |record: &StoredSession, retry_after| {
        let error = CallError::HostFailed { status: 503, retry_after };
        policy().on_refresh_outcome(record, kept(error, false), &after(900, 0)).keep.unwrap()
    };
    let now = after(901, 0);
    record = fail(&record, None);
    assert!(matches!(
        policy().check_refresh_allowed(&record, RefreshTrigger::Proactive, &now),
        Err(SessionError::BackingOff { .. })
    ));
    assert!(
        policy().check_refresh_allowed(&record, RefreshTrigger::TokenNeeded, &now).is_ok(),
        "somebody waits: once more"
    );
    record = fail(&fail(&record, None), None);
    assert!(matches!(
        policy().check_refresh_allowed(&record, RefreshTrigger::TokenNeeded, &now),
        Err(SessionError::BackingOff { .. })
    ));
    assert!(policy().check_refresh_allowed(&record, RefreshTrigger::Explicit, &now).is_ok());
    assert!(
        policy().check_refresh_allowed(&record, RefreshTrigger::TokenNeeded, &after(960, 0)).is_ok(),
        "the backoff is over"
    );
    let from_retry_after = fail(&record, Some(Duration::from_secs(30)));
    let Err(SessionError::BackingOff { retry_after }) =
        policy().check_refresh_allowed(&from_retry_after, RefreshTrigger::Explicit, &now)
    else {
        panic!("the host asked for a backoff")
    };
    assert_eq!(retry_after, Duration::from_secs(29));
}

#[test]
fn a_refresh_of_unknown_outcome_is_repeated_while_the_old_token_is_usable() {
    let mut record = session(900, 3600);
    record.refresh_history.in_flight_or_lost = true;
    assert_eq!(policy().token_freshness(&record, &after(10, 0)), Freshness::Stale(Duration::from_secs(890)));
    let failed =
        policy().on_refresh_outcome(&record, kept(TransportError::TimedOut.into(), false), &after(10, 0));
    let record = failed.keep.unwrap();
    assert!(
        matches!(policy().token_freshness(&record, &after(11, 0)), Freshness::Fresh(_)),
        "not before the backoff is over"
    );
}

#[test]
fn a_401_leads_to_a_refresh_unless_there_is_a_newer_token_or_this_one_was_just_issued() {
    let session = session(900, 3600);
    let decide = |is_current, seconds| policy().on_unauthorized(&session, is_current, &after(seconds, 0));
    assert_eq!(decide(false, 0), Unauthorized401::UseNewer);
    assert_eq!(decide(false, 400), Unauthorized401::UseNewer);
    assert_eq!(decide(true, 29), Unauthorized401::KeepCurrent);
    assert_eq!(decide(true, 30), Unauthorized401::Refresh);
    let short = policy().on_unauthorized(&self::session(60, 3600), true, &after(6, 0));
    assert_eq!(short, Unauthorized401::Refresh, "a tenth of a short lifetime is over");
    let mut no_boot_clock = session.clone();
    no_boot_clock.received.boot = None;
    assert_eq!(
        policy().on_unauthorized(&no_boot_clock, true, &after(5, -DAY)),
        Unauthorized401::Refresh,
        "its age is not known"
    );
}

#[test]
fn the_pair_in_the_store_counts_if_it_is_another_and_usable() {
    let in_memory = session(900, 3600);
    let other = |received| StoredSession {
        tokens: TokenPair {
            access: IssuedToken { token: AccessToken::new("b"), ..session(900, 3600).tokens.access },
            ..session(900, 3600).tokens
        },
        received,
        ..in_memory.clone()
    };
    let decide = |is_saved, stored: &StoredSession, seconds| {
        policy().on_stored_record(&in_memory, is_saved, stored, &after(seconds, 0))
    };
    let (later, earlier) = (other(after(800, 0)), other(ClockReading { boot: None, ..after(0, -10) }));
    assert_eq!(decide(true, &in_memory, 900), StoredRecord::RefreshStored);
    assert_eq!(decide(true, &later, 900), StoredRecord::UseStored);
    assert_eq!(decide(true, &later, 1700), StoredRecord::RefreshStored, "another one, but it has expired");
    assert_eq!(decide(false, &in_memory, 900), StoredRecord::RefreshStored, "it has landed after all");
    assert_eq!(decide(false, &earlier, 800), StoredRecord::SaveInMemory, "the store is behind");
    assert_eq!(decide(false, &later, 900), StoredRecord::UseStored);
    assert_eq!(decide(false, &later, 1700), StoredRecord::RefreshStored);
}

#[test]
fn a_service_refreshes_ahead_but_no_session_all_the_time() {
    let (seconds, session) = (Duration::from_secs, session(900, 3600));
    let due_in = |session: &StoredSession, now: ClockReading, within| {
        policy().due_in(session, &now, seconds(within)).map(|left| left.as_secs())
    };
    assert_eq!(due_in(&session, after(0, 0), 120), Some(780));
    assert_eq!(due_in(&session, after(780, DAY), 120), Some(0));
    assert_eq!(due_in(&session, after(2000, 0), 120), Some(0), "it has expired");
    assert_eq!(due_in(&session, after(0, 0), 10_000), Some(450), "half of its life");
    // Of a machine whose clock is ahead, as this one reads it; and of one that is further off.
    let wall = |second| ClockReading::wall_clock_only(Timestamp::from_second(second).unwrap());
    assert_eq!(due_in(&session, wall(1_000_000 - 300), 120), Some(780));
    assert_eq!(due_in(&session, wall(1_000_000 - 3600), 120), Some(0));

    let with = |refresh_history| StoredSession { refresh_history, ..session.clone() };
    let lost = with(RefreshHistory { in_flight_or_lost: true, ..RefreshHistory::default() });
    assert_eq!(due_in(&lost, after(1, 0), 120), Some(0), "a process died in the middle of it");
    let failed = with(RefreshHistory::default().after_failure(&after(850, 0), Some(seconds(20)), 0.0));
    assert_eq!(due_in(&failed, after(860, 0), 120), Some(10), "the host has asked for so long");
    assert_eq!(due_in(&with(RefreshHistory::after_rejection(0)), after(890, 0), 120), None);
    assert_eq!(due_in(&StoredSession { signing_out: true, ..session.clone() }, after(890, 0), 120), None);
    let mut unknown = session.clone();
    (unknown.tokens.access.created_at, unknown.tokens.access.expires_at) = (None, None);
    assert_eq!(due_in(&unknown, after(890, 0), 120), None);
}
