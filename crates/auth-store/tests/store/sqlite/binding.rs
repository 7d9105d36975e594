//! A sealed record opens in its own place and under its own session id only.

use super::*;

#[tokio::test]
async fn a_forged_session_id_does_not_open_and_meets_no_condition() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    Store::forge_session_id(&place.path(), 2);
    let late = place.open().save(&session(), &record(2, "late"), WriteCondition::SameSession).await;
    assert!(matches!(late, Err(StoreError::SessionReplaced)), "{late:?}");
    assert!(is_corrupt(&place.open().load(&session()).await), "it is still there to be reported");
}

#[tokio::test]
async fn exchanged_records_do_not_open() {
    let mut other_host = session();
    other_host.account.host = Host::parse("https://broker.example/base").unwrap();
    let mut other_office = session();
    other_office.account.office = Office::Back;
    let other_kind = key_of("default", RecordKind::Pending);
    for other in [key_of("other", RecordKind::Session), other_kind, other_host, other_office] {
        let place = Place::new();
        put(&place.open(), &session(), 1, "mine").await;
        put(&place.open(), &other, 1, "theirs").await;
        let exchange = "CREATE TEMP TABLE old AS SELECT id, body FROM records; \
             UPDATE records SET body = (SELECT body FROM old WHERE old.id <> records.id)";
        Connection::open(place.path()).unwrap().execute_batch(exchange).unwrap();
        assert!(is_corrupt(&place.open().load(&session()).await), "{other:?}");
        assert!(is_corrupt(&place.open().load(&other).await), "{other:?}");
    }
}

#[tokio::test]
async fn every_changed_byte_is_seen() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let good: Vec<u8> = {
        let connection = Connection::open(place.path()).unwrap();
        connection.query_row("SELECT body FROM records", [], |row| row.get(0)).unwrap()
    };
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        sql(&place.path(), "UPDATE records SET body = ?1", params![bad]);
        assert!(is_corrupt(&place.open().load(&session()).await), "{at}");
        put(&place.open(), &session(), 1, "x").await;
    }
}

/// One record's place under another's name would hide the one, and show the other twice.
#[tokio::test]
async fn a_place_under_another_name_is_told_and_mended_by_the_next_write() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    put(&place.open(), &key_of("other", RecordKind::Session), 1, "y").await;
    sql(&place.path(), "UPDATE places SET whose = (SELECT max(whose) FROM places)", &[]);
    let listed = place.open().keys().await;
    assert!(matches!(listed, Err(StoreError::Corrupt { .. })), "{listed:?}");
    put(&place.open(), &session(), 1, "x").await;
    put(&place.open(), &key_of("other", RecordKind::Session), 1, "y").await;
    assert_eq!(place.open().keys().await.unwrap().len(), 2);
}
