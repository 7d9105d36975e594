use super::*;

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
            access: Dated {
                token: AccessToken::new(jwt.as_str()),
                created_at: at("2026-01-01T12:00:00Z"),
                expires_at: at("2026-01-01T12:15:00Z"),
            },
            refresh: Dated {
                token: RefreshToken::new("opaque/1+"),
                created_at: None,
                expires_at: at("2026-01-08T00:00:00.5Z"),
            },
        },
        received: Moment {
            wall: "2026-01-01T12:00:01.234Z".parse().unwrap(),
            boot: Some(SinceBoot { id: u64::MAX, elapsed: Duration::from_millis(7_200_001) }),
        },
        host_now: at("2026-01-01T12:00:02Z"),
        standing: Standing::default(),
    }
}

/// Another time of the same start.
fn now() -> Moment {
    let boot = Some(SinceBoot { id: u64::MAX, elapsed: Duration::from_secs(9_000) });
    Moment { wall: Timestamp::UNIX_EPOCH, boot }
}

fn there_and_back(unpacked: &Unpacked) -> Unpacked {
    PackedSession::of(&host("a.example"), unpacked).open(&host("a.example"), &now()).unwrap()
}

#[test]
fn a_session_comes_back_as_it_was() {
    let bare = StoredSession {
        office: Office::Back,
        client_id: None,
        received: Moment::by_wall("1969-12-31T00:00:00.001Z".parse().unwrap()),
        host_now: None,
        ..session()
    };
    let mut tired = session();
    tired.standing = Standing { asked: true, bare_401s: 1, refused: true, ..Standing::default() };
    tired.standing = tired.standing.after_failure(&tired.received, Some(Duration::from_secs(7)), 0.5);
    let profile: Profile = "bot-eu".parse().unwrap();
    for session in [session(), bare, tired] {
        for (epoch, unsaved) in [(Some(Epoch(u64::MAX)), false), (Some(Epoch(0)), true), (None, false)] {
            let before = Unpacked { profile: profile.clone(), epoch, unsaved, session: session.clone() };
            let after = there_and_back(&before);
            assert_eq!(format!("{after:?}"), format!("{before:?}"));
            assert_eq!(after.session.encode().expose(), session.encode().expose(), "the tokens too");
        }
    }
}

#[test]
fn times_of_an_earlier_start_of_the_machine_are_left_out() {
    let unpacked = Unpacked { profile: Profile::default(), epoch: None, unsaved: false, session: session() };
    let packed = PackedSession::of(&host("a.example"), &unpacked);
    let since =
        |boot| packed.open(&host("a.example"), &Moment { boot, ..now() }).unwrap().session.received.boot;
    assert_eq!(since(now().boot), session().received.boot);
    assert_eq!(since(Some(SinceBoot { id: 1, elapsed: Duration::from_secs(9_000) })), None);
    assert_eq!(since(None), None);
}

#[test]
fn a_packed_session_takes_little_more_than_its_tokens() {
    let unpacked =
        Unpacked { profile: Profile::default(), epoch: Some(Epoch(1)), unsaved: false, session: session() };
    let packed = PackedSession::of(&host("a.example"), &unpacked);
    let tokens = unpacked.session.tokens.access.token.expose().len() * 3 / 4 + "opaque/1+".len();
    assert!(packed.expose().len() < tokens + 90, "{} for {tokens}", packed.expose().len());
    assert_eq!(size_of::<PackedSession>(), 2 * size_of::<usize>(), "one block and nothing else");
}

#[test]
fn another_host_s_session_a_newer_one_and_damage_are_told_apart() {
    let unpacked =
        Unpacked { profile: Profile::default(), epoch: Some(Epoch(7)), unsaved: false, session: session() };
    let packed = PackedSession::of(&host("a.example"), &unpacked);
    assert_eq!(packed.open(&host("b.example"), &now()).unwrap_err(), UnpackError::OtherHost);
    let open = |bytes: &[u8]| PackedSession::from_bytes(bytes).open(&host("a.example"), &now()).unwrap_err();
    let mut block = packed.expose().to_vec();
    block[0] = 2;
    assert_eq!(open(&block), RecordError::Newer { found: 2 }.into());
    block[0] = 0;
    assert_eq!(open(&block), RecordError::Malformed.into());
    for length in 0..block.len() {
        assert_eq!(open(&packed.expose()[..length]), RecordError::Malformed.into(), "cut at {length}");
    }
    let longer = [packed.expose(), &[0]].concat();
    assert_eq!(open(&longer), RecordError::Malformed.into());
    let mut flagged = packed.expose().to_vec();
    flagged[5] |= 0x80;
    flagged.insert(6, 0x40);
    assert_eq!(open(&flagged), RecordError::Malformed.into(), "a flag that nobody knows");
}

#[test]
fn version_1_stays_readable() {
    let block = b"\x01\xcd\x41\x7c\x11\xe0\x0f\x07\x00\x00\x00\x00\x00\x00\x00\x01\x70\x01\x61\x80\xa0\xd5\xed\xee\x66\x00\x01\x78\x00\x01\x72";
    let session = PackedSession::from_bytes(block).open(&host("a.example"), &now());
    let unpacked = session.unwrap();
    assert_eq!((unpacked.profile.as_str(), unpacked.epoch), ("p", Some(Epoch(7))));
    let tokens = &unpacked.session.tokens;
    assert_eq!((tokens.access.token.expose(), tokens.refresh.token.expose()), ("x", "r"));
    assert_eq!(unpacked.session.received, Moment::by_wall("2026-01-01T00:00:00Z".parse().unwrap()));
}

#[test]
fn debug_shows_no_token() {
    let unpacked = Unpacked { profile: Profile::default(), epoch: None, unsaved: false, session: session() };
    let packed = PackedSession::of(&host("a.example"), &unpacked);
    assert_eq!(format!("{packed:?}"), format!("PackedSession({} bytes)", packed.expose().len()));
}
