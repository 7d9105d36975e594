//! The connections, and which request is tried again.
//!
//! A connection is driven by the runtime that it was made on, so each runtime has one of its own: a runtime that ends, or that nobody
//! drives for a while, must not stop the work of another one.

use super::{
    options::RedisOptions,
    redis_url::{RedisUrl, Servers},
    request::Request,
    target::{Connection, connect},
    trouble::{self, TIMED_OUT, is_other_master},
};
use auth_core::ports::{StoreError, within};
use redis::{RedisError, Value};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    runtime::{Handle, Id},
    sync::OnceCell,
    time::sleep,
};

/// So many runtimes have a connection at a time; the one that was used first loses it.
const MAX_RUNTIMES: usize = 16;
/// Between two looks for a new master.
const FAILOVER_PAUSE: Duration = Duration::from_millis(50);

/// The way to the server.
pub(super) struct Link {
    pub(super) url: RedisUrl,
    pub(super) options: RedisOptions,
    open: Mutex<Vec<(Id, Arc<OnceCell<Connection>>)>>,
}

impl Link {
    pub(super) fn new(url: RedisUrl, options: RedisOptions) -> Self {
        Self { url, options, open: Mutex::default() }
    }

    /// True if all keys are on one server.
    pub(super) fn is_cluster(&self) -> bool {
        matches!(self.url.servers, Servers::Cluster(_))
    }

    /// One command or script.
    pub(super) async fn one(&self, request: &Request) -> Result<Value, StoreError> {
        Ok(self.all(request).await?.pop().unwrap_or_default())
    }

    /// Asks, within the time limit. A request is sent a second time where the first cannot have been carried out, and once where the
    /// connection was an old one that turns out to be lost: each request that changes something gives the same result twice.
    pub(super) async fn all(&self, request: &Request) -> Result<Vec<Value>, StoreError> {
        let runtime = Handle::try_current()
            .map_err(|_| StoreError::unavailable("there is no tokio runtime to reach Redis on"))?
            .id();
        let asked = within(self.options.timeout, self.ask(runtime, request), Instant::now, sleep).await;
        match asked {
            Some(Ok(values)) => Ok(values),
            Some(Err(error)) => Err(trouble::store_error(&error)),
            None => {
                self.open().retain(|(id, _)| *id != runtime);
                Err(StoreError::unavailable(TIMED_OUT))
            }
        }
    }

    /// A script, and how many of so many replicas have what it wrote. Both go over one connection, which is theirs alone: another one would be
    /// answered at once, since it has written nothing, and whoever shared it would wait too.
    pub(super) async fn replicated(
        &self,
        request: &Request,
        replicas: u32,
    ) -> Result<(Value, Value), StoreError> {
        // Some time is left for the answer.
        let limit = u64::try_from(self.options.timeout.as_millis()).unwrap_or(u64::MAX) / 10 * 9;
        let wait = Request::Wait(replicas, limit.max(1));
        let asked =
            within(self.options.timeout, self.write_and_wait(request, &wait), Instant::now, sleep).await;
        match asked {
            Some(Ok(answers)) => Ok(answers),
            Some(Err(error)) => Err(trouble::store_error(&error)),
            None => Err(StoreError::unavailable(TIMED_OUT)),
        }
    }

    async fn write_and_wait(&self, request: &Request, wait: &Request) -> Result<(Value, Value), RedisError> {
        let has_sentinels = matches!(self.url.servers, Servers::Sentinel { .. });
        loop {
            let asked = async {
                let mut connection = connect(&self.url, &self.options).await?;
                let answer = request.send(&mut connection).await?.pop().unwrap_or_default();
                let reached = wait.send(&mut connection).await?.pop().unwrap_or_default();
                Ok::<_, RedisError>((answer, reached))
            };
            match asked.await {
                // There will be a new master. The whole is done again there: a script gives the same result twice.
                Err(error) if has_sentinels && (is_other_master(&error) || error.is_connection_dropped()) => {
                    sleep(FAILOVER_PAUSE).await;
                }
                done => return done,
            }
        }
    }

    async fn ask(&self, runtime: Id, request: &Request) -> Result<Vec<Value>, RedisError> {
        let has_sentinels = matches!(self.url.servers, Servers::Sentinel { .. });
        let mut was_lost = false;
        loop {
            let cell = self.cell(runtime);
            let is_old = cell.initialized();
            let connected = cell.get_or_try_init(|| connect(&self.url, &self.options)).await.cloned();
            let asked = match connected {
                Ok(mut connection) => request.send(&mut connection).await,
                Err(error) => Err(error),
            };
            let error = match asked {
                Ok(values) => return Ok(values),
                Err(error) => error,
            };
            let is_lost =
                error.is_unrecoverable_error() || error.is_timeout() || error.is_connection_dropped();
            let is_other_master = is_other_master(&error);
            if is_lost || is_other_master {
                self.forget(runtime, &cell);
            }
            if has_sentinels && (is_other_master || (is_lost && !is_old)) {
                // There will be a new master, or the old one again. Whoever asks has a time limit.
                sleep(FAILOVER_PAUSE).await;
            } else if is_lost && is_old && !was_lost && !error.is_timeout() {
                was_lost = true;
            } else {
                return Err(error);
            }
        }
    }

    fn cell(&self, runtime: Id) -> Arc<OnceCell<Connection>> {
        let mut open = self.open();
        if let Some((_, cell)) = open.iter().find(|(id, _)| *id == runtime) {
            return Arc::clone(cell);
        }
        if open.len() >= MAX_RUNTIMES {
            open.remove(0);
        }
        let cell = Arc::new(OnceCell::new());
        open.push((runtime, Arc::clone(&cell)));
        cell
    }

    fn forget(&self, runtime: Id, lost: &Arc<OnceCell<Connection>>) {
        self.open().retain(|(id, cell)| *id != runtime || !Arc::ptr_eq(cell, lost));
    }

    fn open(&self) -> MutexGuard<'_, Vec<(Id, Arc<OnceCell<Connection>>)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
