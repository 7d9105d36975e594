//! A server that is not there, does not answer, or refuses: never "no record", and never longer than the time limit.

use super::*;
use crate::server::{Server, free_port};

async fn refusal(store: &RedisStore) -> String {
    match store.load(&session()).await {
        Err(error @ StoreError::Unavailable { .. }) => {
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            format!("{error} / {error:?} / {source}")
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_server_is_unavailable() {
    let store = open(&format!("redis://127.0.0.1:{}", free_port()));
    assert!(refusal(&store).await.contains("Redis cannot be reached"));
    assert!(matches!(store.try_lock(&session()).await, Err(StoreError::Unavailable { .. })));
    assert!(matches!(store.remove(&session()).await, Err(StoreError::Unavailable { .. })));
}
