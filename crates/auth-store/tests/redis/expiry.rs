//! How long records stay.

use super::*;
use crate::server::Server;
use auth_core::{
    BootTime, ClockReading, Cookies, IssuedToken, Timestamp, TokenPair,
    secret::{AccessToken, RefreshToken},
    session::{RefreshHistory, Sequence, StoredSession},
};

const DAY: i64 = 24 * 60 * 60;

/// A session whose refresh token lives for so many seconds from now on; without, nobody knows.
fn session_for(seconds: Option<i64>) -> Record {
    let now = Timestamp::now();
    let at = |seconds: i64| Some(Timestamp::from_second(now.as_second() + seconds).unwrap());
    let access = IssuedToken { token: AccessToken::new("a"), created_at: at(0), expires_at: at(60) };
    let refresh =
        IssuedToken { token: RefreshToken::new("r"), created_at: at(0), expires_at: seconds.and_then(at) };
    let session = StoredSession {
        office: Office::Front,
        account: "ann@example.com".into(),
        client_id: None,
        tokens: TokenPair { access, refresh },
        received: ClockReading {
            wall: now,
            boot: Some(BootTime { id: 1, elapsed: Duration::from_secs(1000) }),
        },
        host_now: None,
        refresh_history: RefreshHistory::default(),
        sequence: Sequence::default(),
        cookies: Cookies::default(),
        signing_out: false,
    };
    Record { session_id: SessionId(1), body: session.encode() }
}

#[tokio::test]
async fn a_session_goes_a_week_after_its_refresh_token_and_each_write_says_when() {
    let server = Server::start();
    let store = open(&server.url());
    let save = async |record: &Record| {
        store.save(&session(), record, WriteCondition::Unconditional).await.unwrap();
        let name = server.names().into_iter().find(|name| name.contains('{')).unwrap();
        server.ask::<i64>(&["TTL", &name])
    };
    for days in [30, 90, 1] {
        let left = save(&session_for(Some(days * DAY))).await;
        assert!((left - (days + 7) * DAY).abs() < 3600, "{days}: {left}");
    }
    assert_eq!(save(&session_for(None)).await, -1);
    let left = save(&session_for(Some(DAY))).await;
    assert!((left - 8 * DAY).abs() < 3600, "{left}");
    assert_eq!(save(&record(1, "of another form")).await, -1);
}

#[tokio::test]
async fn other_records_that_nobody_needs_any_more_go_by_themselves() {
    for (kind, days) in [
        (RecordKind::Pending, 30),
        (RecordKind::Revocations, 60),
        (RecordKind::Attempts, 7),
        (RecordKind::End, 90),
    ] {
        let server = Server::start();
        put(&open(&server.url()), &key_of("p", kind), 0, "x").await;
        let name = server.names().into_iter().find(|name| name.contains('{')).unwrap();
        let left: i64 = server.ask(&["TTL", &name]);
        assert!((left - days * DAY).abs() < 3600, "{kind:?}: {left}");
    }
}
