//! Looking up names as the system does. Reqwest's own way does the same on the same threads, but panics where there are none.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    net::{SocketAddr, ToSocketAddrs},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// A name could not be looked up, for want of a thread.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the name cannot be looked up: the system gives no further thread")]
pub(crate) struct NoThread;

/// The system's `getaddrinfo`, on tokio's blocking threads.
pub(crate) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let look = move || (name.as_str(), 0).to_socket_addrs().map(Iterator::collect::<Vec<SocketAddr>>);
            let begun = catch_unwind(AssertUnwindSafe(|| tokio::task::spawn_blocking(look)));
            let begun = begun.map_err(|_| NoThread)?;
            Ok(Box::new(begun.await??.into_iter()) as Addrs)
        })
    }
}
