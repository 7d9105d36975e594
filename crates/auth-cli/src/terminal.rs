//! Leaving the terminal as it was found, also when a prompt is interrupted.

use dialoguer::console::Term;

/// Puts the terminal back when it is dropped.
#[cfg(unix)]
pub(crate) struct Guard {
    found: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
mod unix {
    use super::{Guard, Term};
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::{consts::SIGINT, iterator::Signals};
    use std::{io::stdin, process, sync::Once};

    impl Guard {
        /// Notes how the terminal is, and sees to it that an interrupt puts it back too.
        pub(crate) fn new() -> Self {
            let found = tcgetattr(stdin()).ok();
            watch_for_interrupts(found.clone());
            Self { found }
        }

        /// Before a hidden prompt is shown: what is typed as soon as it appears must not be seen.
        pub(crate) fn hide_typing(&self) {
            if let Some(found) = &self.found {
                let mut hidden = found.clone();
                hidden.local_modes.remove(LocalModes::ECHO);
                let _as_it_is = tcsetattr(stdin(), OptionalActions::Now, &hidden);
            }
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            put_back(self.found.as_ref());
        }
    }

    fn put_back(found: Option<&Termios>) {
        if let Some(found) = found {
            let _as_it_is = tcsetattr(stdin(), OptionalActions::Now, found);
        }
    }

    /// Prompts block their thread, so the interrupt is met on another one. What was kept is whole: it ends at once.
    fn watch_for_interrupts(found: Option<Termios>) {
        static WATCHED: Once = Once::new();
        WATCHED.call_once(|| {
            let Ok(mut signals) = Signals::new([SIGINT]) else { return };
            std::thread::spawn(move || {
                if signals.forever().next().is_some() {
                    put_back(found.as_ref());
                    let _as_it_is = Term::stderr().show_cursor();
                    // As a shell reports a program that an interrupt ended.
                    process::exit(130);
                }
            });
        });
    }
}

/// Other systems restore the terminal by themselves.
#[cfg(not(unix))]
pub(crate) struct Guard;

#[cfg(not(unix))]
impl Guard {
    pub(crate) fn new() -> Self {
        Self
    }
}
