//! What lies in the keyring: parts, what is replaced, what is damaged.

use super::*;
use crate::desktop::Desktop;

#[tokio::test]
async fn a_record_of_any_size_lies_in_small_entries() {
    let desktop = Desktop::new().await;
    let store = desktop.open();
    for size in [0, 1, 2047, 2048, 2049, 40_000, 100] {
        let text = "abc".repeat(size).split_off(2 * size);
        put(&store, &session(), 1, text.clone()).await;
        assert_eq!(body(&desktop.open(), &session()).await, Some(text), "{size}");
        let parts = desktop.entries().await.iter().filter(|name| name.starts_with("part-")).count();
        assert_eq!(parts, size.div_ceil(2048), "the parts of {size} bytes, and none that were replaced");
    }
    let service = desktop.service().await;
    for item in service.get_default_collection().await.unwrap().get_all_items().await.unwrap() {
        assert!(item.get_secret().await.unwrap().len() <= 2048);
        let attributes = format!("{:?}", item.get_attributes().await.unwrap());
        assert!(!attributes.contains("broker"), "{attributes}");
        assert!(!item.get_label().await.unwrap().contains("broker"));
    }
}

#[tokio::test]
async fn a_list_of_many_records_lies_apart() {
    let desktop = Desktop::new().await;
    let store = desktop.open();
    let keys: Vec<_> =
        (0..40).map(|n| key_of(&format!("user{n}@mail.example"), RecordKind::Session)).collect();
    let records: Vec<_> = keys
        .iter()
        .map(|key| (key.clone(), record(7, key.to_string()), WriteCondition::Unconditional))
        .collect();
    store.save_all(&records).await.unwrap();
    let all = desktop.open().load_all().await.unwrap();
    assert_eq!(all.len(), 40);
    assert!(all.iter().all(|(key, record)| record.body.expose() == key.to_string().as_bytes()));
    for key in &keys {
        store.remove(key).await.unwrap();
    }
    assert_eq!(desktop.entries().await, [""; 0]);
}

#[tokio::test]
async fn all_are_saved_or_none() {
    let desktop = Desktop::new().await;
    let store = desktop.open();
    put(&store, &session(), 1, "old").await;
    let before = desktop.entries().await;
    let refused = store
        .save_all(&[
            (session(), record(1, "new"), WriteCondition::SameSession),
            (key_of("other", RecordKind::Session), record(1, "x"), WriteCondition::SameSession),
        ])
        .await;
    assert!(matches!(refused, Err(StoreError::SessionReplaced)), "{refused:?}");
    assert_eq!(body(&store, &session()).await.as_deref(), Some("old"));
    assert_eq!(desktop.entries().await, before);
}

#[tokio::test]
async fn a_removal_leaves_nothing() {
    let desktop = Desktop::new().await;
    let store = desktop.open();
    put(&store, &session(), 1, "x".repeat(5000)).await;
    put(&store, &key_of("default", RecordKind::Attempts), 1, "y").await;
    store.remove(&session()).await.unwrap();
    let left = desktop.entries().await;
    assert_eq!(left.len(), 2, "the list and the other record: {left:?}");
    store.remove(&key_of("default", RecordKind::Attempts)).await.unwrap();
    assert_eq!(desktop.entries().await, [""; 0]);
    assert!(!desktop.marker().exists());
    assert_eq!(body(&store, &session()).await, None);
}

#[tokio::test]
async fn what_a_change_that_was_cut_off_wrote_is_swept() {
    let desktop = Desktop::new().await;
    let store = desktop.open();
    put(&store, &session(), 1, "x").await;
    let service = desktop.service().await;
    let collection = service.get_default_collection().await.unwrap();
    for n in 0..3 {
        let name = format!("part-2-{n}");
        let attributes = [("service", "b2auth-tests"), ("username", name.as_str())].into();
        collection.create_item("b2auth-tests", attributes, b"lost", true, "text/plain").await.unwrap();
    }
    assert_eq!(body(&store, &session()).await.as_deref(), Some("x"));
    put(&store, &session(), 1, "y").await;
    assert_eq!(desktop.entries().await, ["part-2-0", "store"]);
}

#[tokio::test]
async fn a_record_with_a_part_missing_or_changed_is_reported_once() {
    for with in [None, Some(&b"other bytes"[..])] {
        let desktop = Desktop::new().await;
        let store = desktop.open();
        put(&store, &session(), 1, "x".repeat(5000)).await;
        put(&store, &key_of("other", RecordKind::Session), 2, "other").await;
        desktop.spoil("part-1-1", with).await;
        let found = store.load(&session()).await;
        assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{found:?}");
        assert_eq!(body(&desktop.open(), &session()).await, None);
        assert!(desktop.entries().await.iter().any(|name| name == "part-1-0"), "its bytes are kept");
        assert_eq!(body(&store, &key_of("other", RecordKind::Session)).await.as_deref(), Some("other"));
        let late = store.save(&session(), &record(1, "late"), WriteCondition::SameSession).await;
        assert!(matches!(late, Err(StoreError::SessionReplaced)), "{late:?}");
        store.remove(&session()).await.unwrap();
        assert!(!desktop.entries().await.iter().any(|name| name.starts_with("part-1-")));
    }
}

#[tokio::test]
async fn a_list_that_does_not_read_is_reported_once_and_goes_with_the_sign_out() {
    let desktop = Desktop::new().await;
    let store = desktop.open();
    put(&store, &session(), 1, "x".repeat(5000)).await;
    desktop.spoil("store", Some(br#"{"format":"b2auth-keyring","version":1,"id"#)).await;
    let listed = store.keys().await;
    assert!(matches!(listed, Err(StoreError::Corrupt { .. })), "{listed:?}");
    let found = store.load(&session()).await;
    assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{found:?}");
    assert_eq!(body(&desktop.open(), &session()).await, None);
    assert!(desktop.entries().await.iter().any(|name| name == "damaged"));
    store.remove(&session()).await.unwrap();
    assert_eq!(desktop.entries().await, [""; 0]);
}

#[tokio::test]
async fn what_a_newer_program_or_another_one_wrote_is_left_alone() {
    let desktop = Desktop::new().await;
    let store = desktop.open();
    put(&store, &session(), 1, "x").await;
    desktop.spoil("store", Some(br#"{"format":"b2auth-keyring","version":2}"#)).await;
    let newer = store.save(&session(), &record(1, "y"), WriteCondition::Unconditional).await;
    assert!(matches!(newer, Err(StoreError::Newer { found: 2, supported: 1 })), "{newer:?}");
    desktop.spoil("store", Some(b"a password")).await;
    let others = store.save(&session(), &record(1, "y"), WriteCondition::Unconditional).await;
    assert!(matches!(others, Err(StoreError::NotAStore { .. })), "{others:?}");
    assert_eq!(desktop.entries().await, ["part-1-0", "store"]);
}

#[tokio::test]
async fn debug_and_errors_show_no_secret() {
    let desktop = Desktop::new().await;
    let store = desktop.open();
    put(&store, &session(), 1, "s3cret").await;
    assert!(!format!("{store:?}").contains("s3cret"));
}
