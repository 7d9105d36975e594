//! Starting a runtime with threads where there may be none to have.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, OnceLock, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};
use tokio::runtime::{Builder, Runtime};

const NAME: &str = "b2core-auth";
/// How long the start may take. It takes a millisecond, unless the system gives only some of the threads.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// How long a caller waits for it who may be polling a future on a thread that others need.
const PATIENCE: Duration = Duration::from_millis(500);

/// A runtime with so many threads, all of which are running.
///
/// # Errors
/// The system gives no further threads, or not enough. It may do so later.
#[doc(hidden)]
pub fn start_runtime(threads: usize) -> io::Result<Runtime> {
    begin(threads)?.recv_timeout(MAX_WAIT).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// The one runtime of its kind in a process, started with its first use. It ends with the process.
#[doc(hidden)]
#[derive(Debug)]
pub struct SharedRuntime {
    threads: usize,
    running: OnceLock<Runtime>,
    starting: Mutex<Option<Start>>,
}

/// A start under way.
#[derive(Debug)]
struct Start {
    begun: Instant,
    outcome: Receiver<io::Result<Runtime>>,
}

impl SharedRuntime {
    /// With so many threads.
    #[must_use]
    pub const fn new(threads: usize) -> Self {
        Self { threads, running: OnceLock::new(), starting: Mutex::new(None) }
    }

    /// The runtime, started if it is not. All callers wait for one start together, for half a second at most; one that takes longer goes
    /// on, and a later call finds what became of it.
    ///
    /// # Errors
    /// The system gives no further threads, or not enough, or the start is still under way.
    pub fn get(&self) -> io::Result<&Runtime> {
        if let Some(running) = self.running.get() {
            return Ok(running);
        }
        let mut starting = self.starting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = self.running.get() {
            return Ok(running);
        }
        // One that stands still is left to itself in the end: there may be threads by now.
        let start = match starting.take().filter(|start| start.begun.elapsed() < 2 * MAX_WAIT) {
            Some(start) => start,
            None => Start { begun: Instant::now(), outcome: begin(self.threads)? },
        };
        match start.outcome.recv_timeout(PATIENCE.saturating_sub(start.begun.elapsed())) {
            Ok(built) => {
                let built = built?;
                Ok(self.running.get_or_init(|| built))
            }
            Err(RecvTimeoutError::Timeout) => {
                *starting = Some(start);
                Err(io::ErrorKind::TimedOut.into())
            }
            Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    /// The runtime if it was started.
    #[must_use]
    pub fn started(&self) -> Option<&Runtime> {
        self.running.get()
    }
}

/// Builds a runtime on a thread of its own: where tokio gets no thread it panics, and where it gets only some it may wait for these for
/// ever.
fn begin(threads: usize) -> io::Result<Receiver<io::Result<Runtime>>> {
    let (sender, outcome) = mpsc::channel();
    let start = move || {
        // Nobody waits any more: it ends here.
        let _ended = sender.send(build(threads));
    };
    std::thread::Builder::new().name(NAME.to_owned()).spawn(start)?;
    Ok(outcome)
}

/// A runtime that was built may still lack threads, whose work is then only queued. So each of them is waited for.
fn build(threads: usize) -> io::Result<Runtime> {
    let until = Instant::now() + MAX_WAIT;
    let (sender, started) = mpsc::channel();
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(threads).enable_all().thread_name(NAME);
    builder.on_thread_start(move || {
        // Later ones tell nobody.
        let _told = sender.send(());
    });
    let built = catch_unwind(AssertUnwindSafe(|| builder.build()));
    let runtime = built.unwrap_or_else(|_| Err(io::ErrorKind::WouldBlock.into()))?;
    let mut all = (0..threads).map(|_| started.recv_timeout(until.saturating_duration_since(Instant::now())));
    if all.all(|one| one.is_ok()) {
        return Ok(runtime);
    }
    runtime.shutdown_background();
    Err(io::ErrorKind::TimedOut.into())
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]
mod tests {
    use super::*;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use std::process::Command;

    /// What a thread takes of the address space.
    const STACK: u64 = 1 << 30;
    const NAME: &str =
        "host::start_runtime::tests::a_runtime_that_gets_only_some_of_its_threads_is_none_until_it_gets_all";

    /// In a process of its own, with room for one of two threads: this test again.
    #[test]
    fn a_runtime_that_gets_only_some_of_its_threads_is_none_until_it_gets_all() {
        if std::env::var("RUST_MIN_STACK").is_ok_and(|stack| stack == STACK.to_string()) {
            return with_room_for_some();
        }
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", NAME, "--test-threads=1"]).env("RUST_MIN_STACK", STACK.to_string());
        let done = child.output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success() && said.contains("1 passed"), "{done:?}");
    }

    fn with_room_for_some() {
        let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
        let pages: u64 = pages.split(' ').next().unwrap().parse().unwrap();
        let before = getrlimit(Resource::As);
        // For the thread that starts it, the first of its two, and half a thread.
        let some = Rlimit { current: Some(pages * 4096 + STACK * 5 / 2), maximum: before.maximum };
        setrlimit(Resource::As, some).unwrap();
        let shared = SharedRuntime::new(2);
        assert!(shared.get().is_err() && shared.started().is_none());
        let begun = || shared.starting.lock().unwrap().as_ref().map(|start| start.begun);
        let first = begun();
        assert!(first.is_some(), "it is under way");
        assert!(shared.get().is_err());
        assert_eq!(begun(), first, "no other one is begun");
        setrlimit(Resource::As, before).unwrap();
        *shared.starting.lock().unwrap() = None;
        assert_eq!(shared.get().unwrap().metrics().num_workers(), 2);
    }
}
