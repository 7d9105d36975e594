//! Stores as they were once written, by every version: every later one must read them.

use super::*;

const KEY: &str = include_str!("fixtures/v1.key");
const BY_KEY_FILE: &str = include_str!("fixtures/v1.store");
const BY_PASSPHRASE: &str = include_str!("fixtures/v1-passphrase.store");
/// With `whose`, as the last programs of version 1 wrote it.
const LISTED: &str = include_str!("fixtures/v1-listed.store");
/// The same key and records.
const V2: &str = include_str!("fixtures/v2.store");

fn keys() -> [RecordKey; 3] {
    let mut back = session();
    back.account.office = Office::Back;
    [session(), key_of("ann@client.example", RecordKind::Pending), back]
}

/// A store's file with the key that the fixtures have.
fn with_file(bytes: &str) -> Place {
    let place = Place::new();
    fs::write(place.path(), bytes).unwrap();
    fs::write(place.beside(".key"), KEY).unwrap();
    place
}

async fn holds_the_records(store: &Store) {
    let [front, pending, back] = keys();
    for (key, session_id, text) in
        [(front, 1, "a session"), (pending, u64::MAX, "a pending step"), (back, 3, "")]
    {
        let found = store.load(&key).await.unwrap().unwrap();
        assert_eq!((found.session_id, found.body.expose()), (SessionId(session_id), text.as_bytes()));
    }
    assert!(store.load(&key_of("default", RecordKind::Attempts)).await.unwrap().is_none());
}

#[tokio::test]
async fn version_1_stays_readable() {
    for (bytes, is_listed) in [(BY_KEY_FILE, false), (LISTED, true)] {
        let place = with_file(bytes);
        holds_the_records(&place.open()).await;
        assert_eq!(place.bytes(), bytes.as_bytes(), "reading changes nothing");
        // A list without those of the oldest programs, which did not say whose they are, would be an untrue one.
        let listed = async |all: usize| match place.open().keys().await {
            Ok(found) => assert_eq!((found.len(), is_listed || all > 4), (all, true), "{found:?}"),
            Err(StoreError::Corrupt { .. }) => assert!(!is_listed && all < 5),
            Err(error) => panic!("{error:?}"),
        };
        listed(3).await;
        put(&place.open(), &key_of("new", RecordKind::Session), 1, "x").await;
        assert_eq!(place.json()["version"], 2);
        holds_the_records(&place.open()).await;
        listed(4).await;
        // What is written says of all records of its account whose they are.
        put(&place.open(), &session(), 1, "a session").await;
        put(&place.open(), &keys()[2], 3, "").await;
        put(&place.open(), &key_of("ann@client.example", RecordKind::Session), 1, "x").await;
        listed(5).await;
        holds_the_records(&place.open()).await;
    }
}

#[tokio::test]
async fn version_2_stays_readable() {
    let place = with_file(V2);
    holds_the_records(&place.open()).await;
    assert_eq!(place.open().keys().await.unwrap().len(), 3);
    assert_eq!(place.bytes(), V2.as_bytes(), "reading changes nothing");
}

/// Once it was written, a record of a file without a table does not open in such a file any more.
#[tokio::test]
async fn a_record_is_sealed_anew_when_its_file_gets_a_table() {
    for key in keys() {
        let place = with_file(LISTED);
        put(&place.open(), &key_of("new", RecordKind::Session), 1, "x").await;
        place.edit(|json| {
            json["version"] = 1.into();
            json.as_object_mut().unwrap().remove("table");
        });
        assert!(is_corrupt(&place.open().load(&key).await), "{key}");
    }
}

/// In version 1 nothing tells whose record has got another name, so every session that is not found may be it.
#[tokio::test]
async fn a_record_of_version_1_that_was_renamed_is_told_too() {
    for written_meanwhile in [false, true] {
        let place = with_file(LISTED);
        place.edit(|json| {
            let records = json["records"].as_object_mut().unwrap();
            let record = records.remove("7334b1b0aa065cc09e13a6059ca099b9").unwrap();
            records.insert("8334b1b0aa065cc09e13a6059ca099b9".to_owned(), record);
        });
        if written_meanwhile {
            put(&place.open(), &key_of("new", RecordKind::Pending), 1, "x").await;
        }
        let listed = place.open().keys().await;
        assert!(matches!(listed, Err(StoreError::Corrupt { .. })), "{listed:?}");
        assert!(is_corrupt(&place.open().load(&session()).await));
        assert!(place.open().load(&session()).await.unwrap().is_none());
        assert_eq!(place.open().keys().await.unwrap().len(), 2 + usize::from(written_meanwhile));
        assert!(place.open().load(&keys()[2]).await.unwrap().is_some(), "the others are usable");
    }
}

#[tokio::test]
async fn version_1_with_a_passphrase_stays_readable() {
    let place = Place::new();
    fs::write(place.path(), BY_PASSPHRASE).unwrap();
    holds_the_records(&place.open_with("correct horse battery staple")).await;
    let wrong = place.open_with("wrong").load(&session()).await;
    assert!(matches!(wrong, Err(StoreError::WrongKey)), "{wrong:?}");
}
