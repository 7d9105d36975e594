//! What killed processes have left is swept at the first change of the next one, and what is in use stays.

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|entries| entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

#[tokio::test]
async fn files_of_cut_off_writes_and_locks_that_nobody_holds_go() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    drop(place.open().lock(&session()).await.unwrap());
    fs::write(place.beside(".writing-a1b2c3"), Store::BEGINNING).unwrap();
    fs::write(place.beside(".key.writing-zzzzzz"), "MDEyMzQ1").unwrap();
    fs::write(place.beside(".locks/00112233445566778899aabbccddeeff.lease"), "").unwrap();
    fs::write(place.beside(".damaged-1"), "left").unwrap();
    fs::write(place.folder.path().join("other.writing-x"), b"of another store").unwrap();
    let held = place.open().lock(&key_of("held", RecordKind::Session)).await.unwrap();
    let next = place.open();
    assert!(next.load(&session()).await.unwrap().is_some());
    assert!(place.beside(".writing-a1b2c3").exists(), "a read sweeps nothing");
    put(&next, &session(), 1, "y").await;
    drop(next);
    assert_eq!(
        names(place.folder.path()),
        ["other.writing-x", "store", "store.damaged-1", "store.key", "store.lock", "store.locks"]
    );
    assert_eq!(names(&place.beside(".locks")).len(), 1, "the one that is held");
    assert!(place.open().try_lock(&key_of("held", RecordKind::Session)).await.unwrap().is_none());
    drop(held);
    assert!(place.open().try_lock(&key_of("held", RecordKind::Session)).await.unwrap().is_some());
}

/// Whoever sweeps does not let two hold one lock.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_lock_is_held_once_while_others_sweep() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static HOLDERS: AtomicUsize = AtomicUsize::new(0);
    let place = Place::new();
    let path = place.path();
    let work = |n: u64| {
        let path = path.clone();
        tokio::spawn(async move {
            for round in 0..40 {
                // A new instance each time: each sweeps at its first change.
                let store = Store::with_key_file(&path);
                put(&store, &key_of(&format!("user{n}"), RecordKind::Session), n, &round.to_string()).await;
                let lock = store.lock(&session()).await.unwrap();
                assert_eq!(HOLDERS.fetch_add(1, Ordering::SeqCst), 0, "two hold it");
                tokio::task::yield_now().await;
                HOLDERS.fetch_sub(1, Ordering::SeqCst);
                drop(lock);
            }
        })
    };
    let all: Vec<_> = (0..6).map(work).collect();
    for one in all {
        one.await.unwrap();
    }
}
