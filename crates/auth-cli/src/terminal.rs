//! Leaving the terminal as it was found, also when a prompt is interrupted.

use dialoguer::console::Term;

/// Puts the terminal back when it is dropped.
#[cfg(unix)]
pub(crate) struct WriteCondition {
    found: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
mod unix {
    use super::{Term, WriteCondition};
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::{consts::SIGINT, iterator::Signals};
    use std::{
        io::stdin,
        process,
        sync::{Mutex, MutexGuard, Once, PoisonError},
    };

    /// Held while the terminal is changed, and for ever by whoever is leaving: nobody changes it after that.
    static CHANGING: Mutex<()> = Mutex::new(());

    fn changing() -> MutexGuard<'static, ()> {
        CHANGING.lock().unwrap_or_else(PoisonError::into_inner)
    }

    impl WriteCondition {
        /// Before a line that is not shown: what is typed as soon as the question appears must not be seen.
        pub(crate) fn for_hidden_line() -> Self {
            Self::without(LocalModes::ECHO)
        }

        /// Before a prompt that reads key by key. Ctrl-C is a key like another there, so that it cannot end the prompt while
        /// that is just changing the terminal; the prompt ends with an error, and [`leave`] is called.
        pub(crate) fn for_keys() -> Self {
            Self::without(LocalModes::ISIG)
        }

        /// Notes how the terminal is, takes these modes from it, and sees to it that an interrupt puts it back.
        fn without(modes: LocalModes) -> Self {
            let _changing = changing();
            let found = tcgetattr(stdin()).ok();
            watch_for_interrupts(found.clone());
            if let Some(found) = &found {
                let mut changed = found.clone();
                changed.local_modes.remove(modes);
                let _as_it_is = tcsetattr(stdin(), OptionalActions::Now, &changed);
            }
            Self { found }
        }
    }

    impl Drop for WriteCondition {
        fn drop(&mut self) {
            let _changing = changing();
            put_back(self.found.as_ref());
        }
    }

    fn put_back(found: Option<&Termios>) {
        if let Some(found) = found {
            let _as_it_is = tcsetattr(stdin(), OptionalActions::Now, found);
        }
    }

    /// Prompts block their thread, so the interrupt is met on another one.
    fn watch_for_interrupts(found: Option<Termios>) {
        static WATCHED: Once = Once::new();
        WATCHED.call_once(|| {
            let Ok(mut signals) = Signals::new([SIGINT]) else { return };
            std::thread::spawn(move || {
                if signals.forever().next().is_some() {
                    let _for_ever = changing();
                    put_back(found.as_ref());
                    end();
                }
            });
        });
    }

    /// Ends the process as an interrupt does, the terminal being as it was found. What was kept is whole.
    pub(crate) fn leave() -> ! {
        let _for_ever = changing();
        end()
    }

    fn end() -> ! {
        let _as_it_is = Term::stderr().show_cursor();
        // As a shell reports a program that an interrupt ended.
        process::exit(130)
    }
}

#[cfg(unix)]
pub(crate) use unix::leave;

/// Other systems restore the terminal by themselves.
#[cfg(not(unix))]
pub(crate) struct WriteCondition;

#[cfg(not(unix))]
impl WriteCondition {
    pub(crate) fn for_keys() -> Self {
        Self
    }
}

/// As a shell reports a program that an interrupt ended.
#[cfg(not(unix))]
pub(crate) fn leave() -> ! {
    let _as_it_is = Term::stderr().show_cursor();
    std::process::exit(130)
}
