//! Databases: another program's, one of a later version, one that somebody holds, and what one brings along.

use super::*;

#[tokio::test]
async fn another_program_s_database_is_never_touched() {
    for mode in ["delete", "wal"] {
        let place = Place::new();
        let other = Connection::open(place.path()).unwrap();
        other.pragma_update(None, "journal_mode", mode).unwrap();
        other.execute_batch("CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')").unwrap();
        let before = fs::read_dir(place.folder.path()).unwrap().count();
        let bytes = place.bytes();
        for store in [place.open(), place.open_with("correct horse")] {
            for outcome in [
                store.load(&session()).await.map(drop),
                store.save(&session(), &record(1, "x"), WriteCondition::Unconditional).await,
                store.remove(&session()).await,
                store.keys().await.map(drop),
                store.lock(&session()).await.map(drop),
                store.make_way().await.map(drop),
            ] {
                assert_eq!(outcome.unwrap_err().kind(), "not_a_store", "{mode}");
            }
        }
        assert_eq!(place.bytes(), bytes, "{mode}");
        assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), before, "{mode}: it has got company");
        let text: String = other.query_row("SELECT text FROM notes", [], |row| row.get(0)).unwrap();
        assert_eq!(text, "mine");
    }
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    sql(&place.path(), "PRAGMA user_version = 7", &[]);
    keys::refuses(&place, &place.open(), "store_newer").await;
    keys::refuses(&place, &place.open_with("x"), "store_newer").await;
    assert_eq!(place.open().make_way().await.unwrap_err().kind(), "store_newer");
}

#[tokio::test]
async fn a_database_that_somebody_holds_is_unavailable_to_writers_and_read_all_the_same() {
    let place = Place::new();
    let store = place.open();
    put(&store, &session(), 1, "x").await;
    let other = Connection::open(place.path()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(body(&store, &session()).await.as_deref(), Some("x"));
    let saved = store.save(&session(), &record(1, "y"), WriteCondition::Unconditional).await;
    assert!(matches!(saved, Err(StoreError::Unavailable { .. })), "{saved:?}");
    other.execute_batch("ROLLBACK").unwrap();
    put(&store, &session(), 1, "y").await;
}

/// Triggers could put back what was removed, or tell somebody else of it.
#[tokio::test]
async fn what_a_database_brings_along_is_not_run() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let other = Connection::open(place.path()).unwrap();
    other
        .execute_batch(
            "CREATE TABLE kept (body BLOB); \
             CREATE TRIGGER keeps AFTER DELETE ON records BEGIN INSERT INTO kept VALUES (old.body); END; \
             CREATE TRIGGER stops BEFORE UPDATE ON records BEGIN SELECT raise(ABORT, 'no'); END;",
        )
        .unwrap();
    drop(other);
    put(&place.open(), &session(), 1, "y").await;
    place.open().remove(&session()).await.unwrap();
    assert_eq!((count(&place.path(), "kept"), count(&place.path(), "records")), (0, 0));
}

#[tokio::test]
async fn a_removed_record_leaves_nothing_in_the_database_or_its_log() {
    let place = Place::new();
    let store = place.open();
    put(&store, &session(), 1, &"x".repeat(20_000)).await;
    put(&store, &key_of("other", RecordKind::Session), 1, "y").await;
    let sealed: Vec<u8> = {
        let query = "SELECT body FROM records WHERE length(body) > 20000";
        Connection::open(place.path()).unwrap().query_row(query, [], |row| row.get(0)).unwrap()
    };
    let is_in = |path: &Path| content(path).windows(200).any(|bytes| bytes == &sealed[100..300]);
    assert!(is_in(&place.beside("-wal")) || is_in(&place.path()));
    store.remove(&session()).await.unwrap();
    assert!(!is_in(&place.path()) && !is_in(&place.beside("-wal")));
    assert_eq!(body(&store, &key_of("other", RecordKind::Session)).await.as_deref(), Some("y"));
}

/// A database that was deleted by hand leaves its log, which SQLite would take for the next one's.
#[tokio::test]
async fn a_log_without_its_database_is_not_believed() {
    let place = Place::new();
    let killed = place.open();
    put(&killed, &session(), 1, "old").await;
    let log = content(&place.beside("-wal"));
    drop(killed);
    fs::remove_file(place.path()).unwrap();
    fs::write(place.beside("-wal"), log).unwrap();
    assert!(place.open().load(&session()).await.unwrap().is_none());
    let other = key_of("other", RecordKind::Session);
    put(&place.open(), &other, 1, "x").await;
    assert_eq!(place.open().keys().await.unwrap(), [other]);

    let place = Place::new();
    fs::write(place.beside("-wal"), "my notes").unwrap();
    let saved = place.open().save(&session(), &record(1, "x"), WriteCondition::Unconditional).await;
    assert_eq!(saved.unwrap_err().kind(), "not_a_store");
    assert_eq!(fs::read(place.beside("-wal")).unwrap(), b"my notes");
}

/// On Unix a file's locks are the process's, and closing it anywhere gives them back.
#[cfg(unix)]
#[tokio::test]
async fn another_instance_s_look_at_the_file_leaves_sqlite_s_locks() {
    let place = Place::new();
    let store = place.open();
    put(&store, &session(), 1, "x").await;
    // Looks at the file, and closes its own connection.
    assert!(place.open().load(&session()).await.unwrap().is_some());
    drop(place.open().lock(&session()).await.unwrap());
    // Another process is now the last one that closes: it must see that we are there, and leave the log.
    let python = "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nc.execute('select count(*) from records').fetchone()\nc.close()";
    let Ok(ran) = std::process::Command::new("python3").args(["-c", python]).arg(place.path()).status()
    else {
        return;
    };
    assert!(ran.success());
    assert!(place.beside("-wal").exists(), "the log of a database in use was removed");
    put(&store, &session(), 1, "y").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("y"));
}
