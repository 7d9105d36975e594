//! One read serves all callers who asked before it began.
//!
//! 1. The first caller is the leader of the next read, and those who ask before it begins are its followers ([`SharedRead::join`]).
//! 2. The leader waits until the read under way has ended. From then on a new caller has a newer question, and needs another read.
//! 3. The leader reads and [finishes](Reader::finish): all followers are woken at once. If the leader is cancelled, one of them
//!    takes its place.

use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::{MutexGuard as AsyncMutexGuard, watch};

/// Reads of one thing, one at a time. All who share a read get a clone of the `T` that came of it.
pub(super) struct SharedRead<T> {
    /// The result of the read that a new caller shares: it has a leader and has not begun.
    next: Mutex<Option<watch::Receiver<Option<T>>>>,
    /// Held while a read is under way.
    running: tokio::sync::Mutex<()>,
}

/// What a caller has to do.
pub(super) enum Role<'a, T> {
    /// To read, for all who joined.
    Leader(Reader<'a, T>),
    /// Nothing: this is what the leader read.
    Follower(T),
}

/// The right to read. If it is dropped instead of [finished](Self::finish), a follower becomes the leader.
pub(super) struct Reader<'a, T> {
    result: watch::Sender<Option<T>>,
    _running: AsyncMutexGuard<'a, ()>,
}

impl<T> Default for SharedRead<T> {
    fn default() -> Self {
        Self { next: Mutex::default(), running: tokio::sync::Mutex::default() }
    }
}

impl<T: Clone> SharedRead<T> {
    /// Joins the next read.
    pub(super) async fn join(&self) -> Role<'_, T> {
        loop {
            let (leads, mut follows) = self.next_or_new();
            if let Some(result) = leads {
                let running = self.running.lock().await;
                self.next().take();
                return Role::Leader(Reader { result, _running: running });
            }
            // An error says that the leader was cancelled.
            let read = follows.wait_for(Option::is_some).await.ok().and_then(|read| read.clone());
            if let Some(read) = read {
                return Role::Follower(read);
            }
        }
    }

    /// The result of the read that has not begun, with its sender for the caller who leads it.
    fn next_or_new(&self) -> (Option<watch::Sender<Option<T>>>, watch::Receiver<Option<T>>) {
        let mut next = self.next();
        // It is closed if its leader was cancelled.
        if let Some(result) = next.as_ref().filter(|result| result.has_changed().is_ok()) {
            return (None, result.clone());
        }
        let (sender, receiver) = watch::channel(None);
        *next = Some(receiver.clone());
        (Some(sender), receiver)
    }

    fn next(&self) -> MutexGuard<'_, Option<watch::Receiver<Option<T>>>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Reader<'_, T> {
    /// Gives the result to all followers.
    pub(super) fn finish(self, read: T) {
        self.result.send_replace(Some(read));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::poll_fn, pin::Pin, task::Poll};
    use tokio::task::{JoinSet, yield_now};

    fn leader<'a>(role: Role<'a, u32>) -> Reader<'a, u32> {
        match role {
            Role::Leader(reader) => reader,
            Role::Follower(read) => panic!("{read} was read"),
        }
    }

    fn followed(role: Role<'_, u32>) -> u32 {
        match role {
            Role::Leader(_) => panic!("nothing was read"),
            Role::Follower(read) => read,
        }
    }

    async fn waits<F: Future>(joining: &mut Pin<Box<F>>) -> bool {
        poll_fn(|context| Poll::Ready(joining.as_mut().poll(context).is_pending())).await
    }

    #[tokio::test]
    async fn a_read_serves_those_who_asked_before_it_began() {
        let reads = SharedRead::default();
        let first = leader(reads.join().await);
        // These ask while it runs: they share the next one.
        let (mut second, mut third) = (Box::pin(reads.join()), Box::pin(reads.join()));
        assert!(waits(&mut second).await && waits(&mut third).await);
        first.finish(1);
        let second = leader(second.await);
        assert!(waits(&mut third).await);
        second.finish(2);
        assert_eq!(followed(third.await), 2);
        leader(reads.join().await).finish(3);
    }

    #[tokio::test]
    async fn a_leader_who_is_cancelled_is_replaced() {
        let reads = SharedRead::default();
        let running = leader(reads.join().await);
        let (mut cancelled, mut follower) = (Box::pin(reads.join()), Box::pin(reads.join()));
        assert!(waits(&mut cancelled).await && waits(&mut follower).await);
        // Before its read began,
        drop(cancelled);
        assert!(waits(&mut follower).await);
        running.finish(1);
        let cancelled = leader(follower.await);
        let mut follower = Box::pin(reads.join());
        assert!(waits(&mut follower).await);
        // and in the middle of it.
        drop(cancelled);
        leader(follower.await).finish(2);
    }

    #[tokio::test]
    async fn many_callers_share_two_reads() {
        let reads = std::sync::Arc::new(SharedRead::default());
        let mut tasks = JoinSet::new();
        for _ in 0..1000 {
            let reads = reads.clone();
            tasks.spawn(async move {
                match reads.join().await {
                    Role::Leader(reader) => {
                        yield_now().await;
                        reader.finish(7);
                        1
                    }
                    Role::Follower(read) => {
                        assert_eq!(read, 7);
                        0
                    }
                }
            });
        }
        let leaders: u32 = tasks.join_all().await.into_iter().sum();
        assert_eq!(leaders, 2, "the first caller, and one for all others");
    }
}
