use super::*;
use crate::{BootTime, Timestamp};
use std::time::Duration;

fn host(name: &str) -> Host {
    Host::parse(&format!("https://{name}")).unwrap()
}

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

fn session() -> StoredSession {
    let jwt = format!("eyJhbGciOiJSUzI1NiJ9.{}.c2ln", "QUJD".repeat(100));
    StoredSession {
        office: Office::Front,
        account: "ann@example.com".into(),
        client_id: Some("87".into()),
        tokens: TokenPair {
            access: IssuedToken {
                token: AccessToken::new(jwt.as_str()),
                created_at: at("2026-01-01T12:00:00Z"),
                expires_at: at("2026-01-01T12:15:00Z"),
            },
            refresh: IssuedToken {
                token: RefreshToken::new("opaque/1+"),
                created_at: None,
                expires_at: at("2026-01-08T00:00:00.5Z"),
            },
        },
        received: ClockReading {
            wall: "2026-01-01T12:00:01.234Z".parse().unwrap(),
            boot: Some(BootTime { id: u64::MAX, elapsed: Duration::from_millis(7_200_001) }),
        },
        host_now: at("2026-01-01T12:00:02Z"),
        refresh_history: RefreshHistory::default(),
        sequence: Sequence::default(),
        cookies: Cookies::default(),
        signing_out: false,
    }
}

/// Two hosts whose FNV-1a hashes of 32 bits are equal.
const COLLIDING: [&str; 2] = ["b388eb.example", "b73938.example"];

/// Another time of the same start.
fn now() -> ClockReading {
    let boot = Some(BootTime { id: u64::MAX, elapsed: Duration::from_secs(9_000) });
    ClockReading { wall: Timestamp::UNIX_EPOCH, boot }
}

fn there_and_back(restored: &SnapshotContent) -> SnapshotContent {
    SessionSnapshot::of(&host("a.example"), restored).open(&host("a.example"), &now()).unwrap()
}

#[test]
fn a_session_comes_back_as_it_was() {
    let bare = StoredSession {
        office: Office::Back,
        client_id: None,
        received: ClockReading::wall_clock_only("1969-12-31T00:00:00.001Z".parse().unwrap()),
        host_now: None,
        ..session()
    };
    let mut tired = session();
    tired.refresh_history = RefreshHistory {
        in_flight_or_lost: true,
        unrecognized_401s: 1,
        rejected: true,
        ..RefreshHistory::default()
    };
    tired.refresh_history =
        tired.refresh_history.after_failure(&tired.received, Some(Duration::from_secs(7)), 0.5);
    let profile: Profile = "bot-eu".parse().unwrap();
    let again = tired.with_tokens(bare.tokens.clone(), bare.received, bare.host_now);
    for session in [session(), bare, tired, again] {
        for (session_id, unsaved) in
            [(Some(SessionId(u64::MAX)), false), (Some(SessionId(0)), true), (None, false)]
        {
            let before =
                SnapshotContent { profile: profile.clone(), session_id, unsaved, session: session.clone() };
            let after = there_and_back(&before);
            assert_eq!(format!("{after:?}"), format!("{before:?}"));
            assert_eq!(after.session.encode().expose(), session.encode().expose(), "the tokens too");
        }
    }
}

#[test]
fn times_of_an_earlier_start_of_the_machine_are_left_out() {
    let restored =
        SnapshotContent { profile: Profile::default(), session_id: None, unsaved: false, session: session() };
    let snapshot = SessionSnapshot::of(&host("a.example"), &restored);
    let since = |boot| {
        snapshot.open(&host("a.example"), &ClockReading { boot, ..now() }).unwrap().session.received.boot
    };
    assert_eq!(since(now().boot), session().received.boot);
    assert_eq!(since(Some(BootTime { id: 1, elapsed: Duration::from_secs(9_000) })), None);
    assert_eq!(since(None), None);
}

#[test]
fn a_snapshot_takes_little_more_than_its_tokens() {
    let restored = SnapshotContent {
        profile: Profile::default(),
        session_id: Some(SessionId(1)),
        unsaved: false,
        session: session(),
    };
    let snapshot = SessionSnapshot::of(&host("a.example"), &restored);
    let tokens = restored.session.tokens.access.token.expose().len() * 3 / 4 + "opaque/1+".len();
    assert!(snapshot.expose().len() < tokens + 100, "{} for {tokens}", snapshot.expose().len());
    assert_eq!(size_of::<SessionSnapshot>(), 2 * size_of::<usize>(), "one block and nothing else");
}

#[test]
fn another_host_s_session_a_newer_one_and_damage_are_told_apart() {
    let restored = SnapshotContent {
        profile: Profile::default(),
        session_id: Some(SessionId(7)),
        unsaved: false,
        session: session(),
    };
    let snapshot = SessionSnapshot::of(&host("a.example"), &restored);
    assert_eq!(snapshot.open(&host("b.example"), &now()).unwrap_err(), RestoreError::OtherHost);
    let open =
        |bytes: &[u8]| SessionSnapshot::from_bytes(bytes).open(&host("a.example"), &now()).unwrap_err();
    let mut block = snapshot.expose().to_vec();
    block[0] = 4;
    assert_eq!(open(&block), RecordError::Newer { found: 4 }.into());
    block[0] = 0;
    assert_eq!(open(&block), RecordError::Malformed.into());
    for length in 0..block.len() {
        assert_eq!(open(&snapshot.expose()[..length]), RecordError::Malformed.into(), "cut at {length}");
    }
    let longer = [snapshot.expose(), &[0]].concat();
    assert_eq!(open(&longer), RecordError::Malformed.into());
    let mut flagged = snapshot.expose().to_vec();
    let flags = 2 + "a.example".len();
    flagged[flags] |= 0x80;
    flagged.insert(flags + 1, 0x40);
    assert_eq!(open(&flagged), RecordError::Malformed.into(), "a flag that nobody knows");
}

#[test]
fn a_host_with_the_same_short_hash_gets_nothing() {
    let (ann, eve) = (host(COLLIDING[0]), host(COLLIDING[1]));
    assert_eq!(short_hash(&ann), short_hash(&eve), "the two collide");
    let content =
        SnapshotContent { profile: Profile::default(), session_id: None, unsaved: false, session: session() };
    let snapshot = SessionSnapshot::of(&ann, &content);
    assert_eq!(snapshot.open(&eve, &now()).unwrap_err(), RestoreError::OtherHost);
    assert!(snapshot.open(&ann, &now()).is_ok());
}

#[test]
fn every_part_of_an_address_counts() {
    let addresses = [
        "https://a.example",
        "https://a.example:8443",
        "https://a.example/a",
        "https://a.example/b",
        "https://a.example.example",
        "http://127.0.0.1:8443",
        "https://127.0.0.1:8443",
    ];
    let content =
        SnapshotContent { profile: Profile::default(), session_id: None, unsaved: false, session: session() };
    for of in addresses {
        let snapshot = SessionSnapshot::of(&Host::parse(of).unwrap(), &content);
        for at in addresses {
            let opened = snapshot.open(&Host::parse(at).unwrap(), &now());
            assert_eq!(opened.is_ok(), of == at, "{of} at {at}");
        }
    }
}

#[test]
fn versions_1_and_2_stay_readable() {
    for (version, sequence) in [(1, Sequence::UNKNOWN), (2, Sequence::default())] {
        let mut block = *b"\0\xcd\x41\x7c\x11\xe0\x0f\x07\x00\x00\x00\x00\x00\x00\x00\x01\x70\x01\x61\x80\xa0\xd5\xed\xee\x66\x00\x01\x78\x00\x01\x72";
        block[0] = version;
        let snapshot = SessionSnapshot::from_bytes(&block);
        let restored = snapshot.open(&host("a.example"), &now()).unwrap();
        assert_eq!((restored.profile.as_str(), restored.session_id), ("p", Some(SessionId(7))));
        let tokens = &restored.session.tokens;
        assert_eq!((tokens.access.token.expose(), tokens.refresh.token.expose()), ("x", "r"));
        let received = ClockReading::wall_clock_only("2026-01-01T00:00:00Z".parse().unwrap());
        assert_eq!((restored.session.received, restored.session.sequence), (received, sequence));
        assert_eq!(snapshot.open(&host("b.example"), &now()).unwrap_err(), RestoreError::OtherHost);
    }
}

#[test]
fn debug_shows_no_token() {
    let restored =
        SnapshotContent { profile: Profile::default(), session_id: None, unsaved: false, session: session() };
    let snapshot = SessionSnapshot::of(&host("a.example"), &restored);
    assert_eq!(format!("{snapshot:?}"), format!("SessionSnapshot({} bytes)", snapshot.expose().len()));
}

#[test]
fn a_restored_pair_is_the_pair_that_was_packed() {
    let mut packed = session();
    packed.received.wall = "2026-01-01T12:00:01.234567891Z".parse().unwrap();
    let content = SnapshotContent {
        profile: Profile::default(),
        session_id: Some(SessionId(1)),
        unsaved: false,
        session: packed.clone(),
    };
    let host = host("broker.example");
    let restored = SessionSnapshot::of(&host, &content).open(&host, &now()).unwrap().session;
    assert!(restored.has_same_pair(&packed) && packed.has_same_pair(&restored));
}
