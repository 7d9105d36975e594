//! Writing the state after changes, a little later and not too often, and at the end.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::{State, StateError, StateFile};
use crate::error::StartError;
use crate::host::Host;

/// How long after a change it is written at the latest, and so what is lost if the process is killed, in real time.
const PERIOD: Duration = Duration::from_secs(1);

/// Keeps one sandbox's state. Writes it once more when it is dropped.
pub(crate) struct Keeper {
    kept: Arc<Kept>,
    thread: Mutex<Option<(Sender<()>, JoinHandle<()>)>>,
}

struct Kept {
    host: Arc<Host>,
    file: StateFile,
    /// What is in the file.
    written: Mutex<String>,
}

impl Keeper {
    /// Writes the state at once, so that the start fails in a place that cannot be written, and then after changes.
    pub(crate) fn start(host: Arc<Host>, file: StateFile) -> Result<Self, StartError> {
        let kept = Arc::new(Kept { host, file, written: Mutex::default() });
        kept.save()?;
        let (end, is_over) = mpsc::channel::<()>();
        let thread = {
            let kept = Arc::clone(&kept);
            Builder::new().name("auth-sandbox-state".to_owned()).spawn(move || {
                while is_over.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                    if kept.host.has_changed()
                        && let Err(error) = kept.save()
                    {
                        tracing::error!(%error, "the state of the sandbox is not kept");
                        kept.host.note_change();
                    }
                }
            })
        };
        let thread = thread.map_err(StartError::Thread)?;
        Ok(Self { kept, thread: Mutex::new(Some((end, thread))) })
    }

    /// Writes the state now.
    pub(crate) fn save(&self) -> Result<(), StateError> {
        self.kept.save()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let running = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((end, thread)) = running {
            drop(end);
            let _over = thread.join();
        }
        if let Err(error) = self.save() {
            tracing::error!(%error, "the state of the sandbox is not kept");
        }
    }
}

impl Kept {
    fn save(&self) -> Result<(), StateError> {
        // One at a time, from the look to the write: an older state never replaces a newer one.
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.host.now();
        let state = State::of(&self.host.tables_unchanged(), now);
        let text = state.to_text()?;
        if *written != text {
            self.file.write(&text)?;
            *written = text;
        }
        Ok(())
    }
}
