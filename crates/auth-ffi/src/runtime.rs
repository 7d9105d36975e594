//! The one tokio runtime. Its threads are there before anything is begun: the first client, or the first call, starts it, and says so
//! if it cannot.

use crate::AuthError;
use auth_client::{BuildError, SharedRuntime};
use std::future::Future;
use tokio::{
    runtime::{EnterGuard, Handle, Runtime},
    task::JoinHandle,
};

/// The second worker keeps the timers going while the first is blocked.
static RUNTIME: SharedRuntime = SharedRuntime::new(2);

/// Starts a task that goes on whatever becomes of the caller: on the runtime where this is called, which is ours but in tests. `None`
/// where there is none at all.
pub(crate) fn spawn<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Option<JoinHandle<T>> {
    let ours = || RUNTIME.started().map(|runtime| runtime.handle().clone());
    Some(Handle::try_current().ok().or_else(ours)?.spawn(work))
}

/// Runs timers, sockets and spawned tasks.
pub(crate) fn runtime() -> Result<&'static Runtime, AuthError> {
    RUNTIME.get().map_err(|_| AuthError::Setup { problem: BuildError::NoThread.to_string() })
}

/// For what ends: it makes no runtime. Before there is one, nothing has begun that would need it.
pub(crate) fn inside() -> Option<EnterGuard<'static>> {
    RUNTIME.started().map(Runtime::enter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::until_cancelled;
    use std::{
        pin::pin,
        process::Command,
        task::{Context, Poll, Waker},
    };

    /// Larger than the address space.
    const STACK: u64 = 1 << 50;

    /// In a process of its own, in which no thread can be had: this test again.
    #[test]
    fn without_a_thread_a_call_fails_and_nothing_ends_by_that() {
        if std::env::var("RUST_MIN_STACK").is_ok_and(|stack| stack == STACK.to_string()) {
            return a_call_without_threads();
        }
        let mut child = Command::new(std::env::current_exe().unwrap());
        let name = "runtime::tests::without_a_thread_a_call_fails_and_nothing_ends_by_that";
        child.args(["--exact", name, "--test-threads=1"]);
        let done = child.env("RUST_MIN_STACK", STACK.to_string()).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success() && said.contains("1 passed"), "{:?} {said}", done.status);
    }

    fn a_call_without_threads() {
        assert!(std::thread::Builder::new().spawn(|| ()).is_err(), "there are threads to have");
        {
            let mut call = pin!(until_cancelled(None, async { Ok(1) }));
            let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(matches!(polled, Poll::Ready(Err(AuthError::Setup { .. }))));
        }
        assert!(inside().is_none() && spawn(async {}).is_none());
    }
}
