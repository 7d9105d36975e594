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
    StoreBridge { foreign, locks: Arc::default(), process_lock: None }
}

auth_client::store::store_conformance!(|| async { isolated(Arc::new(Bytes::default())) });

fn key(profile: &str) -> RecordKey {
    format!("session/front/{profile}/https://b2core.example").parse().unwrap()
}

#[tokio::test]
async fn two_clients_of_one_store_share_its_locks() {
    use auth_client::ports::SessionStore as _;
    let bytes = Arc::new(Bytes::default());
    let (one, other) = (StoreBridge::new(bytes.clone(), None), StoreBridge::new(bytes, None));
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

fn names(bytes: &Bytes) -> Vec<String> {
    let mut names: Vec<_> = bytes.0.lock().unwrap().keys().cloned().collect();
    names.sort();
    names
}

/// Told once, kept under another name that no list takes for a record, replaced by the next damage, and gone with a sign-out.
#[tokio::test]
async fn a_damaged_record_is_in_quarantine_until_it_is_removed() {
    use auth_client::ports::SessionStore as _;
    let bytes = Arc::new(Bytes::default());
    let (store, key, other) = (isolated(bytes.clone()), key("ann"), key("bob"));
    store.save(&other, &record("fine"), WriteCondition::Unconditional).await.unwrap();
    let aside = format!("damaged/{key}");
    for damage in [b"not a record".to_vec(), b"neither".to_vec(), Vec::new()] {
        bytes.save(key.to_string(), damage.clone()).await.unwrap();
        let told = store.load(&key).await;
        assert!(matches!(told, Err(ports::StoreError::Corrupt { .. })), "{told:?}");
        assert!(store.load(&key).await.unwrap().is_none(), "told once");
        assert_eq!(bytes.0.lock().unwrap().get(&aside), Some(&damage), "kept as it was");
        assert_eq!(store.keys().await.unwrap(), std::slice::from_ref(&other));
        // A new sign-in leaves it there, and is not concerned by it.
        store.save(&key, &record("anew"), WriteCondition::Unconditional).await.unwrap();
        assert_eq!(names(&bytes), [aside.clone(), key.to_string(), other.to_string()]);
    }
    let read = store.load(&key).await.unwrap();
    store.remove_unchanged(&key, read.as_ref()).await.unwrap();
    assert_eq!(names(&bytes), [other.to_string()]);
    bytes.save(key.to_string(), vec![0]).await.unwrap();
    assert!(store.load(&key).await.is_err());
    store.remove(&key).await.unwrap();
    assert_eq!(names(&bytes), [other.to_string()]);
}

/// A store that takes no record: it removes, which a full disk allows.
#[derive(Default)]
struct Full(Bytes);

#[async_trait]
impl SessionStore for Full {
    async fn load(&self, name: String) -> Result<LoadResult, StoreError> {
        self.0.load(name).await
    }

    async fn save(&self, _: String, _: Vec<u8>) -> Result<(), StoreError> {
        Err(StoreError::Failed { thrown: None })
    }

    async fn remove(&self, name: String) -> Result<(), StoreError> {
        self.0.remove(name).await
    }

    async fn names(&self) -> Result<Vec<String>, StoreError> {
        self.0.names().await
    }
}

#[tokio::test]
async fn a_damaged_record_that_cannot_be_moved_stays() {
    use auth_client::ports::SessionStore as _;
    let (full, key) = (Arc::new(Full::default()), key("ann"));
    full.0.save(key.to_string(), b"not a record".to_vec()).await.unwrap();
    let store = isolated(full.clone());
    let told = store.load(&key).await;
    assert!(matches!(told, Err(ports::StoreError::Failed { .. })), "{told:?}");
    assert_eq!(names(&full.0), [key.to_string()]);
    store.remove(&key).await.unwrap();
    assert!(names(&full.0).is_empty());
}

/// A store whose writes wait until they are told to go on.
struct Slow {
    bytes: Bytes,
    go: tokio::sync::Semaphore,
}

impl Default for Slow {
    fn default() -> Self {
        Self { bytes: Bytes::default(), go: tokio::sync::Semaphore::new(0) }
    }
}

#[async_trait]
impl SessionStore for Slow {
    async fn load(&self, name: String) -> Result<LoadResult, StoreError> {
        self.bytes.load(name).await
    }

    async fn save(&self, name: String, data: Vec<u8>) -> Result<(), StoreError> {
        self.go.acquire().await.unwrap().forget();
        self.bytes.save(name, data).await
    }

    async fn remove(&self, name: String) -> Result<(), StoreError> {
        self.bytes.remove(name).await
    }

    async fn names(&self) -> Result<Vec<String>, StoreError> {
        self.bytes.names().await
    }
}

fn record(body: &str) -> Record {
    Record { session_id: auth_client::ports::SessionId(1), body: SecretBytes::new(body.as_bytes().to_vec()) }
}

/// Time is paused: the fifteen seconds of a call pass while nothing else can be done.
#[tokio::test(start_paused = true)]
async fn a_write_that_lands_late_lands_before_what_is_written_next() {
    use auth_client::ports::SessionStore as _;
    let slow = Arc::new(Slow::default());
    let store = isolated(slow.clone());
    let key = key("late");
    let given_up = store.save(&key, &record("spent"), WriteCondition::Unconditional).await;
    assert!(matches!(given_up, Err(ports::StoreError::Unavailable { .. })), "{given_up:?}");
    for refused in [
        store.save(&key, &record("new"), WriteCondition::Unconditional).await,
        store.remove(&key).await,
        store.load(&key).await.map(drop),
    ] {
        assert!(matches!(refused, Err(ports::StoreError::Unavailable { .. })), "{refused:?}");
    }
    // It lands at last, over nothing that is newer.
    slow.go.add_permits(2);
    drop(store.locks.writing(&key).lock_owned().await);
    assert_eq!(store.load(&key).await.unwrap().unwrap().body.expose(), b"spent");
    store.save(&key, &record("new"), WriteCondition::SameSession).await.unwrap();
    assert_eq!(store.load(&key).await.unwrap().unwrap().body.expose(), b"new");
}

/// Otherwise another process would refresh what is in the store before it lands.
#[tokio::test(start_paused = true)]
async fn a_lock_outlives_a_write_that_may_still_land() {
    use auth_client::ports::SessionStore as _;
    let (slow, between) = (Arc::new(Slow::default()), Arc::new(Between::default()));
    let process = || StoreBridge { process_lock: Some(between.clone()), ..isolated(slow.clone()) };
    let (app, extension) = (process(), process());
    let key = key("late-lock");
    let held = app.lock(&key).await.unwrap();
    app.save(&key, &record("x"), WriteCondition::Unconditional).await.unwrap_err();
    drop(held);
    assert!(app.try_lock(&key).await.unwrap().is_none());
    assert!(extension.try_lock(&key).await.unwrap().is_none());
    slow.go.add_permits(1);
    while extension.try_lock(&key).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    assert!(extension.load(&key).await.unwrap().is_some(), "it has landed by then");
}

#[tokio::test]
async fn a_write_goes_on_if_its_caller_gives_up() {
    use auth_client::ports::SessionStore as _;
    let slow = Arc::new(Slow::default());
    let store = Arc::new(isolated(slow.clone()));
    let key = key("given-up");
    let saving = {
        let (store, key) = (store.clone(), key.clone());
        tokio::spawn(async move { store.save(&key, &record("x"), WriteCondition::Unconditional).await })
    };
    while store.locks.writing(&key).try_lock_owned().is_ok() {
        tokio::task::yield_now().await;
    }
    saving.abort();
    assert!(saving.await.unwrap_err().is_cancelled());
    slow.go.add_permits(1);
    assert!(store.load(&key).await.unwrap().is_some(), "who reads waits for it");
}

/// The locks of all processes, in one place.
#[derive(Default)]
struct Between(Mutex<std::collections::HashSet<String>>);

#[async_trait]
impl ProcessLock for Between {
    async fn try_lock(&self, name: String) -> Result<bool, StoreError> {
        Ok(self.0.lock().unwrap().insert(name))
    }

    async fn unlock(&self, name: String) {
        self.0.lock().unwrap().remove(&name);
    }
}

#[tokio::test]
async fn a_lock_between_processes_excludes_the_other_process_and_is_given_back() {
    use auth_client::ports::SessionStore as _;
    let (bytes, between) = (Arc::new(Bytes::default()), Arc::new(Between::default()));
    // Two processes: they share no lock but this one.
    let process = || StoreBridge { process_lock: Some(between.clone()), ..isolated(bytes.clone()) };
    let (app, extension) = (process(), process());
    let key = key("app-and-extension");
    let held = app.lock(&key).await.unwrap();
    assert!(extension.try_lock(&key).await.unwrap().is_none());
    let waiting = extension.lock(&key);
    drop(held);
    let held = waiting.await.unwrap();
    assert!(app.try_lock(&key).await.unwrap().is_none());
    // A wait that is given up leaves nothing behind.
    let mut waiting = Box::pin(app.lock(&key));
    let first = polled(&mut waiting).await;
    assert!(first.is_pending(), "{first:?}");
    drop(waiting);
    drop(held);
    drop(app.lock(&key).await.unwrap());
    drop(extension.lock(&key).await.unwrap());
}

async fn polled<T>(future: &mut std::pin::Pin<Box<impl Future<Output = T>>>) -> std::task::Poll<T> {
    std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx))).await
}

/// A lock that says whether it is asked for while this process still holds it. `unlock` takes a moment, as a call over the border does.
#[derive(Default)]
struct Strict {
    held: Mutex<std::collections::HashSet<String>>,
    asked_while_held: std::sync::atomic::AtomicU32,
}

#[async_trait]
impl ProcessLock for Strict {
    async fn try_lock(&self, name: String) -> Result<bool, StoreError> {
        let taken = self.held.lock().unwrap().insert(name);
        if !taken {
            self.asked_while_held.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
        Ok(taken)
    }

    async fn unlock(&self, name: String) {
        tokio::time::sleep(Duration::from_millis(1)).await;
        self.held.lock().unwrap().remove(&name);
    }
}

/// `ProcessLock`: "It is not asked for twice by one process at a time."
#[tokio::test]
async fn a_lock_between_processes_is_given_back_before_this_process_asks_for_it_again() {
    use auth_client::ports::SessionStore as _;
    let (bytes, strict) = (Arc::new(Bytes::default()), Arc::new(Strict::default()));
    let store = StoreBridge { process_lock: Some(strict.clone()), ..isolated(bytes) };
    let key = key("strict");
    for _ in 0..20 {
        drop(store.lock(&key).await.unwrap());
    }
    assert_eq!(strict.asked_while_held.load(std::sync::atomic::Ordering::SeqCst), 0);
}

/// A lock as POSIX record locks are: the process that has it gets it again, and the first `unlock` ends it.
#[derive(Default)]
struct Posix(Arc<Mutex<Option<u32>>>, u32);

#[async_trait]
impl ProcessLock for Posix {
    async fn try_lock(&self, _: String) -> Result<bool, StoreError> {
        let mut holder = self.0.lock().unwrap();
        let free = holder.is_none_or(|by| by == self.1);
        if free {
            *holder = Some(self.1);
        }
        Ok(free)
    }

    async fn unlock(&self, _: String) {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let mut holder = self.0.lock().unwrap();
        if *holder == Some(self.1) {
            *holder = None;
        }
    }
}

#[tokio::test]
async fn two_processes_do_not_hold_one_lock() {
    use auth_client::ports::SessionStore as _;
    let (bytes, file) = (Arc::new(Bytes::default()), Arc::new(Mutex::new(None)));
    let process = |id| {
        let lock: Arc<dyn ProcessLock> = Arc::new(Posix(file.clone(), id));
        StoreBridge { process_lock: Some(lock), ..isolated(bytes.clone()) }
    };
    let (app, extension) = (process(1), process(2));
    let key = key("posix");
    drop(app.lock(&key).await.unwrap());
    let _held = app.lock(&key).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(extension.try_lock(&key).await.unwrap().is_none(), "both would refresh with one token");
}

/// A write that never comes back: a Swift continuation that nobody resumes. Of the count of attempts, which all accounts share.
#[tokio::test(start_paused = true)]
async fn a_write_that_never_ends_locks_nobody_out_for_ever() {
    use auth_client::ports::SessionStore as _;
    let slow = Arc::new(Slow::default());
    let store = isolated(slow.clone());
    let key: RecordKey = "attempts/front/default/https://b2core.example".parse().unwrap();
    let held = store.lock(&key).await.unwrap();
    store.save(&key, &record("x"), WriteCondition::Unconditional).await.unwrap_err();
    drop(held);
    tokio::time::sleep(Duration::from_secs(24 * 60 * 60)).await;
    assert!(store.lock(&key).await.is_ok(), "a day later nobody can sign in or refresh");
}

/// A lock between processes that is given back when the test says so.
#[derive(Default)]
struct SlowUnlock {
    held: Mutex<std::collections::HashSet<String>>,
    go: tokio::sync::Notify,
}

impl SlowUnlock {
    fn is_held(&self) -> bool {
        !self.held.lock().unwrap().is_empty()
    }
}

#[async_trait]
impl ProcessLock for SlowUnlock {
    async fn try_lock(&self, name: String) -> Result<bool, StoreError> {
        Ok(self.held.lock().unwrap().insert(name))
    }

    async fn unlock(&self, name: String) {
        self.go.notified().await;
        self.held.lock().unwrap().remove(&name);
    }
}

/// A process that is suspended while it holds the lock of a file is killed by some systems.
#[tokio::test]
async fn whoever_waits_for_the_locks_waits_until_they_were_given_back() {
    use auth_client::ports::SessionStore as _;
    let slow = Arc::new(SlowUnlock::default());
    let store = StoreBridge { process_lock: Some(slow.clone()), ..isolated(Arc::new(Bytes::default())) };
    drop(store.lock(&key("slow-unlock")).await.unwrap());
    let mut waiting = Box::pin(store.locks.wait_until_given_back(CALL_TIMEOUT));
    for _ in 0..100 {
        assert!(polled(&mut waiting).await.is_pending() && slow.is_held());
        tokio::task::yield_now().await;
    }
    slow.go.notify_one();
    waiting.await;
    assert!(!slow.is_held());
    store.locks.wait_until_given_back(CALL_TIMEOUT).await;
}

/// Also for one that outlives its caller until a late write has landed.
#[tokio::test(start_paused = true)]
async fn whoever_waits_for_the_locks_waits_for_one_that_waits_for_a_late_write() {
    use auth_client::ports::SessionStore as _;
    let (slow, bytes) = (Arc::new(SlowUnlock::default()), Arc::new(Slow::default()));
    let store = StoreBridge { process_lock: Some(slow.clone()), ..isolated(bytes.clone()) };
    let key = key("late-unlock");
    let held = store.lock(&key).await.unwrap();
    store.save(&key, &record("x"), WriteCondition::Unconditional).await.unwrap_err();
    drop(held);
    let mut waiting = Box::pin(store.locks.wait_until_given_back(Duration::from_secs(3600)));
    assert!(polled(&mut waiting).await.is_pending());
    bytes.go.add_permits(1);
    for _ in 0..100 {
        assert!(polled(&mut waiting).await.is_pending() && slow.is_held());
        tokio::task::yield_now().await;
    }
    slow.go.notify_one();
    waiting.await;
    assert!(!slow.is_held());
}

/// And for one whose caller is gone before it has got it.
#[tokio::test]
async fn whoever_waits_for_the_locks_waits_for_one_that_nobody_wants_any_more() {
    use auth_client::ports::SessionStore as _;
    let slow = Arc::new(SlowUnlock::default());
    let store = StoreBridge { process_lock: Some(slow.clone()), ..isolated(Arc::new(Bytes::default())) };
    let key = key("nobody");
    let mut asking = Box::pin(store.lock(&key));
    assert!(polled(&mut asking).await.is_pending());
    drop(asking);
    let mut waiting = Box::pin(store.locks.wait_until_given_back(CALL_TIMEOUT));
    assert!(polled(&mut waiting).await.is_pending(), "it is asked for, and will be held");
    slow.go.notify_one();
    waiting.await;
    assert!(!slow.is_held());
}

/// An app's lock that never answers holds nobody up for ever.
#[tokio::test(start_paused = true)]
async fn a_lock_that_is_never_given_back_is_waited_for_as_long_as_a_call() {
    use auth_client::ports::SessionStore as _;
    let slow = Arc::new(SlowUnlock::default());
    let store = StoreBridge { process_lock: Some(slow.clone()), ..isolated(Arc::new(Bytes::default())) };
    drop(store.lock(&key("never")).await.unwrap());
    let before = tokio::time::Instant::now();
    store.locks.wait_until_given_back(CALL_TIMEOUT).await;
    assert!(before.elapsed() >= CALL_TIMEOUT && slow.is_held());
}
