//! Leaving the terminal as it was found, however a prompt ends, and what a terminal can show.

use dialoguer::console::Term;

/// True for a terminal that cannot move its cursor: what is asked there are plain lines.
pub(crate) fn is_plain() -> bool {
    let kind = std::env::var("TERM").unwrap_or_default();
    match kind.as_str() {
        "" => cfg!(unix),
        kind => ["dumb", "unknown", "emacs", "glasstty", "lpr", "printer"].contains(&kind),
    }
}

/// Puts the terminal back when it is dropped.
#[cfg(unix)]
pub(crate) struct TerminalModes {
    found: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
mod unix {
    use super::{Term, TerminalModes, is_plain};
    use rustix::{
        process::{getppid, getsid},
        termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr},
    };
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP},
        iterator::Signals,
        low_level::emulate_default_handler,
    };
    use std::{
        io::{Write, stderr, stdin},
        process,
        sync::{Mutex, MutexGuard, Once, PoisonError},
    };

    /// Held while the terminal is changed, and for ever by whoever is leaving: nobody changes it after that.
    static CHANGING: Mutex<()> = Mutex::new(());
    /// The question of a line that is not shown, while it is asked.
    static ASKED: Mutex<String> = Mutex::new(String::new());

    fn held<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }

    impl TerminalModes {
        /// Before a line that is not shown: what is typed as soon as the question appears must not be seen. The question is asked
        /// again when the process goes on after a stop.
        pub(crate) fn for_hidden_line(question: &str) -> Self {
            question.clone_into(&mut held(&ASKED));
            Self::without(LocalModes::ECHO)
        }

        /// Before a line that is shown.
        pub(crate) fn for_line() -> Self {
            Self::without(LocalModes::empty())
        }

        /// Before a prompt that reads key by key. Ctrl-C is a key like another there, so that it cannot end the prompt while
        /// that is just changing the terminal; the prompt ends with an error, and [`leave`] is called.
        pub(crate) fn for_keys() -> Self {
            Self::without(LocalModes::ISIG)
        }

        /// Notes how the terminal is, takes these modes from it, and sees to it that a signal puts it back.
        fn without(modes: LocalModes) -> Self {
            let _changing = held(&CHANGING);
            let found = tcgetattr(stdin()).ok();
            watch_for_signals(found.clone());
            if let Some(found) = &found {
                let mut changed = found.clone();
                changed.local_modes.remove(modes);
                put_back(Some(&changed));
            }
            Self { found }
        }
    }

    impl Drop for TerminalModes {
        fn drop(&mut self) {
            held(&ASKED).clear();
            let _changing = held(&CHANGING);
            put_back(self.found.as_ref());
        }
    }

    fn put_back(found: Option<&Termios>) {
        if let Some(found) = found {
            let _as_it_is = tcsetattr(stdin(), OptionalActions::Now, found);
        }
    }

    /// Prompts block their thread, so a signal is met on another one: Ctrl-C, Ctrl-\, a request to end, a terminal that goes away,
    /// and Ctrl-Z.
    fn watch_for_signals(found: Option<Termios>) {
        static WATCHED: Once = Once::new();
        WATCHED.call_once(|| {
            let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]) else { return };
            std::thread::spawn(move || {
                for signal in signals.forever() {
                    if signal == SIGTSTP {
                        stop(found.as_ref());
                        continue;
                    }
                    let _for_ever = held(&CHANGING);
                    put_back(found.as_ref());
                    end(128 + signal);
                }
            });
        });
    }

    /// Stops the process with the terminal as it was found, and changes that again when it goes on.
    fn stop(found: Option<&Termios>) {
        if !can_be_continued() {
            return;
        }
        let _changing = held(&CHANGING);
        let changed = tcgetattr(stdin()).ok();
        put_back(found);
        let _stopped = emulate_default_handler(SIGTSTP);
        // A shell that goes on in the background does not give the terminal away: this waits until it does.
        put_back(changed.as_ref());
        let asked = held(&ASKED);
        if !asked.is_empty() {
            let _gone = write!(stderr(), "{asked}: ").and_then(|()| stderr().flush());
        }
    }

    /// Nobody lets a process go on whose session is its own.
    fn can_be_continued() -> bool {
        getppid().is_some_and(|parent| getsid(Some(parent)).ok() == getsid(None).ok())
    }

    /// Ends the process as an interrupt does, the terminal being as it was found. What was kept is whole.
    pub(crate) fn leave() -> ! {
        let _for_ever = held(&CHANGING);
        end(128 + SIGINT)
    }

    /// As a shell reports a program that a signal ended.
    fn end(code: i32) -> ! {
        if !is_plain() {
            let _as_it_is = Term::stderr().show_cursor();
        }
        process::exit(code)
    }
}

#[cfg(unix)]
pub(crate) use unix::leave;

/// Other systems restore the terminal by themselves.
#[cfg(not(unix))]
pub(crate) struct TerminalModes;

#[cfg(not(unix))]
impl TerminalModes {
    pub(crate) fn for_keys() -> Self {
        Self
    }

    pub(crate) fn for_line() -> Self {
        Self
    }
}

/// As a shell reports a program that an interrupt ended.
#[cfg(not(unix))]
pub(crate) fn leave() -> ! {
    let _as_it_is = Term::stderr().show_cursor();
    std::process::exit(130)
}
