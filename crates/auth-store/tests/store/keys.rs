//! Keys: the right one, a wrong one, none; and what can be seen without it.

use super::*;

/// Every call must refuse, and nothing may change.
pub(super) async fn refuses(place: &Place, store: &Store, expected: &str) {
    let before = files(place.folder.path());
    let (key, condition) = (session(), WriteCondition::Unconditional);
    assert_eq!(store.load(&key).await.unwrap_err().kind(), expected);
    assert_eq!(store.save(&key, &record(9, "other"), condition).await.unwrap_err().kind(), expected);
    assert_eq!(
        store.save(&key, &record(9, "other"), WriteCondition::SameSession).await.unwrap_err().kind(),
        expected
    );
    assert_eq!(store.remove(&key).await.unwrap_err().kind(), expected);
    let after = files(place.folder.path());
    assert!(before == after, "files changed: {:?}", after.iter().map(|(path, _)| path).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_fresh_instance_reads_what_was_kept() {
    let place = Place::new();
    put(&place.open(), &session(), 5, "by key file").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("by key file"));

    let place = Place::new();
    put(&place.open_with("correct horse"), &session(), 5, "by passphrase").await;
    let again = place.open_with("correct horse");
    assert_eq!(body(&again, &session()).await.as_deref(), Some("by passphrase"));
    put(&again, &session(), 6, "anew").await;
    assert_eq!(body(&place.open_with("correct horse"), &session()).await.as_deref(), Some("anew"));
}

#[tokio::test]
async fn a_wrong_passphrase_changes_nothing() {
    let place = Place::new();
    put(&place.open_with("correct horse"), &session(), 1, "x").await;
    for wrong in ["correct horse ", "Correct horse", ""] {
        refuses(&place, &place.open_with(wrong), "store_wrong_key").await;
    }
    assert_eq!(body(&place.open_with("correct horse"), &session()).await.as_deref(), Some("x"));
}

#[tokio::test]
async fn a_wrong_key_file_changes_nothing() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let right = fs::read(place.beside(".key")).unwrap();
    let other = Place::new();
    put(&other.open(), &session(), 1, "y").await;
    let wrong = fs::read(other.beside(".key")).unwrap();
    for (key, expected) in [
        (&wrong[..], "store_wrong_key"),
        (b"", "store_key_missing"),
        (b"garbage\n", "not_a_store"),
        (b"AAAA", "not_a_store"),
        (&right[..right.len() - 4], "not_a_store"),
        (&[b'A'; 100], "not_a_store"),
        (&[0xff; 5000], "not_a_store"),
    ] {
        fs::write(place.beside(".key"), key).unwrap();
        refuses(&place, &place.open(), expected).await;
    }
    fs::write(place.beside(".key"), right).unwrap();
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("x"));
}

#[tokio::test]
async fn a_garbage_key_file_is_not_used_for_a_new_store() {
    let place = Place::new();
    fs::write(place.beside(".key"), "garbage").unwrap();
    assert!(place.open().load(&session()).await.unwrap().is_none());
    let saved = place.open().save(&session(), &record(1, "x"), WriteCondition::Unconditional).await;
    let named = matches!(&saved, Err(StoreError::NotAStore { path }) if *path == place.beside(".key"));
    assert!(named, "{saved:?}");
    assert!(!place.path().exists());
    assert_eq!(fs::read(place.beside(".key")).unwrap(), b"garbage");
}

#[tokio::test]
async fn an_empty_key_file_counts_as_none() {
    let place = Place::new();
    fs::write(place.beside(".key"), "").unwrap();
    put(&place.open(), &session(), 1, "x").await;
    assert_eq!(fs::read(place.beside(".key")).unwrap().len(), 45);
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("x"));
}

#[tokio::test]
async fn a_key_file_that_is_there_is_used() {
    let place = Place::new();
    let key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\r\n";
    fs::write(place.beside(".key"), key).unwrap();
    put(&place.open(), &session(), 1, "x").await;
    assert_eq!(fs::read(place.beside(".key")).unwrap(), key.as_bytes());
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("x"));
}

#[tokio::test]
async fn a_missing_key_file_is_not_replaced() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let away = place.beside(".away");
    fs::rename(place.beside(".key"), &away).unwrap();
    refuses(&place, &place.open(), "store_key_missing").await;
    fs::rename(&away, place.beside(".key")).unwrap();
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("x"));
}

#[tokio::test]
async fn the_other_kind_of_key_is_a_wrong_key() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    refuses(&place, &place.open_with("correct horse"), "store_wrong_key").await;
    Store::set_seal(&place.path(), r#"{"by":"a kind of a later day","with":[1,2]}"#);
    refuses(&place, &place.open(), "store_wrong_key").await;

    let place = Place::new();
    put(&place.open_with("correct horse"), &session(), 1, "x").await;
    // With the lock file there, all that could appear is a key file.
    refuses(&place, &place.open(), "store_wrong_key").await;
}

#[tokio::test]
async fn nothing_readable_is_in_any_file() {
    const SECRETS: [&str; 5] =
        ["ann@client.example", "broker.example", "eyJ-secret-token", "hunter2-passphrase", "ops@desk"];
    let key_file = Place::new();
    let passphrase = Place::new();
    for (place, store) in
        [(&key_file, key_file.open()), (&passphrase, passphrase.open_with("hunter2-passphrase"))]
    {
        for profile in ["ann@client.example", "ops@desk"] {
            for kind in [RecordKind::Session, RecordKind::Pending, RecordKind::Attempts] {
                let key = key_of(profile, kind);
                drop(store.lock(&key).await.unwrap());
                put(&store, &key, 1, "eyJ-secret-token of ann@client.example").await;
            }
        }
        Store::forge_session_id(&place.path(), 77);
        for kind in [RecordKind::Session, RecordKind::Pending, RecordKind::Attempts] {
            for profile in ["ann@client.example", "ops@desk"] {
                let _ = store.load(&key_of(profile, kind)).await;
            }
        }
        assert_eq!(Store::damaged(&place.path()), 1);
        for (path, bytes) in files(place.folder.path()) {
            let all = format!("{} {}", path.display(), String::from_utf8_lossy(&bytes));
            for secret in SECRETS {
                assert!(!all.contains(secret), "{secret} in {}", path.display());
            }
        }
        let shown = format!("{store:?}");
        assert!(SECRETS.iter().all(|secret| !shown.contains(secret)), "{shown}");
    }
}

#[tokio::test]
async fn the_costs_of_a_passphrase_are_in_the_file() {
    let place = Place::new();
    put(&place.open_with("correct horse"), &session(), 1, "x").await;
    let seal = Store::head(&place.path())["seal"].clone();
    assert_eq!((&seal["by"], &seal["kdf"]), (&"passphrase".into(), &"argon2id".into()));
    assert_eq!((&seal["m_kib"], &seal["t"], &seal["p"]), (&19456.into(), &2.into(), &1.into()));
    let other = Place::new();
    put(&other.open_with("correct horse"), &session(), 1, "x").await;
    assert_ne!(Store::head(&other.path())["seal"]["salt"], seal["salt"]);
    assert_ne!(Store::head(&other.path())["check"], Store::head(&place.path())["check"]);
}

#[tokio::test]
async fn a_passphrase_is_never_stretched_on_the_thread_that_asks() {
    let place = Place::new();
    let store = place.open_with("correct horse").run_inline();
    let (key, content) = (session(), record(1, "x"));
    let mut save = Box::pin(store.save(&key, &content, WriteCondition::Unconditional));
    let at_once = std::future::poll_fn(|cx| std::task::Poll::Ready(save.as_mut().poll(cx))).await;
    assert!(at_once.is_pending(), "the thread that watches connections stood still");
    save.await.unwrap();

    let place = Place::new();
    let store = place.open().run_inline();
    let mut save = Box::pin(store.save(&key, &content, WriteCondition::Unconditional));
    let at_once = std::future::poll_fn(|cx| std::task::Poll::Ready(save.as_mut().poll(cx))).await;
    assert!(at_once.is_ready(), "with a key file it takes no time worth a thread");
}
