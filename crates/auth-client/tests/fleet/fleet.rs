//! A database full of sessions, and the clients of many processes over it.

use crate::issuer::{Issuer, LIFE};
use auth_client::{
    AccountKey, AuthClient, AuthClientBuilder, Host, Limits, Office, Profile, RefreshQuota, TestClock,
    ports::{Clock, Record, RecordKey, RecordKind, SessionId, SessionStore, WriteCondition},
    secret::{AccessToken, RefreshToken},
    store::SqliteStore,
};
use auth_core::{
    Cookies, IssuedToken, TokenPair,
    session::{RefreshHistory, Sequence, StoredSession},
};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tempfile::TempDir;

pub(crate) const URL: &str = "https://broker.example";
/// In a round, what expires within this time is due.
pub(crate) const WITHIN: Duration = Duration::from_secs(120);

/// What a process knows of ended sessions is known by their ids, so no two tests have the same.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

pub(crate) struct Fleet {
    folder: TempDir,
    pub(crate) clock: TestClock,
    pub(crate) host: Issuer,
}

/// A session of a user.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Due,
    Fresh,
    UnknownLifetime,
}

impl Fleet {
    pub(crate) fn new() -> Self {
        let clock = TestClock::default();
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, host: Issuer::new(clock.clone()), clock }
    }

    /// So many sessions of each kind; the users are numbered.
    pub(crate) async fn with(counts: &[(Kind, usize)]) -> Self {
        let fleet = Self::new();
        let kinds = counts.iter().flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count));
        let records: Vec<_> = kinds.enumerate().map(|(n, kind)| fleet.record(n, kind)).collect();
        for part in records.chunks(1000) {
            fleet.store().save_all(part).await.expect("saved");
        }
        fleet
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("sessions.sqlite")
    }

    /// As another process opens it.
    pub(crate) fn store(&self) -> SqliteStore {
        SqliteStore::with_key_file(self.path())
    }

    /// A client as another process has it.
    pub(crate) fn client(&self, quota: Option<RefreshQuota>) -> AuthClient {
        let builder = self.builder().store(self.store());
        let builder = match quota {
            Some(quota) => builder.refresh_quota(quota),
            None => builder,
        };
        builder.build().expect("a client")
    }

    pub(crate) fn builder(&self) -> AuthClientBuilder {
        AuthClient::builder(URL)
            .transport(self.host.clone())
            .clock(self.clock.clone())
            .limits(Limits::unlimited())
    }

    fn record(&self, n: usize, kind: Kind) -> (RecordKey, Record, WriteCondition) {
        let now = self.clock.reading();
        let age = if kind == Kind::Due { LIFE - Duration::from_secs(30) } else { Duration::ZERO };
        let wall = now.wall.checked_sub(age).expect("a date");
        let boot = now.boot.map(|boot| auth_client::BootTime {
            elapsed: boot.elapsed.checked_sub(age).unwrap_or_default(),
            id: if boot.elapsed < age { 0 } else { boot.id },
        });
        let until = |life| wall.checked_add(life).ok();
        let has_life = kind != Kind::UnknownLifetime;
        let account = user(n);
        let session = StoredSession {
            office: Office::Front,
            account: account.clone(),
            client_id: None,
            tokens: TokenPair {
                access: IssuedToken {
                    token: AccessToken::new(format!("{account}~0~access")),
                    created_at: has_life.then_some(wall),
                    expires_at: until(LIFE).filter(|_| has_life),
                },
                refresh: IssuedToken {
                    token: RefreshToken::new(format!("{account}~0~refresh")),
                    created_at: Some(wall),
                    expires_at: until(Duration::from_secs(8 * 24 * 3600)),
                },
            },
            received: auth_client::ClockReading { wall, boot },
            host_now: Some(wall),
            refresh_history: RefreshHistory::default(),
            sequence: Sequence::default(),
            cookies: Cookies::default(),
            signing_out: false,
        };
        let id = SessionId(NEXT_ID.fetch_add(1, Ordering::Relaxed));
        (key(n), Record { session_id: id, body: session.encode() }, WriteCondition::Unconditional)
    }

    /// The session as it is in the store.
    pub(crate) async fn stored(&self, n: usize) -> Option<StoredSession> {
        let record = self.store().load(&key(n)).await.expect("read")?;
        Some(StoredSession::decode(record.body.expose()).expect("sound"))
    }
}

pub(crate) fn user(n: usize) -> String {
    format!("user{n}")
}

pub(crate) fn profile(n: usize) -> Profile {
    user(n).parse().expect("a profile")
}

pub(crate) fn key(n: usize) -> RecordKey {
    let host = Host::parse(URL).expect("a host");
    let account = AccountKey { profile: profile(n), host, office: Office::Front };
    RecordKey { account, kind: RecordKind::Session }
}
