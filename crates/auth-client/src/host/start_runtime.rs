//! Starting a runtime with threads where there may be none to have.

use std::{io, panic::catch_unwind, sync::mpsc, time::Duration};
use tokio::runtime::{Builder, Runtime};

const NAME: &str = "b2core-auth";
/// How long the start may take. It takes a millisecond, unless the system gives only some of the threads.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// A runtime with so many threads.
///
/// # Errors
/// The system gives no further threads. It may do so later.
#[doc(hidden)]
pub fn start_runtime(threads: usize) -> io::Result<Runtime> {
    let (sender, started) = mpsc::channel();
    // On a thread of its own: where tokio gets no thread it panics, and where it gets only some it waits for these for ever.
    let start = move || {
        let build =
            || Builder::new_multi_thread().worker_threads(threads).enable_all().thread_name(NAME).build();
        let built = catch_unwind(build);
        // Nobody waits any more: it ends here.
        let _ended = sender.send(built.unwrap_or_else(|_| Err(io::ErrorKind::WouldBlock.into())));
    };
    std::thread::Builder::new().name(NAME.to_owned()).spawn(start)?;
    started.recv_timeout(MAX_WAIT).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
