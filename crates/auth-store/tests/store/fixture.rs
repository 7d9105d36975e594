//! Stores of version 1 as they were once written: every later version must read them.

use super::*;

const KEY: &str = include_str!("fixtures/v1.key");
const BY_KEY_FILE: &str = include_str!("fixtures/v1.store");
const BY_PASSPHRASE: &str = include_str!("fixtures/v1-passphrase.store");

async fn holds_the_records(store: &FileStore) {
    let mut back = session();
    back.account.office = Office::Back;
    for (key, session_id, text) in [
        (session(), 1, "a session"),
        (key_of("ann@client.example", RecordKind::Pending), u64::MAX, "a pending step"),
        (back, 3, ""),
    ] {
        let found = store.load(&key).await.unwrap().unwrap();
        assert_eq!((found.session_id, found.body.expose()), (SessionId(session_id), text.as_bytes()));
    }
    assert!(store.load(&key_of("default", RecordKind::Attempts)).await.unwrap().is_none());
}

#[tokio::test]
async fn version_1_stays_readable() {
    let place = Place::new();
    fs::write(place.path(), BY_KEY_FILE).unwrap();
    fs::write(place.beside(".key"), KEY).unwrap();
    holds_the_records(&place.open()).await;
    assert_eq!(place.bytes(), BY_KEY_FILE.as_bytes(), "reading changes nothing");
    put(&place.open(), &key_of("new", RecordKind::Session), 1, "x").await;
    holds_the_records(&place.open()).await;
}

#[tokio::test]
async fn version_1_with_a_passphrase_stays_readable() {
    let place = Place::new();
    fs::write(place.path(), BY_PASSPHRASE).unwrap();
    holds_the_records(&place.open_with("correct horse battery staple")).await;
    let wrong = place.open_with("wrong").load(&session()).await;
    assert!(matches!(wrong, Err(StoreError::WrongKey)), "{wrong:?}");
}
