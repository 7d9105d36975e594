//! Sessions to measure with.

use auth_client::{
    Office, Profile, SystemClock, Timestamp,
    ports::{Clock, Record, RecordKey, RecordKind, SessionId, SessionStore, WriteCondition},
    secret::{AccessToken, RefreshToken},
};
use auth_core::{
    AccountKey, ClockReading, Cookies, Host, IssuedToken, TokenPair,
    session::{RefreshHistory, Sequence, StoredSession},
};
use std::time::Duration;

/// A token of 600 letters, each different: a JWT, or one that has no such form.
pub fn token(n: u64, jwt: bool) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut letters = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(alphabet[(state >> 33) as usize % 64])
    };
    if !jwt {
        return (0..600).map(|at| if at % 100 == 50 { '~' } else { letters() }).collect();
    }
    // Head, claims, and the 256 bytes of an RSA signature: parts that decode without bits left over.
    let mut part = |length: usize| (0..length).map(|_| letters()).collect::<String>();
    format!("{}.{}.{}", part(20), part(236), part(340)) + "AA"
}

/// A session that came so long ago, with an access token that lives for 15 minutes.
pub fn session(n: u64, jwt: bool, age: Duration) -> StoredSession {
    let now = SystemClock.reading();
    let came = now.wall.checked_sub(age).expect("in range");
    let second = Timestamp::from_second(came.as_second()).expect("in range");
    let until = |life| second.checked_add(Duration::from_secs(life)).ok();
    let boot = now.boot.map(|boot| auth_core::BootTime { elapsed: boot.elapsed.saturating_sub(age), ..boot });
    StoredSession {
        office: Office::Front,
        account: format!("user{n}@example.com"),
        client_id: Some(n.to_string()),
        tokens: TokenPair {
            access: IssuedToken {
                token: AccessToken::new(token(2 * n, jwt)),
                created_at: Some(second),
                expires_at: until(900),
            },
            refresh: IssuedToken {
                token: RefreshToken::new(token(2 * n + 1, jwt)),
                created_at: Some(second),
                expires_at: until(8 * 24 * 3600),
            },
        },
        received: ClockReading { wall: came, boot },
        host_now: Some(second),
        refresh_history: RefreshHistory::default(),
        sequence: Sequence::default(),
        cookies: Cookies::default(),
        signing_out: false,
    }
}

/// Where the session of a host's default profile lies.
pub fn place(url: &str) -> RecordKey {
    let host = Host::parse(url).expect("a host");
    let account = AccountKey { profile: Profile::default(), host, office: Office::Front };
    RecordKey { account, kind: RecordKind::Session }
}

/// Puts a session into a store.
pub async fn put(store: &dyn SessionStore, url: &str, session: &StoredSession) {
    let record = Record { session_id: SessionId(7), body: session.encode() };
    store.save(&place(url), &record, WriteCondition::Unconditional).await.expect("saved");
}
