//! Looking up names as the system does. Reqwest's own way does the same on the same threads, but panics where there are none.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    io,
    net::{SocketAddr, ToSocketAddrs},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// The system's `getaddrinfo`, on tokio's blocking threads.
pub(crate) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let look = move || (name.as_str(), 0).to_socket_addrs().map(Iterator::collect::<Vec<SocketAddr>>);
            let begun = catch_unwind(AssertUnwindSafe(|| tokio::task::spawn_blocking(look)));
            let begun = begun.map_err(|_| io::Error::other("there is no thread to look the name up"))?;
            Ok(Box::new(begun.await??.into_iter()) as Addrs)
        })
    }
}
