//! A key in the keyring, for another store.

use super::*;
use crate::desktop::Desktop;
use auth_store::{KeySource, MemoryStore, SealedStore};

#[tokio::test]
async fn a_key_is_made_once_and_stays() {
    let desktop = Desktop::new().await;
    let (one, two) = (desktop.key(), desktop.key());
    let (first, second) = tokio::join!(one.store_key(), two.store_key());
    let first = first.unwrap();
    assert_eq!(first.expose(), second.unwrap().expose());
    assert_eq!(first.expose(), desktop.key().store_key().await.unwrap().expose());
    let inner = MemoryStore::new();
    put(&SealedStore::new(inner.clone(), desktop.key()), &session(), 1, "tokens").await;
    let sealed = SealedStore::new(inner, desktop.key());
    assert_eq!(body(&sealed, &session()).await.as_deref(), Some("tokens"));
}

#[tokio::test]
async fn a_key_that_the_keyring_has_lost_is_not_made_anew() {
    let mut desktop = Desktop::with_activation(true).await;
    let first = desktop.key().store_key().await.unwrap();
    desktop.kill_keyring();
    desktop.until_it_works().await;
    is_unavailable(desktop.key().store_key().await, "does not have");
    assert!(desktop.key().make_way().await.unwrap());
    assert_ne!(first.expose(), desktop.key().store_key().await.unwrap().expose());
}

#[tokio::test]
async fn a_key_that_does_not_read_is_not_made_anew() {
    let desktop = Desktop::new().await;
    desktop.key().store_key().await.unwrap();
    desktop.spoil("part-1-0", Some(b"other bytes")).await;
    for _ in 0..2 {
        let read = desktop.key().store_key().await;
        assert!(matches!(read, Err(StoreError::Corrupt { .. })), "{read:?}");
    }
}
