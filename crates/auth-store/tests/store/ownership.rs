//! A file that is written again stays whose it was. Run as root these tests give files to another user; run by anybody else that
//! user is the one who runs them, and the rest is the same.

use super::*;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

/// Somebody who is not root, and a group that is not theirs by itself.
fn another_user(folder: &Path) -> (u32, u32) {
    let found = fs::metadata(folder).unwrap();
    if found.uid() == 0 { (12_345, 23_456) } else { (found.uid(), found.gid()) }
}

fn whose(path: &Path) -> (u32, u32, u32) {
    let found = fs::metadata(path).unwrap();
    (found.uid(), found.gid(), found.mode() & 0o777)
}

fn give(path: &Path, (owner, group): (u32, u32), mode: u32) {
    chown(path, Some(owner), Some(group)).unwrap();
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn a_rewritten_store_keeps_its_owner_group_and_mode() {
    for mode in [0o600, 0o640, 0o660] {
        let place = Place::new();
        put(&place.open(), &session(), 1, "x").await;
        let other = another_user(place.folder.path());
        give(place.folder.path(), other, 0o700);
        give(&place.path(), other, mode);
        give(&place.beside(".key"), other, mode);
        let before = (whose(&place.path()), whose(&place.beside(".key")));
        put(&place.open(), &session(), 1, "y").await;
        place.open().remove(&key_of("other", RecordKind::Session)).await.unwrap();
        assert_eq!((whose(&place.path()), whose(&place.beside(".key"))), before, "{mode:o}");
        assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("y"));
    }
}

#[tokio::test]
async fn what_is_made_beside_a_store_is_its_owner_s() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let other = another_user(place.folder.path());
    for path in [place.folder.path().to_owned(), place.path(), place.beside(".key")] {
        give(&path, other, if path.is_dir() { 0o700 } else { 0o600 });
    }
    fs::remove_file(place.beside(".lock")).unwrap();
    let lock = place.open().lock(&session()).await.unwrap();
    put(&place.open(), &session(), 1, "y").await;
    let (owner, group) = other;
    assert_eq!(whose(&place.beside(".locks")), (owner, group, 0o700));
    for (path, _) in files(place.folder.path()) {
        assert_eq!(whose(&path), (owner, group, 0o600), "{}", path.display());
    }
    assert_eq!(files(&place.beside(".locks")).len(), 1);
    drop(lock);
}

#[tokio::test]
async fn an_empty_file_in_a_store_s_place_keeps_its_owner() {
    let place = Place::new();
    let (owner, group) = another_user(place.folder.path());
    fs::write(place.path(), "").unwrap();
    give(place.folder.path(), (owner, group), 0o700);
    give(&place.path(), (owner, group), 0o640);
    put(&place.open(), &session(), 1, "x").await;
    assert_eq!(whose(&place.path()), (owner, group, 0o640));
    assert_eq!(whose(&place.beside(".key")), (owner, group, 0o600));
}
