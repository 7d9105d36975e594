//! Another program's file stays exactly as it is, wherever a store would have something of its own.

use super::*;

/// What people have lying about, and what looks a little like a store.
fn foreign() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a text", b"my notes\n".to_vec()),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("JSON", br#"{"name":"package","version":"1.0.0"}"#.to_vec()),
        ("a list", b"[1, 2]".to_vec()),
        ("one of another format", br#"{"format":"something else","version":1}"#.to_vec()),
        ("one that speaks of us", br#"{"about":"b2auth-store","format":1}"#.to_vec()),
        ("not UTF-8", b"{\"format\": \"\xff\"}".to_vec()),
        ("nulls", vec![0; 4096]),
        ("a brace", b"{".to_vec()),
        ("a blank", b" ".to_vec()),
    ]
}

/// Everything below a directory that a call could have changed.
fn state(folder: &Path) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime, fs::Permissions)> {
    let mut all: Vec<_> = files(folder)
        .into_iter()
        .map(|(path, bytes)| {
            let found = fs::metadata(&path).unwrap();
            (path, bytes, found.modified().unwrap(), found.permissions())
        })
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

/// Makes a file readable by all, so that a change of its mode is seen.
fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
}

async fn refuses_everything(store: &Store, path: &Path) {
    let key = session();
    let outcomes = [
        store.load(&key).await.map(drop),
        store.save(&key, &record(1, "x"), WriteCondition::Unconditional).await,
        store.save(&key, &record(1, "x"), WriteCondition::SameSession).await,
        store.remove(&key).await,
        store.remove_unchanged(&key, None).await,
        store.keys().await.map(drop),
        store.lock(&key).await.map(drop),
        store.try_lock(&key).await.map(drop),
    ];
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert!(matches!(&error, StoreError::NotAStore { path: named } if named == path), "{error:?}");
        assert!(error.to_string().contains(&*path.to_string_lossy()), "{error}");
    }
}

#[tokio::test]
async fn another_program_s_file_is_never_touched() {
    for (what, bytes) in foreign() {
        let place = Place::new();
        write(&place.path(), &bytes);
        let before = state(place.folder.path());
        refuses_everything(&place.open(), &place.path()).await;
        refuses_everything(&place.open_with("correct horse"), &place.path()).await;
        assert!(state(place.folder.path()) == before, "{what} was changed, or has got company");
        assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 1, "{what} has got company");
    }
}

#[tokio::test]
async fn another_program_s_file_that_takes_a_store_s_place_is_never_touched() {
    let place = Place::new();
    let store = place.open();
    put(&store, &session(), 1, "x").await;
    drop(store.lock(&session()).await.unwrap());
    write(&place.beside(".notes"), b"my notes");
    fs::rename(place.beside(".notes"), place.path()).unwrap();
    let before = state(place.folder.path());
    for outcome in [
        store.load(&session()).await.map(drop),
        store.save(&session(), &record(1, "x"), WriteCondition::Unconditional).await,
        store.remove(&session()).await,
    ] {
        assert_eq!(outcome.unwrap_err().kind(), "not_a_store");
    }
    assert!(state(place.folder.path()) == before);
}

#[tokio::test]
async fn an_empty_file_counts_as_none() {
    let place = Place::new();
    write(&place.path(), b"");
    let store = place.open();
    assert!(store.load(&session()).await.unwrap().is_none());
    assert!(store.keys().await.unwrap().is_empty());
    store.remove(&session()).await.unwrap();
    let late = store.save(&session(), &record(1, "x"), WriteCondition::SameSession).await;
    assert!(matches!(late, Err(StoreError::SessionReplaced)), "{late:?}");
    assert_eq!(fs::read(place.path()).unwrap(), b"");
    drop(store.lock(&session()).await.unwrap());
    put(&store, &session(), 1, "x").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("x"));
}

#[tokio::test]
async fn another_program_s_files_beside_a_store_stay_at_a_sign_out_and_a_sweep() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    drop(place.open().lock(&session()).await.unwrap());
    let beside = [
        (".damaged-1", &b"a list of what was damaged"[..]),
        (".damaged-2", b""),
        (".writing-aB3xYz", b"a novel"),
        (".writing-notes", b""),
        (".key.writing-aB3xYz", b"how a key is written"),
        (".locks/00112233445566778899aabbccddeeff.lease", b"the lease of a flat"),
        (".locks/flat.lease", b""),
    ];
    for (suffix, bytes) in beside {
        write(&place.beside(suffix), bytes);
    }
    let kept: Vec<_> = state(place.folder.path())
        .into_iter()
        .filter(|(path, ..)| beside.iter().any(|(suffix, _)| *path == place.beside(suffix)))
        .collect();
    put(&place.open(), &session(), 2, "y").await;
    place.open().remove(&session()).await.unwrap();
    let after = state(place.folder.path());
    for file in kept {
        assert!(after.contains(&file), "{}", file.0.display());
    }
}
