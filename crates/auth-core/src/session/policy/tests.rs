use super::*;
use crate::{
    Dated, Office, SinceBoot, Timestamp, TokenPair,
    ports::TransportError,
    secret::{AccessToken, RefreshToken},
};

/// `seconds` after the session came, by a clock that nobody sets; the wall clock is `wall` seconds off.
fn after(seconds: u64, wall: i64) -> Moment {
    let boot = SinceBoot { id: 1, elapsed: Duration::from_secs(1000 + seconds) };
    let wall = Timestamp::from_second(1_000_000 + seconds as i64 + wall).unwrap();
    Moment { wall, boot: Some(boot) }
}

fn session(access: i64, refresh: i64) -> StoredSession {
    let at = |second: i64| Some(Timestamp::from_second(second).unwrap());
    StoredSession {
        office: Office::Front,
        account: "ann@example.com".into(),
        client_id: None,
        tokens: TokenPair {
            access: Dated { token: AccessToken::new("a"), created_at: at(0), expires_at: at(access) },
            refresh: Dated { token: RefreshToken::new("r"), created_at: at(0), expires_at: at(refresh) },
        },
        received: after(0, 0),
        host_now: None,
        standing: Standing::default(),
    }
}

const DAY: i64 = 86_400;

fn policy() -> SessionPolicy {
    SessionPolicy::default()
}

#[test]
fn a_token_is_served_then_renewed_meanwhile_then_renewed_first() {
    let session = session(900, 3600);
    let seconds = Duration::from_secs;
    for wall in [0, DAY, -DAY] {
        assert_eq!(policy().lend(&session, &after(0, wall)), Lend::Serve(seconds(840)));
        assert_eq!(policy().lend(&session, &after(840, wall)), Lend::ServeAndRenew(seconds(60)));
        assert_eq!(policy().lend(&session, &after(899, wall)), Lend::ServeAndRenew(seconds(1)));
        assert_eq!(policy().lend(&session, &after(900, wall)), Lend::RenewFirst { doubtful: false });
    }
    let early = SessionPolicy { jitter: 1.0 };
    assert_eq!(early.lend(&session, &after(0, 0)), Lend::Serve(seconds(780)), "by chance a little earlier");
}

#[test]
fn a_short_life_is_used_and_an_untold_one_too() {
    assert_eq!(policy().lend(&session(2, 60), &after(0, 0)), Lend::Serve(Duration::from_millis(1800)));
    assert_eq!(policy().lend(&session(2, 60), &after(2, 0)), Lend::RenewFirst { doubtful: false });
    assert_eq!(policy().lend(&session(0, 0), &after(1_000_000, 0)), Lend::Serve(Duration::MAX));
}

#[test]
fn a_clock_set_back_without_another_one_leaves_doubt() {
    let mut old = session(900, 3600);
    old.received.boot = None;
    assert_eq!(policy().lend(&old, &after(10, -DAY)), Lend::RenewFirst { doubtful: true });
    assert!(!policy().lasts(&old, &after(10, -DAY), Duration::ZERO));
}

#[test]
fn a_wish_for_time_left_is_met_as_far_as_a_renewal_could_meet_it() {
    let session = session(900, 3600);
    let wish = Duration::from_secs(3000);
    assert!(policy().lasts(&session, &after(89, 0), wish));
    assert!(!policy().lasts(&session, &after(91, 0), wish));
    assert!(policy().lasts(&session, &after(600, 0), Duration::from_secs(300)));
}

#[test]
fn the_intent_is_written_and_a_refresh_token_past_its_time_is_not_sent() {
    let session = session(900, 3600);
    let before = policy().before(&session, Wanted::Ahead, &after(850, 0)).unwrap();
    assert!(before.standing.asked && !session.standing.asked);
    let over = policy().before(&session, Wanted::ByName, &after(3600, -DAY));
    assert!(matches!(over, Err(SessionError::Ended)), "for certain");
    let mut doubtful = session.clone();
    doubtful.received.boot = None;
    let asked = policy().before(&doubtful, Wanted::Needed, &after(60, DAY));
    assert!(asked.is_ok(), "the wall clock alone is not believed: the host knows");
}

fn kept(error: CallError, never_sent: bool) -> RefreshOutcome {
    RefreshOutcome::Kept { error, never_sent }
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
        assert!(record.standing.asked, "the answer may have been lost");
        assert!(record.standing.rest.is_some() && !record.standing.refused);
        assert!(matches!(settled.result, Err(SessionError::Call(_))));
    }
    let offline = policy().after(&session, kept(TransportError::Unreachable.into(), true), &after(900, 0));
    assert_eq!(
        offline.keep.unwrap().standing,
        Standing::default(),
        "it costs nothing, so it may be tried at once"
    );
    let ended = policy().after(&session, RefreshOutcome::Ended, &after(900, 0));
    assert!(ended.keep.is_none() && matches!(ended.result, Err(SessionError::Ended)));
}

#[test]
fn a_refusal_is_remembered_and_repeated_to_everybody_but_who_asks_by_name() {
    let said = ServerText::default();
    let settled = policy().after(&session(900, 3600), RefreshOutcome::Refused { said }, &after(900, 0));
    let record = settled.keep.unwrap();
    assert!(record.standing.refused && !record.standing.asked);
    for wanted in [Wanted::Ahead, Wanted::Needed] {
        let again = policy().before(&record, wanted, &after(901, 0));
        assert!(matches!(again, Err(SessionError::NeedsSignIn { .. })));
    }
    assert!(policy().before(&record, Wanted::ByName, &after(901, 0)).is_ok());
    assert_eq!(
        policy().lend(&record, &after(890, 0)),
        Lend::Serve(Duration::from_secs(10)),
        "while it lasts"
    );
}

#[test]
fn a_401_without_the_hosts_form_counts_the_second_time() {
    let first = policy().after(&session(900, 3600), RefreshOutcome::Bare401, &after(900, 0));
    assert!(matches!(first.result, Err(SessionError::Call(CallError::NotB2Core { status: 401, .. }))));
    let second = policy().after(&first.keep.unwrap(), RefreshOutcome::Bare401, &after(910, 0));
    assert!(matches!(second.result, Err(SessionError::NeedsSignIn { .. })));
    assert!(second.keep.unwrap().standing.refused);
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
    assert!(matches!(policy().before(&record, Wanted::Ahead, &now), Err(SessionError::Resting { .. })));
    assert!(policy().before(&record, Wanted::Needed, &now).is_ok(), "somebody waits: once more");
    record = fail(&fail(&record, None), None);
    assert!(matches!(policy().before(&record, Wanted::Needed, &now), Err(SessionError::Resting { .. })));
    assert!(policy().before(&record, Wanted::ByName, &now).is_ok());
    assert!(policy().before(&record, Wanted::Needed, &after(960, 0)).is_ok(), "the rest is over");
    let told = fail(&record, Some(Duration::from_secs(30)));
    let Err(SessionError::Resting { retry_after }) = policy().before(&told, Wanted::ByName, &now) else {
        panic!("the host asked to be left alone")
    };
    assert_eq!(retry_after, Duration::from_secs(29));
}

#[test]
fn a_lost_answer_is_made_up_for_at_once_while_the_old_token_serves() {
    let mut record = session(900, 3600);
    record.standing.asked = true;
    assert_eq!(policy().lend(&record, &after(10, 0)), Lend::ServeAndRenew(Duration::from_secs(890)));
    let failed = policy().after(&record, kept(TransportError::TimedOut.into(), false), &after(10, 0));
    let record = failed.keep.unwrap();
    assert!(matches!(policy().lend(&record, &after(11, 0)), Lend::Serve(_)), "but not again and again");
}
