//! The bridge over a store of bytes passes the suite that every store passes.

use super::*;

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

auth_core::store_conformance!(|| async { StoreBridge::new(Arc::new(Bytes::default())) });

#[test]
fn other_bytes_are_refused_by_kind() {
    assert!(matches!(unpack(vec![2, 0]), Err(ports::StoreError::Newer { found: 2, supported: 1 })));
    for data in [vec![], vec![0; 20], vec![1, 0, 0]] {
        assert!(matches!(unpack(data), Err(ports::StoreError::Corrupt { .. })));
    }
}
