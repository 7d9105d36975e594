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

#[cfg(unix)]
#[tokio::test]
async fn what_sqlite_makes_beside_a_database_is_private_and_its_owner_s() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let folder = fs::metadata(place.folder.path()).unwrap();
    // Run as root this gives the store to somebody else.
    let owner = if folder.uid() == 0 { 12_345 } else { folder.uid() };
    for path in [place.folder.path().to_owned(), place.path(), place.beside(".key")] {
        chown(path, Some(owner), None).unwrap();
    }
    let store = place.open();
    put(&store, &session(), 1, "y").await;
    for end in ["", "-wal", "-shm"] {
        let found = fs::metadata(place.beside(end)).unwrap();
        assert_eq!((found.uid(), found.permissions().mode() & 0o777), (owner, 0o600), "{end}");
    }
    drop(store);

    // What others could read is made private by the next write, the log too.
    let store = place.open();
    put(&store, &session(), 1, "z").await;
    for end in ["", "-wal"] {
        fs::set_permissions(place.beside(end), PermissionsExt::from_mode(0o644)).unwrap();
    }
    put(&store, &session(), 1, "private").await;
    for end in ["", "-wal"] {
        assert_eq!(fs::metadata(place.beside(end)).unwrap().permissions().mode() & 0o777, 0o600, "{end}");
    }
}

/// SQLite would read them: a log that somebody put there is part of the database.
#[cfg(unix)]
#[tokio::test]
async fn a_link_or_a_folder_in_the_place_of_a_log_is_refused() {
    for end in ["-wal", "-shm", "-journal"] {
        let place = Place::new();
        put(&place.open(), &session(), 1, "x").await;
        let elsewhere = place.beside(".elsewhere");
        fs::write(&elsewhere, "").unwrap();
        std::os::unix::fs::symlink(&elsewhere, place.beside(end)).unwrap();
        let error = place.open().load(&session()).await.unwrap_err();
        assert!(matches!(&error, StoreError::Io { path, .. } if *path == place.beside(end)), "{error:?}");
        assert_eq!(fs::read(&elsewhere).unwrap(), b"");
    }
}

#[tokio::test]
async fn a_copy_that_sqlite_makes_is_a_store() {
    let place = Place::new();
    let store = place.open();
    put(&store, &session(), 1, "x").await;
    let copy = place.beside(".copy");
    sql(&place.path(), "VACUUM INTO ?1", params![copy.to_str().unwrap()]);
    fs::copy(place.beside(".key"), place.beside(".copy.key")).unwrap();
    assert_eq!(body(&SqliteStore::with_key_file(copy), &session()).await.as_deref(), Some("x"));
}

/// A pooled connection is of a file, and the name may be another one's by now.
#[cfg(unix)]
#[tokio::test]
async fn a_database_that_was_replaced_is_opened_anew() {
    let (place, other) = (Place::new(), Place::new());
    let store = place.open();
    put(&store, &session(), 1, "x").await;
    put(&other.open(), &session(), 2, "another's").await;
    fs::copy(other.beside(".key"), place.beside(".key")).unwrap();
    for end in ["-wal", "-shm"] {
        let _without = fs::remove_file(place.beside(end));
    }
    fs::rename(other.path(), place.path()).unwrap();
    assert_eq!(body(&store, &session()).await.as_deref(), Some("another's"));
    drop(store);
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("another's"));
}
