//! Of a panic in a port of the app's own, which has the request or the record in its hands.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use auth_client::ports::{
    Record, RecordKey, SessionStore, StoreError, StoreLock, Transport, TransportFailure, WriteCondition,
};
use auth_client::store::FileStore;
use auth_client::{Office, http::HttpTransport};
use auth_core::{HttpRequest, HttpResponse};
use e2e::past::block_on;
use e2e::witness;

use super::host;
use super::library::{World, submit};

/// Ports that show what they are given, and that panic when they are told to.
#[derive(Clone)]
pub(crate) struct Trap {
    transport: Arc<HttpTransport>,
    store: FileStore,
    in_transport: Arc<AtomicBool>,
    in_store: Arc<AtomicBool>,
}

impl Trap {
    pub(crate) fn around(transport: HttpTransport, store: FileStore) -> Self {
        let (in_transport, in_store) = (Arc::default(), Arc::default());
        Self { transport: Arc::new(transport), store, in_transport, in_store }
    }
}

#[async_trait]
impl Transport for Trap {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportFailure> {
        assert!(!self.in_transport.load(Ordering::SeqCst), "cannot send {request:?} {request:#?}");
        tracing::trace!(?request, transport = ?self.transport, "sending");
        let answer = self.transport.send(request).await;
        tracing::trace!(?answer, "answered");
        answer
    }
}

#[async_trait]
impl SessionStore for Trap {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        let found = self.store.load(key).await;
        tracing::trace!(?key, ?found, store = ?self.store, "loaded");
        found
    }

    async fn save(&self, key: &RecordKey, record: &Record, guard: WriteCondition) -> Result<(), StoreError> {
        assert!(!self.in_store.load(Ordering::SeqCst), "cannot save {record:?} {record:#?} at {key:?}");
        tracing::trace!(?key, ?record, ?guard, "saving");
        self.store.save(key, record, guard).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.store.remove(key).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.store.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.store.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.store.keys().await
    }
}

/// Runs work that panics, and keeps what its panic says.
async fn panics(world: &mut World, work: impl Future<Output = ()> + Send + 'static) {
    let panicked = tokio::spawn(work).await.expect_err("it panics");
    world.evidence.error(&panicked);
    let payload = panicked.into_panic();
    let text = payload.downcast_ref::<String>().expect("the panic has a message");
    assert!(text.contains("cannot send") || text.contains("cannot save"), "{text}");
    world.evidence.texts([text.as_str()]);
}

#[test]
fn of_a_panic_inside_a_port() {
    let mut world = World::new(|path| FileStore::with_key_file(path));
    block_on(async {
        for (way, office, place) in [
            ("plain", Office::Front, "credentials"),
            ("both", Office::Front, "code"),
            ("reset", Office::Front, "new_password"),
            ("staff", Office::Back, "mailed_code"),
        ] {
            for trap in [world.trap.in_transport.clone(), world.trap.in_store.clone()] {
                let sign_in = world.walk(way, office, place).await;
                // A new place is saved only where there is one: the end of a reset begins anew.
                if place == "new_password" && Arc::ptr_eq(&trap, &world.trap.in_store) {
                    continue;
                }
                trap.store(true, Ordering::SeqCst);
                let way = way.to_owned();
                panics(&mut world, async move {
                    let _never = submit(sign_in.current(), &way).await;
                })
                .await;
                trap.store(false, Ordering::SeqCst);
            }
        }
        for trap in [world.trap.in_transport.clone(), world.trap.in_store.clone()] {
            let session = world.session().await;
            trap.store(true, Ordering::SeqCst);
            // A refresh runs for everybody who waits, so its panic is an error to each of them.
            let failed = session.refresh().await.expect_err("the refresh panics");
            world.evidence.error(&failed);
            trap.store(false, Ordering::SeqCst);
        }
    });
    assert!(witness::seen().contains("panic: "), "panics were received");
    world.evidence.holds_none(&host::markers(), world.folder.path());
}
