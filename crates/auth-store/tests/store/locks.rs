//! Leases exclude tasks and instances. Time stands still where a test waits for a lock in vain.

use super::*;
use crate::memory::{count_to, is_held};
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::test(start_paused = true)]
async fn instances_exclude_each_other() {
    let place = Place::new();
    let (one, two) = (place.open(), place.open());
    let lock = one.lock(&session()).await.unwrap();
    assert!(is_held(&one).await);
    assert!(is_held(&one.clone()).await);
    assert!(is_held(&two).await);
    drop(lock);
    assert!(!is_held(&two).await);
    assert!(!is_held(&one).await);
}

#[tokio::test(start_paused = true)]
async fn a_lock_blocks_nothing_but_its_like() {
    let place = Place::new();
    let (holder, other) = (place.open(), place.open());
    let _lock = holder.lock(&session()).await.unwrap();
    put(&other, &session(), 1, "x").await;
    put(&holder, &session(), 1, "y").await;
    assert_eq!(body(&other, &session()).await.as_deref(), Some("y"));
    let _second = other.lock(&key_of("other", RecordKind::Session)).await.unwrap();
    other.remove(&session()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_dropped_wait_holds_nothing() {
    let place = Place::new();
    let (one, two) = (place.open(), place.open());
    let lock = one.lock(&session()).await.unwrap();
    for store in [&one, &two] {
        let key = session();
        let mut wait = std::pin::pin!(store.lock(&key));
        tokio::select! {
            biased;
            _ = &mut wait => unreachable!("it is held"),
            () = tokio::task::yield_now() => {}
        }
    }
    drop(lock);
    assert!(!is_held(&one).await);
    assert!(!is_held(&two).await);
}

/// Deleting the file while it is held must not make two holders think that they are alone for ever: whoever comes
/// later agrees on the new file.
#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_deleted_lock_file_is_made_anew() {
    let place = Place::new();
    drop(place.open().lock(&session()).await.unwrap());
    fs::remove_dir_all(place.beside(".locks")).unwrap();
    let _lock = place.open().lock(&session()).await.unwrap();
    assert!(is_held(&place.open()).await);
}

#[tokio::test]
async fn counting_under_the_lock_loses_nothing() {
    let place = Place::new();
    let shared = place.open();
    // Some tasks share an instance, some have their own.
    let stores = (0..8).map(|n| if n % 2 == 0 { shared.clone() } else { place.open() });
    count_to(40, stores.collect()).await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("40"));
}

#[tokio::test]
async fn saves_of_different_records_do_not_undo_each_other() {
    let place = Place::new();
    let shared = Arc::new(place.open());
    let mut tasks = JoinSet::new();
    for n in 0..16 {
        let store = if n % 2 == 0 { Store::clone(&shared) } else { place.open() };
        tasks.spawn(async move { put(&store, &key_of(&format!("p{n}"), RecordKind::Session), 1, "x").await });
    }
    tasks.join_all().await;
    for n in 0..16 {
        assert!(body(&*shared, &key_of(&format!("p{n}"), RecordKind::Session)).await.is_some(), "{n}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_does_not_wait_for_ever() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let lock = fs::File::open(place.beside(".lock")).unwrap();
    lock.lock().unwrap();
    let saved = place.open().save(&session(), &record(1, "y"), WriteCondition::Unconditional).await;
    assert!(matches!(saved, Err(StoreError::Unavailable { .. })), "{saved:?}");
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("x"), "readers need no lock");
    drop(lock);
    put(&place.open(), &session(), 1, "y").await;
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_lock_that_is_given_back_leaves_no_file() {
    let place = Place::new();
    let (store, other) = (place.open(), place.open());
    for n in 0..20 {
        let key = key_of(&format!("user{n}"), RecordKind::Session);
        let held = store.lock(&key).await.unwrap();
        assert!(other.try_lock(&key).await.unwrap().is_none());
        drop(held);
        assert!(other.try_lock(&key).await.unwrap().is_some(), "it can be taken anew");
    }
    assert_eq!(fs::read_dir(place.beside(".locks")).unwrap().count(), 0);
}
