//! Sealing a whole store with another key.

use super::{processes::Helper, *};
use auth_store::NewKey;

fn all() -> [(RecordKey, &'static str); 3] {
    [
        (session(), "a session"),
        (key_of("ann@client.example", RecordKind::Session), "another"),
        (key_of("default", RecordKind::Attempts), "attempts"),
    ]
}

async fn filled() -> Place {
    let place = Place::new();
    for (key, text) in all() {
        put(&place.open(), &key, 1, text).await;
    }
    place
}

async fn holds_all(store: &Store) {
    for (key, text) in all() {
        assert_eq!(body(store, &key).await.as_deref(), Some(text), "{key}");
    }
    assert_eq!(store.keys().await.unwrap().len(), all().len());
}

fn key_file(place: &Place) -> Option<Vec<u8>> {
    fs::read(place.beside(".key")).ok()
}

fn new_passphrase() -> NewKey {
    NewKey::Passphrase(StorePassphrase::new("correct horse"))
}

async fn has_a_wrong_key(store: &Store) {
    let found = store.load(&session()).await;
    assert!(matches!(found, Err(StoreError::WrongKey | StoreError::KeyMissing { .. })), "{found:?}");
}

#[tokio::test]
async fn with_another_key_file_everybody_goes_on_and_the_old_key_opens_nothing() {
    let place = filled().await;
    let (before, other) = (place.open(), place.open());
    let key = key_file(&place);
    holds_all(&other).await;
    assert_eq!(before.rekey(NewKey::KeyFile).await.unwrap(), all().len());
    assert_ne!(key_file(&place), key);
    assert!(!place.beside(".key.next").exists());
    for store in [&before, &other, &place.open()] {
        holds_all(store).await;
    }
    put(&other, &session(), 1, "a session").await;
    fs::write(place.beside(".key"), key.unwrap()).unwrap();
    has_a_wrong_key(&place.open()).await;
}

#[tokio::test]
async fn a_passphrase_takes_the_place_of_a_key_file_and_of_another_passphrase() {
    let place = filled().await;
    let by_file = place.open();
    assert_eq!(by_file.rekey(new_passphrase()).await.unwrap(), all().len());
    assert_eq!(key_file(&place), None);
    holds_all(&place.open_with("correct horse")).await;
    has_a_wrong_key(&by_file).await;
    has_a_wrong_key(&place.open_with("battery staple")).await;

    let next = NewKey::Passphrase(StorePassphrase::new("battery staple"));
    place.open_with("correct horse").rekey(next).await.unwrap();
    has_a_wrong_key(&place.open_with("correct horse")).await;
    holds_all(&place.open_with("battery staple")).await;

    place.open_with("battery staple").rekey(NewKey::KeyFile).await.unwrap();
    has_a_wrong_key(&place.open_with("battery staple")).await;
    holds_all(&place.open()).await;
}

/// Where a process was killed before it had replaced the store, the key that it made is nobody's.
#[tokio::test]
async fn a_key_that_was_made_and_not_used_is_in_nobodys_way() {
    let place = filled().await;
    let other = filled().await;
    fs::copy(other.beside(".key"), place.beside(".key.next")).unwrap();
    let key = key_file(&place);
    holds_all(&place.open()).await;
    put(&place.open(), &session(), 1, "a session").await;
    assert_eq!(key_file(&place), key);
    place.open().rekey(NewKey::KeyFile).await.unwrap();
    assert!(key_file(&place) != key && key_file(&place) != key_file(&other));
    assert!(!place.beside(".key.next").exists());
    holds_all(&place.open()).await;
}

/// Where it was killed after that, the store opens with the new key, and whoever changes it puts the key in its place.
#[tokio::test]
async fn a_key_that_was_used_and_is_not_in_its_place_is_found() {
    for change in ["save", "remove", "rekey"] {
        let place = filled().await;
        let old = key_file(&place).unwrap();
        let running = place.open();
        holds_all(&running).await;
        place.open().rekey(NewKey::KeyFile).await.unwrap();
        let new = key_file(&place);
        fs::rename(place.beside(".key"), place.beside(".key.next")).unwrap();
        fs::write(place.beside(".key"), &old).unwrap();
        holds_all(&running).await;
        holds_all(&place.open()).await;
        assert_eq!(key_file(&place), Some(old.clone()), "reading changes nothing");
        match change {
            "save" => put(&running, &session(), 1, "a session").await,
            "remove" => running.remove(&session()).await.unwrap(),
            _ => assert_eq!(running.rekey(NewKey::KeyFile).await.unwrap(), 3),
        }
        assert_eq!(key_file(&place) == new, change != "rekey");
        assert!(!place.beside(".key.next").exists(), "{change}");
        put(&place.open(), &session(), 1, "a session").await;
        holds_all(&place.open()).await;
    }
}

#[tokio::test]
async fn what_does_not_open_is_kept_and_goes_with_its_session() {
    let place = filled().await;
    Store::forge_session_id(&place.path(), 9);
    assert_eq!(place.open().rekey(NewKey::KeyFile).await.unwrap(), all().len() - 1);
    assert_eq!(Store::damaged(&place.path()), 1);
    for (key, _) in all() {
        place.open().remove(&key).await.unwrap();
    }
    assert_eq!(Store::damaged(&place.path()), 0);
}

#[tokio::test]
async fn what_cannot_be_opened_stays_as_it_is() {
    assert_eq!(Place::new().open().rekey(NewKey::KeyFile).await.unwrap(), 0);
    let place = Place::new();
    assert_eq!(place.open().rekey(new_passphrase()).await.unwrap(), 0);
    assert!(files(place.folder.path()).is_empty(), "where there is no store nothing is made");

    let place = filled().await;
    let bytes = place.bytes();
    let wrong = place.open_with("wrong").rekey(new_passphrase()).await;
    assert!(matches!(wrong, Err(StoreError::WrongKey)), "{wrong:?}");
    fs::remove_file(place.beside(".key")).unwrap();
    let missing = place.open().rekey(NewKey::KeyFile).await;
    assert!(matches!(missing, Err(StoreError::KeyMissing { .. })), "{missing:?}");
    assert_eq!(place.bytes(), bytes);
    assert!(!place.beside(".key.next").exists());
}

/// Other processes read and write meanwhile, and lose nothing.
#[tokio::test]
async fn processes_that_run_go_on() {
    let place = filled().await;
    put(&place.open(), &session(), 0, "0").await;
    let mut helpers: Vec<_> = (0..3).map(|_| Helper::start("count", &place)).collect();
    let store = place.open();
    for _ in 0..10 {
        assert_eq!(store.rekey(NewKey::KeyFile).await.unwrap(), all().len());
    }
    for helper in &mut helpers {
        helper.hear("counted");
    }
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("30"));
}

/// A process that is killed while it seals the store anew leaves one that opens, with all that was in it.
#[tokio::test]
async fn a_kill_at_any_moment_loses_nothing() {
    let place = filled().await;
    for _ in 0..12 {
        let mut helper = Helper::start("rekey until killed", &place);
        for _ in 0..3 {
            helper.hear("sealed anew");
        }
        helper.child.kill().unwrap();
        helper.child.wait().unwrap();
        holds_all(&place.open()).await;
    }
}
