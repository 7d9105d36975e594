//! What another user can put into a store's folder. Run as root these tests give it to another user; run by anybody else that user is the
//! one who runs them, and they then try only what one user can.

#![allow(clippy::print_stdout, reason = "a test that is not the whole one says so")]

use super::*;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown, symlink};

const OTHER: u32 = 12_345;

/// Gives it to another user, in a folder that is like /tmp; false if this test cannot.
fn plant(place: &Place, path: &Path) -> bool {
    let is_root = fs::metadata(place.folder.path()).unwrap().uid() == 0;
    if is_root {
        fs::set_permissions(place.folder.path(), PermissionsExt::from_mode(0o1777)).unwrap();
        lchown(path, Some(OTHER), Some(OTHER)).unwrap();
    } else {
        println!("not run by root: nothing is another user's, so only that ours is used is tried");
    }
    is_root
}

/// The reason of the system's refusal, with its path.
fn refusal(outcome: Result<(), StoreError>) -> (PathBuf, String) {
    match outcome.unwrap_err() {
        StoreError::Io { path, source, .. } | StoreError::KeyMissing { path, source } => {
            (path, source.to_string())
        }
        error => panic!("{error:?}"),
    }
}

async fn save(place: &Place) -> Result<(), StoreError> {
    place.open().save(&session(), &record(1, "x"), WriteCondition::Unconditional).await
}

#[tokio::test]
async fn each_file_of_a_store_is_refused_if_it_is_another_user_s() {
    for suffix in ["", ".key", ".lock"] {
        let place = Place::new();
        put(&place.open(), &session(), 1, "x").await;
        let path = place.beside(suffix);
        if plant(&place, &path) {
            let expected = (path, "it belongs to another user".to_owned());
            assert_eq!(refusal(save(&place).await), expected, "{suffix}");
            if suffix != ".lock" {
                assert_eq!(refusal(place.open().load(&session()).await.map(drop)), expected, "{suffix}");
            }
        } else {
            save(&place).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_lock_and_its_folder_are_refused_if_they_are_another_user_s() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let held = place.open().lock(&session()).await.unwrap();
    let (lease, _) = files(&place.beside(".locks")).remove(0);
    drop(held);
    fs::write(&lease, "").unwrap();
    for path in [lease, place.beside(".locks")] {
        if plant(&place, &path) {
            let (named, why) = refusal(place.open().try_lock(&session()).await.map(drop));
            assert_eq!((named.as_path(), &*why), (&*path, "it belongs to another user"));
            lchown(&path, Some(0), Some(0)).unwrap();
        }
        drop(place.open().try_lock(&session()).await.unwrap().unwrap());
        fs::write(place.beside(".locks").join("other"), "").unwrap();
    }
}

#[tokio::test]
async fn another_user_s_link_is_not_followed_and_a_lock_is_never_one() {
    let target = tempfile::tempdir().unwrap();
    for suffix in ["", ".key", ".locks"] {
        let place = Place::new();
        let link = place.beside(suffix);
        symlink(target.path().join("new"), &link).unwrap();
        if plant(&place, &link) {
            let outcome = if suffix == ".locks" {
                place.open().lock(&session()).await.map(drop)
            } else {
                save(&place).await
            };
            let (named, why) = refusal(outcome);
            assert_eq!((&named, why), (&link, format!("{} is a link of another user", link.display())));
        }
        assert_eq!(fs::read_dir(target.path()).unwrap().count(), 0, "{suffix}");
    }
    let place = Place::new();
    fs::write(target.path().join("empty"), "").unwrap();
    symlink(target.path().join("empty"), place.beside(".lock")).unwrap();
    assert_eq!(refusal(save(&place).await), (place.beside(".lock"), "a link lies in its place".to_owned()));
}

#[tokio::test]
async fn a_key_that_others_may_have_written_is_refused() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let key = place.beside(".key");
    fs::set_permissions(&key, PermissionsExt::from_mode(0o606)).unwrap();
    assert_eq!(refusal(save(&place).await), (key.clone(), "all others can write to it".to_owned()));
    fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
    // Another name does no harm where nobody else can give one.
    fs::hard_link(&key, place.beside(".backup")).unwrap();
    save(&place).await.unwrap();
    // Nor where the group is the owner's own, as a backup by links has it.
    let own = fs::metadata(place.folder.path()).unwrap();
    if own.uid() == own.gid() {
        fs::set_permissions(place.folder.path(), PermissionsExt::from_mode(0o775)).unwrap();
        save(&place).await.unwrap();
    }
    fs::set_permissions(place.folder.path(), PermissionsExt::from_mode(0o1777)).unwrap();
    let (named, why) = refusal(save(&place).await);
    assert_eq!((named, &*why), (key, "it has another name, and others can write to its folder"));
}

#[tokio::test]
async fn the_administrator_uses_a_user_s_store_where_only_that_user_can_write() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    for suffix in ["", ".key", ".lock"] {
        if !plant(&place, &place.beside(suffix)) {
            return;
        }
    }
    let folder = place.folder.path();
    lchown(folder, Some(OTHER), Some(OTHER)).unwrap();
    // As the umask 002 makes it, with a group of the user's own.
    fs::set_permissions(folder, PermissionsExt::from_mode(0o775)).unwrap();
    save(&place).await.unwrap();
    lchown(folder, Some(OTHER), Some(100)).unwrap();
    let why = "it belongs to another user, and others can write to its folder".to_owned();
    assert_eq!(refusal(place.open().load(&session()).await.map(drop)), (place.path(), why));
}

#[tokio::test]
async fn a_pipe_in_the_place_of_a_file_is_told_at_once() {
    for suffix in ["", ".key", ".lock"] {
        let place = Place::new();
        put(&place.open(), &session(), 1, "x").await;
        let path = place.beside(suffix);
        fs::remove_file(&path).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert_eq!(refusal(save(&place).await), (path, "it is no regular file".to_owned()), "{suffix}");
    }
}

#[tokio::test]
async fn another_user_s_leftovers_do_not_keep_ours_from_being_swept() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    drop(place.open().lock(&session()).await.unwrap());
    let names = ["00112233445566778899aabbccddeeff.lease", "ffeeddccbbaa99887766554433221100.lease"];
    let [theirs, ours] = names.map(|name| place.beside(".locks").join(name));
    let cut_off = place.beside(".writing-aB3xYz");
    [&theirs, &ours, &cut_off].into_iter().for_each(|path| fs::write(path, "").unwrap());
    let is_planted = plant(&place, &theirs);
    put(&place.open(), &session(), 1, "y").await;
    assert_eq!((theirs.exists(), ours.exists(), cut_off.exists()), (is_planted, false, false));
}
