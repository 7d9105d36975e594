//! Real servers on free ports of this machine. Each ends with its value, and nothing else does.

use crate::wait_until;
use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A running server.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    folder: Arc<TempDir>,
    settings: Vec<String>,
}

/// A port that nobody listens to at this moment.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

impl Server {
    /// A server that keeps nothing on disk.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// A server with these settings beside those that all have.
    pub(crate) fn with(settings: &[&str]) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let settings: Vec<_> = settings.iter().map(|&setting| setting.to_owned()).collect();
        for _ in 0..20 {
            if let Some(server) = Self::try_at(free_port(), Arc::clone(&folder), settings.clone()) {
                return server;
            }
        }
        panic!("redis-server does not start: {}", log(folder.path()));
    }

    /// A Sentinel that watches nobody yet.
    pub(crate) fn sentinel() -> Self {
        Self::with(&["--sentinel"])
    }

    /// Nothing if somebody else was first to take the port.
    fn try_at(port: u16, folder: Arc<TempDir>, settings: Vec<String>) -> Option<Self> {
        let mut command = Command::new("redis-server");
        let is_sentinel = settings.iter().any(|setting| setting == "--sentinel");
        if is_sentinel {
            // It writes what it learns there.
            let file = folder.path().join("sentinel.conf");
            std::fs::write(&file, "").unwrap();
            command.arg(file);
        }
        command.args(["--bind", "127.0.0.1", "--logfile", "log", "--dir"]).arg(folder.path());
        if settings.iter().any(|setting| setting == "--tls-port") {
            command.args(["--port", "0", "--tls-port", &port.to_string()]);
        } else {
            command.args(["--port", &port.to_string()]);
        }
        if !is_sentinel {
            command.args(["--save", ""]);
        }
        command
            .args(settings.iter().filter(|&setting| setting != "--tls-port"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("redis-server is installed");
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            if child.try_wait().unwrap().is_some() {
                return None;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "redis-server does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        Some(Self { child, port, folder, settings })
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// A plain connection, as somebody without our keys has one.
    pub(crate) fn plain(&self) -> redis::Connection {
        let mut plain = None;
        wait_until("a connection", || {
            plain = redis::Client::open(self.url()).unwrap().get_connection().ok();
            plain.is_some()
        });
        plain.unwrap()
    }

    /// One command, by its words.
    pub(crate) fn ask<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        command(words).query(&mut self.plain()).unwrap()
    }

    /// The names of all keys.
    pub(crate) fn names(&self) -> Vec<String> {
        self.ask(&["KEYS", "*"])
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a crash does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it anew at the same place.
    pub(crate) fn restart(&mut self) {
        let (port, folder, settings) = (self.port, Arc::clone(&self.folder), self.settings.clone());
        wait_until("the port's being free", || {
            let Some(again) = Self::try_at(port, Arc::clone(&folder), settings.clone()) else { return false };
            *self = again;
            true
        });
        wait_until("loading", || {
            let asked: redis::RedisResult<i64> = command(&["DBSIZE"]).query(&mut self.plain());
            asked.is_ok()
        });
    }

    /// Stops and continues it, as a machine that stalls.
    pub(crate) fn signal(&self, signal: &str) {
        signal_process(self.pid(), signal);
    }
}

pub(crate) fn signal_process(pid: u32, signal: &str) {
    let done = Command::new("kill").args([signal, &pid.to_string()]).status().unwrap();
    assert!(done.success());
}

pub(crate) fn command(words: &[&str]) -> redis::Cmd {
    let mut command = redis::cmd(words[0]);
    command.arg(&words[1..]);
    command
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// One server for all tests that get along with others: each has a prefix of its own. It ends with the process that started it.
pub(crate) fn shared() -> &'static Shared {
    static SHARED: LazyLock<Shared> = LazyLock::new(Shared::start);
    &SHARED
}

/// A server that nobody drops: it watches the pipe to the process of the tests instead.
pub(crate) struct Shared {
    pub(crate) port: u16,
}

impl Shared {
    fn start() -> Self {
        for _ in 0..20 {
            let port = free_port();
            let folder = tempfile::tempdir().unwrap().keep();
            // The shell's standard input ends with this process, however it ends.
            let script = format!(
                "redis-server --bind 127.0.0.1 --save '' --port {port} --dir '{}' --logfile log & s=$!; cat >/dev/null; kill $s; wait $s; rm -r '{}'",
                folder.display(),
                folder.display()
            );
            let child = Command::new("sh")
                .args(["-c", &script])
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // Its standard input stays open until the end of this process.
            std::mem::forget(child);
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_secs(10) {
                let client = redis::Client::open(format!("redis://127.0.0.1:{port}")).unwrap();
                let answered = client.get_connection().is_ok();
                let is_ours = std::fs::read_to_string(folder.join("log"))
                    .is_ok_and(|log| log.contains("Ready to accept"));
                if answered && is_ours {
                    return Self { port };
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        panic!("redis-server does not start");
    }

    /// A place of its own in it.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}?prefix=t{:016x}", self.port, fastrand::u64(..))
    }
}
