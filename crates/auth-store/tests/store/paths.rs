//! Paths, modes, and what the system refuses.

use super::*;

async fn works(store: &Store) {
    put(store, &session(), 1, "x").await;
    assert_eq!(body(store, &session()).await.as_deref(), Some("x"));
    drop(store.lock(&session()).await.unwrap());
}

/// Every call fails as the system's refusal.
async fn io_everywhere(path: PathBuf) {
    let store = Store::with_key_file(path);
    for outcome in [
        store.load(&session()).await.map(|_| ()),
        store.save(&session(), &record(1, "x"), WriteCondition::Unconditional).await,
        store.remove(&session()).await,
        store.lock(&session()).await.map(|_| ()),
    ] {
        let error = outcome.unwrap_err();
        assert!(matches!(error, StoreError::Io { .. }), "{error:?}");
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn nothing_is_created_before_the_first_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/store");
    let store = Store::with_key_file(&path);
    assert_eq!(store.path(), path);
    assert!(store.load(&session()).await.unwrap().is_none());
    store.remove(&session()).await.unwrap();
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
    works(&store).await;
}

#[tokio::test]
async fn a_directory_as_path_gets_a_file_in_it() {
    let folder = tempfile::tempdir().unwrap();
    works(&Store::with_key_file(folder.path())).await;
    assert!(folder.path().join(Store::DEFAULT_NAME).is_file());
    assert!(folder.path().join(format!("{}.key", Store::DEFAULT_NAME)).is_file());
    let same = Store::with_key_file(folder.path().join(Store::DEFAULT_NAME));
    assert_eq!(body(&same, &session()).await.as_deref(), Some("x"));
}

#[tokio::test]
async fn a_file_where_a_directory_should_be_is_an_io_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    io_everywhere(file.join("store")).await;
    io_everywhere(file.join("deeper/store")).await;
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    io_everywhere(PathBuf::new()).await;
}

#[tokio::test]
async fn directories_in_the_way_are_io_errors() {
    let place = Place::new();
    fs::create_dir_all(place.path().join(Store::DEFAULT_NAME)).unwrap();
    let store = place.open();
    assert_eq!(store.load(&session()).await.unwrap_err().kind(), "store_io");
    assert_eq!(store.remove(&session()).await.unwrap_err().kind(), "store_io");

    for suffix in [".lock", ".key"] {
        let place = Place::new();
        fs::create_dir(place.beside(suffix)).unwrap();
        let error =
            place.open().save(&session(), &record(1, "x"), WriteCondition::Unconditional).await.unwrap_err();
        assert_eq!(error.kind(), "store_io", "{suffix}");
        assert!(!place.path().exists());
    }
    let place = Place::new();
    fs::write(place.beside(".locks"), "").unwrap();
    assert_eq!(place.open().lock(&session()).await.unwrap_err().kind(), "store_io");
    works_without_lock(&place).await;
}

async fn works_without_lock(place: &Place) {
    put(&place.open(), &session(), 1, "x").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("x"));
}

#[tokio::test]
async fn what_an_interrupted_write_left_is_no_hindrance() {
    let place = Place::new();
    fs::write(place.beside(".writing-aB3xYz"), "{\"format\":\"b2auth-st").unwrap();
    fs::write(place.beside(".lock"), "").unwrap();
    works(&place.open()).await;
    put(&place.open(), &session(), 2, "y").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("y"));
}

#[tokio::test]
async fn a_dropped_save_leaves_a_whole_store() {
    let place = Place::new();
    let (store, key) = (place.open(), session());
    put(&store, &key, 1, "before").await;
    for polls in 0..12 {
        let record = record(1, "after");
        let mut save = std::pin::pin!(store.save(&key, &record, WriteCondition::Unconditional));
        for _ in 0..polls {
            // The first arm lets the blocking part come along; whichever is first, the save is then dropped.
            tokio::select! {
                biased;
                done = &mut save => { done.unwrap(); break; }
                () = tokio::task::yield_now() => {}
            }
        }
        let found = body(&place.open(), &key).await;
        assert!(matches!(found.as_deref(), Some("before" | "after")), "{found:?}");
    }
    put(&store, &key, 2, "last").await;
    assert_eq!(body(&place.open(), &key).await.as_deref(), Some("last"));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    }

    #[tokio::test]
    async fn files_and_directories_are_private() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("a/b");
        works(&Store::with_key_file(home.join("store"))).await;
        for directory in ["a", "a/b", "a/b/store.locks"] {
            assert_eq!(mode(&folder.path().join(directory)), 0o700, "{directory}");
        }
        let all = files(&home);
        assert_eq!(all.len(), 3, "store, key, lock");
        for (file, _) in all {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }

    #[tokio::test]
    async fn wide_modes_are_tightened_at_the_next_write() {
        let place = Place::new();
        put(&place.open(), &session(), 1, "x").await;
        for file in [place.path(), place.beside(".key")] {
            set_mode(&file, 0o644);
        }
        assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("x"));
        assert_eq!(mode(&place.path()), 0o644, "reading changes nothing");
        put(&place.open(), &session(), 1, "y").await;
        assert_eq!((mode(&place.path()), mode(&place.beside(".key"))), (0o600, 0o600));
    }

    #[tokio::test]
    async fn a_link_stays_and_its_target_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("real")).unwrap();
        fs::create_dir_all(folder.path().join("links")).unwrap();
        let (real, link) = (folder.path().join("real/store"), folder.path().join("links/store"));
        symlink("middle", &link).unwrap();
        symlink("../real/store", folder.path().join("links/middle")).unwrap();
        // Once while the target is not there yet, once while it is.
        for text in ["first", "second"] {
            let through = Store::with_key_file(&link);
            put(&through, &session(), 1, text).await;
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert!(fs::symlink_metadata(&real).unwrap().is_file());
            let direct = Store::with_key_file(&real);
            assert_eq!(body(&direct, &session()).await.as_deref(), Some(text));
        }
        assert_eq!(fs::read_dir(folder.path().join("links")).unwrap().count(), 2, "just the links");
    }

    #[tokio::test]
    async fn a_link_to_a_directory_leads_into_it() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::create_dir(&real).unwrap();
        symlink(&real, &link).unwrap();
        works(&Store::with_key_file(&link)).await;
        assert!(real.join(Store::DEFAULT_NAME).is_file());
    }

    #[tokio::test]
    async fn links_in_a_circle_are_an_io_error() {
        let place = Place::new();
        symlink("store", place.path()).unwrap();
        io_everywhere(place.path()).await;
    }

    #[tokio::test]
    async fn special_files_are_no_stores() {
        let store = Store::with_key_file("/dev/zero");
        assert_eq!(store.load(&session()).await.unwrap_err().kind(), "store_io");
    }
}

#[test]
fn a_relative_path_is_made_absolute_when_the_store_is_made() {
    let store = Store::with_key_file("some.store");
    assert_eq!(store.path(), std::env::current_dir().expect("a directory").join("some.store"));
}
