//! The store in memory, and what tests of locks share.

use super::*;
use auth_store::MemoryStore;
use tokio::task::JoinSet;

pub(crate) async fn is_held(store: &impl SessionStore) -> bool {
    match store.lock(&session()).await {
        Ok(lock) => {
            drop(lock);
            false
        }
        Err(StoreError::Unavailable { .. }) => true,
        Err(error) => panic!("{error:?}"),
    }
}

pub(crate) async fn count_to(total: usize, stores: Vec<impl SessionStore + 'static>) {
    let each = total / stores.len();
    let mut tasks = JoinSet::new();
    for store in stores {
        tasks.spawn(async move {
            for _ in 0..each {
                count(&store).await;
            }
        });
    }
    tasks.join_all().await;
}

/// Adds one to the number in the record.
pub(crate) async fn count(store: &impl SessionStore) {
    let _lock = store.lock(&session()).await.unwrap();
    let found = store.load(&session()).await.unwrap();
    let count = found.map_or(0, |found| String::from_utf8_lossy(found.body.expose()).parse::<u32>().unwrap());
    store
        .save(&session(), &record(1, &(count + 1).to_string()), WriteCondition::Unconditional)
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn clones_of_a_memory_store_exclude_each_other() {
    let store = MemoryStore::new();
    let lock = store.lock(&session()).await.unwrap();
    assert!(is_held(&store.clone()).await);
    assert!(!is_held(&MemoryStore::new()).await);
    drop(lock);
    assert!(!is_held(&store).await);
}

#[tokio::test]
async fn counting_under_the_lock_loses_nothing() {
    let memory = MemoryStore::new();
    count_to(40, vec![memory.clone(); 8]).await;
    let found = memory.load(&session()).await.unwrap().unwrap();
    assert_eq!(found.body.expose(), b"40");
}

mod conformance {
    auth_store::store_conformance!(|| async { auth_store::MemoryStore::new() });
}

#[tokio::test]
async fn clones_of_a_memory_store_share_the_content() {
    let (key, record) = (session(), record(3, "x"));
    let store = MemoryStore::default();
    store.clone().save(&key, &record, WriteCondition::Unconditional).await.unwrap();
    assert_eq!(store.load(&key).await.unwrap().map(|found| found.session_id), Some(SessionId(3)));
    assert!(MemoryStore::new().load(&key).await.unwrap().is_none());
}
