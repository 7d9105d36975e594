//! The Secret Service, over the bus of the session. Only the default collection counts: it is the one that a login unlocks.
//!
//! The work is done on a thread of a runtime of its own, so that it is bounded in time whoever waits for it, and the connection lives on
//! whatever becomes of the caller's runtime.

use super::trouble::Trouble;
use auth_core::ports::StoreError;
use secret_service::{Collection, EncryptionType, SecretService};
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::Duration,
};
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

/// How long one entry is waited for. Each takes some 10 ms.
const ANSWER: Duration = Duration::from_secs(5);
/// How long a user is waited for who may be asked to unlock.
const PROMPT: Duration = Duration::from_secs(120);

const NO_ANSWER: StoreError = StoreError::unavailable("the keyring does not answer");
/// The attribute that has the name of an entry, as other programs' entries have it.
const NAME: &str = "username";
const SERVICE: &str = "service";
const CONTENT_TYPE: &str = "application/octet-stream";

/// The entries of one service.
pub(super) struct SecretServiceKeyring {
    service: Arc<str>,
    bus: Option<String>,
    link: Mutex<Option<Link>>,
}

/// A connection, and the runtime that it lives on.
struct Link {
    service: Arc<SecretService<'static>>,
    runtime: Arc<Own>,
}

/// A runtime that can be dropped on any thread.
struct Own(Option<Runtime>);

impl Drop for Own {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl SecretServiceKeyring {
    pub(super) fn new(service: &str, bus: Option<&str>) -> Self {
        Self { service: service.into(), bus: bus.map(str::to_owned), link: Mutex::default() }
    }

    pub(super) fn get(&self, name: &str, may_prompt: bool) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let wanted = self.named(name);
        self.call(may_prompt, move |keyring| {
            let wanted = wanted.clone();
            async move {
                let collection = unlocked(&keyring, may_prompt).await?;
                let items = collection.search_items(wanted.attributes()).await?;
                match items.first() {
                    Some(item) => Ok(Some(Zeroizing::new(item.get_secret().await?))),
                    None => Ok(None),
                }
            }
        })
    }

    pub(super) fn set(&self, name: &str, secret: &[u8], may_prompt: bool) -> Result<(), StoreError> {
        let (wanted, secret) = (self.named(name), Arc::new(Zeroizing::new(secret.to_vec())));
        self.call(may_prompt, move |keyring| {
            let (wanted, secret) = (wanted.clone(), Arc::clone(&secret));
            async move {
                let collection = unlocked(&keyring, may_prompt).await?;
                let label = &wanted.service;
                collection.create_item(label, wanted.attributes(), &secret, true, CONTENT_TYPE).await?;
                Ok(())
            }
        })
    }

    pub(super) fn remove(&self, name: &str, may_prompt: bool) -> Result<(), StoreError> {
        let wanted = self.named(name);
        self.call(may_prompt, move |keyring| {
            let wanted = wanted.clone();
            async move {
                let collection = unlocked(&keyring, may_prompt).await?;
                for item in collection.search_items(wanted.attributes()).await? {
                    item.delete().await?;
                }
                Ok(())
            }
        })
    }

    pub(super) fn names(&self, may_prompt: bool) -> Result<Vec<String>, StoreError> {
        let service = Arc::clone(&self.service);
        self.call(may_prompt, move |keyring| {
            let service = Arc::clone(&service);
            async move {
                let collection = unlocked(&keyring, may_prompt).await?;
                let mut names = Vec::new();
                for item in collection.search_items(HashMap::from([(SERVICE, &*service)])).await? {
                    names.extend(item.get_attributes().await?.remove(NAME));
                }
                Ok(names)
            }
        })
    }

    fn named(&self, name: &str) -> Named {
        Named { service: Arc::clone(&self.service), name: name.into() }
    }

    /// Does work on the connection, and once more on another one if the service was there before and is a new one by now.
    fn call<T, F>(
        &self,
        may_prompt: bool,
        work: impl Fn(Arc<SecretService<'static>>) -> F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Trouble>> + Send + 'static,
    {
        let limit = if may_prompt { PROMPT } else { ANSWER };
        // Held: a second caller would only wait for the same service.
        let mut link = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = link.is_none();
        match self.attempt(&mut link, limit, &work) {
            Err(Some(trouble)) if trouble.is_passing() && !is_first => self.attempt(&mut link, limit, &work),
            done => done,
        }
        .map_err(|trouble| trouble.map_or(NO_ANSWER, StoreError::from))
    }

    /// Does it once. Without an answer in time the trouble is none.
    fn attempt<T, F>(
        &self,
        link: &mut Option<Link>,
        limit: Duration,
        work: impl Fn(Arc<SecretService<'static>>) -> F,
    ) -> Result<T, Option<Trouble>>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Trouble>> + Send + 'static,
    {
        let connected = match link.take() {
            Some(link) => link,
            None => connect(self.bus.clone(), limit)?,
        };
        let done = connected.runtime.run(limit, work(Arc::clone(&connected.service)));
        // After an error that says nothing about the connection it is used again.
        if matches!(done, Ok(_) | Err(Some(Trouble::Locked | Trouble::NoCollection))) {
            *link = Some(connected);
        }
        done
    }
}

impl Own {
    fn run<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, Trouble>> + Send + 'static,
    ) -> Result<T, Option<Trouble>> {
        let Some(runtime) = &self.0 else { return Err(None) };
        let (tell, done) = mpsc::sync_channel(1);
        let task = runtime.spawn(async move {
            let _nobody_waits = tell.send(work.await);
        });
        done.recv_timeout(limit).map_or_else(
            |_| {
                task.abort();
                Err(None)
            },
            |done| done.map_err(Some),
        )
    }
}

fn connect(bus: Option<String>, limit: Duration) -> Result<Link, Option<Trouble>> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).thread_name("keyring").enable_all().build().map_err(|_| None)?;
    let runtime = Arc::new(Own(Some(runtime)));
    let service = runtime.run(limit, async move {
        let builder = match bus.as_deref() {
            Some(address) => zbus::connection::Builder::address(address)?,
            None => zbus::connection::Builder::session()?,
        };
        let connection = builder.method_timeout(limit).build().await?;
        Ok(Arc::new(SecretService::connect_with_existing(EncryptionType::Dh, connection).await?))
    })?;
    Ok(Link { service, runtime })
}

/// The default collection, if it is unlocked or the user may be asked. The service would ask them by itself where it is not looked at first.
async fn unlocked<'a>(
    keyring: &'a SecretService<'static>,
    may_prompt: bool,
) -> Result<Collection<'a>, Trouble> {
    let collection = keyring.get_default_collection().await?;
    if collection.is_locked().await? {
        if !may_prompt {
            return Err(Trouble::Locked);
        }
        collection.unlock().await?;
        if collection.is_locked().await? {
            return Err(Trouble::Locked);
        }
    }
    Ok(collection)
}

/// Which entry is meant.
#[derive(Clone)]
struct Named {
    service: Arc<str>,
    name: Arc<str>,
}

impl Named {
    fn attributes(&self) -> HashMap<&str, &str> {
        HashMap::from([(SERVICE, &*self.service), (NAME, &*self.name)])
    }
}
