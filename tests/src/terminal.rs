//! Running `b2auth` on a pseudo terminal, with somebody who reads and types.

use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use pty_process::blocking::{Command, Pty};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::LocalModes;

use crate::binary;
use crate::shell::{Call, Shell};
use crate::waiting::{GUARD, until};

/// The key that goes down in a menu.
pub const DOWN: &str = "\u{1b}[B";
/// The return key.
pub const ENTER: &str = "\r";

/// A process on a terminal.
pub struct Terminal {
    child: Child,
    pty: Arc<Pty>,
    screen: Arc<Screen>,
    read_to: usize,
}

#[derive(Debug, Default)]
struct Screen {
    shown: Mutex<Shown>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Shown {
    bytes: Vec<u8>,
    over: bool,
}

impl Terminal {
    /// Starts `b2auth` with these words on a terminal.
    pub fn start(shell: &Shell, words: &str) -> Self {
        Self::start_with(shell, words, |command| command)
    }

    /// The same, with standard output elsewhere than on the terminal.
    pub fn start_with_output_elsewhere(shell: &Shell, words: &str) -> Self {
        Self::start_with(shell, words, |command| command.stdout(Stdio::piped()))
    }

    /// Starts a shell with job control on a terminal, which finds `b2auth` as `$B2AUTH`.
    pub fn start_shell(shell: &Shell) -> Self {
        Self::spawn(
            &shell.program("sh").arg("-i").env("B2AUTH", binary::b2auth()).env("PS1", "ready> "),
            shell,
            |it| it,
        )
    }

    fn start_with(shell: &Shell, words: &str, change: impl FnOnce(Command) -> Command) -> Self {
        Self::spawn(&shell.b2auth(words), shell, change)
    }

    fn spawn(call: &Call, shell: &Shell, change: impl FnOnce(Command) -> Command) -> Self {
        let (pty, pts) = pty_process::blocking::open().expect("the system has pseudo terminals");
        pty.resize(pty_process::Size::new(40, 120)).expect("a pseudo terminal has a size");
        let like = &call.command;
        let env = like.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let command = Command::new(like.get_program()).args(like.get_args()).current_dir(shell.home());
        let command = command.env_clear().env("TERM", "xterm-256color").envs(env);
        let child = change(command).spawn(pts).expect("the program starts");
        let pty = Arc::new(pty);
        let screen = Arc::new(Screen::default());
        let (from, to) = (Arc::clone(&pty), Arc::clone(&screen));
        thread::spawn(move || to.fill(&from));
        Self { child, pty, screen, read_to: 0 }
    }

    /// Waits until this text is shown, after what was waited for before.
    #[track_caller]
    pub fn expect(&mut self, text: &str) {
        let shown = self.screen.lock();
        let from = self.read_to;
        let (shown, waited) = self
            .screen
            .changed
            .wait_timeout_while(shown, GUARD, |shown| {
                find(&shown.bytes[from..], text).is_none() && !shown.over
            })
            .unwrap_or_else(PoisonError::into_inner);
        let found = find(&shown.bytes[from..], text);
        let Some(at) = found else {
            let why = if waited.timed_out() { "never shown" } else { "not shown before the end" };
            panic!("{text:?} was {why}:\n{}", String::from_utf8_lossy(&shown.bytes).escape_debug());
        };
        self.read_to = from + at + text.len();
    }

    /// Waits until this question is shown and its answer will not be. Whoever types sooner is shown, and cut off.
    #[track_caller]
    pub fn expect_hidden(&mut self, question: &str) {
        self.expect(question);
        until("an answer that is not shown", || (!self.shows_typing()).then_some(()));
    }

    /// Whether the terminal shows what is typed.
    pub fn shows_typing(&self) -> bool {
        let modes = rustix::termios::tcgetattr(&*self.pty).expect("a terminal has modes").local_modes;
        modes.contains(LocalModes::ECHO)
    }

    /// Types, without a return key.
    pub fn type_keys(&mut self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("the terminal takes keys");
    }

    /// Types a line.
    pub fn type_line(&mut self, text: &str) {
        self.type_keys(&format!("{text}{ENTER}"));
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal to the process, waits for its end, and gives its exit code, whether the terminal shows typing again, and all
    /// that was shown.
    #[track_caller]
    pub fn end_by(mut self, signal: Signal) -> (i32, bool, String) {
        kill_process(Pid::from_child(&self.child), signal).expect("the process is there");
        until("the end of the process", || self.child.try_wait().expect("the process can be asked"));
        let shows_typing = self.shows_typing();
        let (code, shown) = self.end();
        (code, shows_typing, shown)
    }

    /// Ends the process as the system does when it needs memory: without a word.
    pub fn kill(mut self) {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("the process has ended");
    }

    /// Presses Ctrl-C, waits for the end, which has to be that of an interrupt, and gives whether the terminal shows typing
    /// again, and all that was shown.
    #[track_caller]
    pub fn interrupt(mut self) -> (bool, String) {
        self.type_keys("\u{3}");
        until("the end of the process", || self.child.try_wait().expect("the process can be asked"));
        let shows_typing = self.shows_typing();
        let (code, shown) = self.end();
        assert_eq!(code, 130, "{shown:?}");
        (shows_typing, shown)
    }

    /// Waits for the end and gives the exit code (-1 after a signal) and all that was shown.
    #[track_caller]
    pub fn end(mut self) -> (i32, String) {
        let status =
            until("the end of the process", || self.child.try_wait().expect("the process can be asked"));
        let shown = self.screen.lock();
        let shown = self.screen.changed.wait_timeout_while(shown, GUARD, |shown| !shown.over);
        let mut text =
            String::from_utf8_lossy(&shown.unwrap_or_else(PoisonError::into_inner).0.bytes).into_owned();
        if let Some(mut elsewhere) = self.child.stdout.take() {
            elsewhere.read_to_string(&mut text).expect("b2auth writes UTF-8");
        }
        (status.code().unwrap_or(-1), text)
    }
}

/// A test that fails leaves no process behind.
impl Drop for Terminal {
    fn drop(&mut self) {
        let _over = self.child.kill();
        let _over = self.child.wait();
    }
}

impl Screen {
    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what is shown until nobody holds the terminal any more.
    fn fill(&self, mut from: &Pty) {
        let mut bytes = [0; 4096];
        loop {
            let read = from.read(&mut bytes).unwrap_or_default();
            let mut shown = self.lock();
            shown.bytes.extend_from_slice(&bytes[..read]);
            shown.over = read == 0;
            let over = shown.over;
            drop(shown);
            self.changed.notify_all();
            if over {
                return;
            }
        }
    }
}

fn find(bytes: &[u8], text: &str) -> Option<usize> {
    bytes.windows(text.len()).position(|window| window == text.as_bytes())
}
