//! The bridge over a store of bytes passes the conformance suite of the store port.

use super::*;
use std::{collections::HashMap, sync::Mutex};

#[derive(Default)]
struct Bytes(Mutex<HashMap<String, Vec<u8>>>);

#[async_trait]
impl SessionStore for Bytes {
    async fn load(&self, name: String) -> Result<LoadResult, StoreError> {
        let found = self.0.lock().unwrap().get(&name).cloned();
        Ok(found.map_or(LoadResult::Missing, |data| LoadResult::Found { data }))
    }

    async fn save(&self, name: String, data: Vec<u8>) -> Result<(), StoreError> {
        self.0.lock().unwrap().insert(name, data);
        Ok(())
    }

    async fn remove(&self, name: String) -> Result<(), StoreError> {
        self.0.lock().unwrap().remove(&name);
        Ok(())
    }

    async fn names(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.0.lock().unwrap().keys().cloned().collect())
    }
}

/// With locks of its own, because the suite's tests run concurrently on the same names.
fn isolated(foreign: Arc<dyn SessionStore>) -> StoreBridge {
    StoreBridge { foreign, locks: Arc::default() }
}

auth_client::store::store_conformance!(|| async { isolated(Arc::new(Bytes::default())) });

fn key(profile: &str) -> RecordKey {
    format!("session/front/{profile}/https://b2core.example").parse().unwrap()
}

#[tokio::test]
async fn two_clients_of_one_store_share_its_locks() {
    use auth_client::ports::SessionStore as _;
    let bytes = Arc::new(Bytes::default());
    let (one, other) = (StoreBridge::new(bytes.clone()), StoreBridge::new(bytes));
    let (ann, bob) = (key("locks-ann"), key("locks-bob"));
    let held = one.lock(&ann).await.unwrap();
    assert!(other.try_lock(&ann).await.unwrap().is_none());
    assert!(other.try_lock(&bob).await.unwrap().is_some());
    drop(held);
    assert!(other.try_lock(&ann).await.unwrap().is_some());
}

#[tokio::test]
async fn names_are_parsed_and_unknown_names_are_ignored() {
    use auth_client::ports::SessionStore as _;
    let bytes = Bytes::default();
    let key = key("ann@example.com");
    for name in
        [&*key.to_string(), "session", "session/front/ann", "settings/front/ann/https://x.example", "a/b/c/d"]
    {
        bytes.save(name.to_owned(), Vec::new()).await.unwrap();
    }
    assert_eq!(isolated(Arc::new(bytes)).keys().await.unwrap(), [key]);
}
