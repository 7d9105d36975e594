//! What is damaged goes into quarantine with its cause, is reported once, and never takes the rest along.

use super::*;
use std::os::unix::fs::FileExt;

#[tokio::test]
async fn a_damaged_record_leaves_the_others_usable() {
    let changes = [
        "UPDATE records SET session_id = 99 WHERE id = 1",
        "UPDATE records SET body = x'00' WHERE id = 1",
        "UPDATE records SET body = zeroblob(100) WHERE id = 1",
    ];
    for change in changes {
        let place = Place::new();
        let other = key_of("other", RecordKind::Session);
        put(&place.open(), &session(), 1, "x").await;
        put(&place.open(), &other, 1, "fine").await;
        sql(&place.path(), change, &[]);
        assert_eq!(body(&place.open(), &other).await.as_deref(), Some("fine"));
        let outcome = place.open().load(&session()).await;
        assert!(is_corrupt(&outcome), "{change}: {outcome:?}");
        assert!(place.open().load(&session()).await.unwrap().is_none(), "reported once");
        assert_eq!(place.open().keys().await.unwrap(), std::slice::from_ref(&other));
        assert_eq!(count(&place.path(), "damaged"), 1);
        place.open().remove(&other).await.unwrap();
        assert_eq!(count(&place.path(), "damaged"), 1, "belongs to another key");
        place.open().remove(&session()).await.unwrap();
        assert_eq!(count(&place.path(), "damaged"), 0);
    }
}

#[tokio::test]
async fn saving_over_a_damaged_record_sets_it_aside() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    Store::forge_session_id(&place.path(), 99);
    put(&place.open(), &session(), 2, "anew").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("anew"));
    assert_eq!(count(&place.path(), "damaged"), 1);
}

type Breakage = fn(&Path);

/// Ways in which SQLite cannot read a database that has our mark.
fn breakages() -> Vec<(&'static str, Breakage)> {
    fn write_at(path: &Path, at: u64, bytes: &[u8]) {
        fs::OpenOptions::new().write(true).open(path).unwrap().write_all_at(bytes, at).unwrap();
    }
    vec![
        ("cut off", |path| fs::OpenOptions::new().write(true).open(path).unwrap().set_len(5000).unwrap()),
        ("its head", |path| write_at(path, 100, &[0xff; 60])),
        ("its pages", |path| {
            let length = fs::metadata(path).unwrap().len();
            write_at(path, 4096, &vec![0xff; usize::try_from(length).unwrap() - 4096]);
        }),
        ("another size of pages", |path| write_at(path, 16, &[0x00, 0x07])),
        ("no version", |path| sql(path, "PRAGMA user_version = 0", &[])),
        ("another schema", |path| sql(path, "DROP TABLE places", &[])),
        ("no seal", |path| sql(path, "DELETE FROM store", &[])),
        ("a seal that is none", |path| sql(path, "UPDATE store SET seal = '{}'", &[])),
    ]
}

#[tokio::test]
async fn a_damaged_database_is_quarantined_and_reported_once() {
    for (what, breaks) in breakages() {
        let place = Place::new();
        put(&place.open(), &session(), 1, "x").await;
        breaks(&place.path());
        let damaged = place.bytes();
        let listed = place.open().keys().await;
        assert!(matches!(listed, Err(StoreError::Corrupt { .. })), "{what}: {listed:?}");
        let late = place.open().save(&session(), &record(1, "late"), WriteCondition::SameSession).await;
        assert!(matches!(late, Err(StoreError::SessionReplaced)), "{what}: {late:?}");
        let (one, two) = (place.open(), place.open());
        let key = session();
        let both = tokio::join!(one.load(&key), two.load(&key));
        assert_eq!(
            usize::from(is_corrupt(&both.0)) + usize::from(is_corrupt(&both.1)),
            1,
            "{what}: {both:?}"
        );
        assert!(!place.path().exists(), "{what}");
        assert_eq!(content(&place.beside(".damaged-1")), damaged, "{what}: kept as it was");
        put(&place.open(), &session(), 2, "anew").await;
        assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("anew"), "{what}");
        place.open().remove(&session()).await.unwrap();
        assert!(!place.beside(".damaged-1").exists(), "{what}: a sign-out wipes it");
    }
}

#[tokio::test]
async fn saving_over_a_damaged_database_sets_it_aside_with_its_log() {
    let place = Place::new();
    let killed = place.open();
    put(&killed, &session(), 1, "x").await;
    // What a killed process leaves.
    let [log, index] = ["-wal", "-shm"].map(|end| content(&place.beside(end)));
    assert!(!log.is_empty());
    drop(killed);
    fs::write(place.beside("-wal"), log).unwrap();
    fs::write(place.beside("-shm"), index).unwrap();
    fs::OpenOptions::new().write(true).open(place.path()).unwrap().write_all_at(&[0x00, 0x07], 16).unwrap();
    put(&place.open(), &session(), 2, "anew").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("anew"));
    assert!(place.beside(".damaged-1").exists());
    place.open().remove(&session()).await.unwrap();
    for end in ["", "-wal", "-shm"] {
        assert!(!place.beside(&format!(".damaged-1{end}")).exists(), "{end}");
    }
}

#[tokio::test]
async fn a_hostile_key_derivation_is_not_run() {
    let place = Place::new();
    put(&place.open_with("correct horse"), &session(), 1, "x").await;
    sql(&place.path(), "UPDATE store SET seal = replace(seal, '19456', '4000000000')", &[]);
    assert!(is_corrupt(&place.open_with("correct horse").load(&session()).await));
}
