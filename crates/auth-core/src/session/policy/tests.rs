use super::*;
use crate::{
    BootTime, IssuedToken, Office, Timestamp, TokenPair,
    ports::TransportError,
    secret::{AccessToken, RefreshToken},
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
        assert_eq!(policy().freshness(&session, &after(0, wall)), Freshness::Fresh(seconds(840)));
        assert_eq!(policy().freshness(&session, &after(840, wall)), Freshness::Stale(seconds(60)));
        assert_eq!(policy().freshness(&session, &after(899, wall)), Freshness::Stale(seconds(1)));
        assert_eq!(policy().freshness(&session, &after(900, wall)), Freshness::Expired { uncertain: false });
    }
    let early = SessionPolicy { jitter: 1.0 };
    assert_eq!(
        early.freshness(&session, &after(0, 0)),
        Freshness::Fresh(seconds(780)),
        "by chance a little earlier"
    );
}

#[test]
fn a_short_life_is_used_and_an_untold_one_too() {
    assert_eq!(
        policy().freshness(&session(2, 60), &after(0, 0)),
        Freshness::Fresh(Duration::from_millis(1800))
    );
    assert_eq!(policy().freshness(&session(2, 60), &after(2, 0)), Freshness::Expired { uncertain: false });
    assert_eq!(policy().freshness(&session(0, 0), &after(1_000_000, 0)), Freshness::Fresh(Duration::MAX));
}

#[test]
fn a_clock_set_back_without_another_one_leaves_doubt() {
    let mut old = session(900, 3600);
    old.received.boot = None;
    assert_eq!(policy().freshness(&old, &after(10, -DAY)), Freshness::Expired { uncertain: true });
    assert!(!policy().has_min_ttl(&old, &after(10, -DAY), Duration::ZERO));
}

#[test]
fn a_wish_for_time_left_is_met_as_far_as_a_refresh_could_meet_it() {
    let session = session(900, 3600);
    let wish = Duration::from_secs(3000);
    assert!(policy().has_min_ttl(&session, &after(89, 0), wish));
    assert!(!policy().has_min_ttl(&session, &after(91, 0), wish));
    assert!(policy().has_min_ttl(&session, &after(600, 0), Duration::from_secs(300)));
}

#[test]
fn the_intent_is_written_and_a_refresh_token_past_its_time_is_not_sent() {
    let session = session(900, 3600);
    let before = policy().before(&session, RefreshTrigger::Proactive, &after(850, 0)).unwrap();
    assert!(before.refresh_history.in_flight_or_lost && !session.refresh_history.in_flight_or_lost);
    let over = policy().before(&session, RefreshTrigger::Explicit, &after(3600, -DAY));
    assert!(matches!(over, Err(SessionError::Ended)), "for certain");
    let mut uncertain = session.clone();
    uncertain.received.boot = None;
    let asked = policy().before(&uncertain, RefreshTrigger::TokenNeeded, &after(60, DAY));
    assert!(asked.is_ok(), "the wall clock alone is not believed: the host knows");
}

fn kept(error: CallError, was_not_sent: bool) -> RefreshOutcome {
    RefreshOutcome::Kept { error, was_not_sent }
}

#[test]
fn nothing_but_the_hosts_word_ends_a_session() {
    let session = session(900, 3600);
    let failures = [
        CallError::HostFailed { status: 503, retry_after: None },
        CallError::NotB2Core { what: "a web page", status: 200 },
        CallError::Redirected { status: 302 },
        CallError::Protocol { what: "half a pair" },
        TransportError::Interrupted.into(),
        TransportError::TimedOut.into(),
    ];
    for error in failures {
        let settled = policy().after(&session, kept(error, false), &after(900, 0));
        let record = settled.keep.expect("the session is kept");
        assert!(record.refresh_history.in_flight_or_lost, "the answer may have been lost");
        assert!(record.refresh_history.backoff.is_some() && !record.refresh_history.rejected);
        assert!(matches!(settled.result, Err(SessionError::Call(_))));
    }
    let offline = policy().after(&session, kept(TransportError::Unreachable.into(), true), &after(900, 0));
    assert_eq!(
        offline.keep.unwrap().refresh_history,
        RefreshHistory::default(),
        "it costs nothing, so it may be tried at once"
    );
    let ended = policy().after(&session, RefreshOutcome::Ended, &after(900, 0));
    assert!(ended.keep.is_none() && matches!(ended.result, Err(SessionError::Ended)));
}

#[test]
fn a_refusal_is_remembered_and_repeated_to_everybody_but_who_asks_by_name() {
    let server_message = ServerMessage::default();
    let settled =
        policy().after(&session(900, 3600), RefreshOutcome::Refused { server_message }, &after(900, 0));
    let record = settled.keep.unwrap();
    assert!(record.refresh_history.rejected && !record.refresh_history.in_flight_or_lost);
    for trigger in [RefreshTrigger::Proactive, RefreshTrigger::TokenNeeded] {
        let again = policy().before(&record, trigger, &after(901, 0));
        assert!(matches!(again, Err(SessionError::ReauthenticationRequired { .. })));
    }
    assert!(policy().before(&record, RefreshTrigger::Explicit, &after(901, 0)).is_ok());
    assert_eq!(
        policy().freshness(&record, &after(890, 0)),
        Freshness::Fresh(Duration::from_secs(10)),
        "while it lasts"
    );
}

#[test]
fn a_401_without_the_hosts_form_counts_the_second_time() {
    let first = policy().after(&session(900, 3600), RefreshOutcome::Unrecognized401, &after(900, 0));
    assert!(matches!(first.result, Err(SessionError::Call(CallError::NotB2Core { status: 401, .. }))));
    let second = policy().after(&first.keep.unwrap(), RefreshOutcome::Unrecognized401, &after(910, 0));
    assert!(matches!(second.result, Err(SessionError::ReauthenticationRequired { .. })));
    assert!(second.keep.unwrap().refresh_history.rejected);
}

#[test]
fn rests_hold_back_who_can_wait_and_who_would_make_it_worse() {
    let mut record = session(900, 3600);
    let fail = |record: &StoredSession, retry_after| {
        let error = CallError::HostFailed { status: 503, retry_after };
        policy().after(record, kept(error, false), &after(900, 0)).keep.unwrap()
    };
    let now = after(901, 0);
    record = fail(&record, None);
    assert!(matches!(
        policy().before(&record, RefreshTrigger::Proactive, &now),
        Err(SessionError::BackingOff { .. })
    ));
    assert!(policy().before(&record, RefreshTrigger::TokenNeeded, &now).is_ok(), "somebody waits: once more");
    record = fail(&fail(&record, None), None);
    assert!(matches!(
        policy().before(&record, RefreshTrigger::TokenNeeded, &now),
        Err(SessionError::BackingOff { .. })
    ));
    assert!(policy().before(&record, RefreshTrigger::Explicit, &now).is_ok());
    assert!(
        policy().before(&record, RefreshTrigger::TokenNeeded, &after(960, 0)).is_ok(),
        "the backoff is over"
    );
    let from_retry_after = fail(&record, Some(Duration::from_secs(30)));
    let Err(SessionError::BackingOff { retry_after }) =
        policy().before(&from_retry_after, RefreshTrigger::Explicit, &now)
    else {
        panic!("the host in_flight_or_lost to be left alone")
    };
    assert_eq!(retry_after, Duration::from_secs(29));
}

#[test]
fn a_lost_answer_is_made_up_for_at_once_while_the_old_token_serves() {
    let mut record = session(900, 3600);
    record.refresh_history.in_flight_or_lost = true;
    assert_eq!(policy().freshness(&record, &after(10, 0)), Freshness::Stale(Duration::from_secs(890)));
    let failed = policy().after(&record, kept(TransportError::TimedOut.into(), false), &after(10, 0));
    let record = failed.keep.unwrap();
    assert!(
        matches!(policy().freshness(&record, &after(11, 0)), Freshness::Fresh(_)),
        "but not again and again"
    );
}
