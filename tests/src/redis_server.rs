//! A real Redis server, as a process of its own.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::echo_server::certificate;
use crate::signals;
use crate::waiting::until;

/// A server on a free port that writes each change to its disk before it answers. It is killed at the end.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    child: Child,
    folder: TempDir,
    settings: Vec<String>,
}

impl RedisServer {
    /// Starts one that everybody on this machine may use.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// Starts one with more settings.
    pub fn with(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        if has_tls(&settings) {
            certificate(folder.path());
        }
        let mut tries = 0;
        loop {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr());
            let port = free.expect("a free port").port();
            if let Some(child) = run(port, &folder, &settings) {
                return Self { port, child, folder, settings };
            }
            tries += 1;
            assert!(tries < 20, "redis-server is installed by `cargo xtask test`, and does not start");
        }
    }

    /// Starts one that speaks TLS only, with a certificate that [`ca_file`](Self::ca_file) has issued.
    pub fn over_tls() -> Self {
        Self::with(&["--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem", "--tls-auth-clients", "no"])
    }

    /// The authority of its certificate.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Where it is.
    pub fn url(&self) -> String {
        let scheme = if has_tls(&self.settings) { "rediss" } else { "redis" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// Ends it as a crash does.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it can be waited for");
    }

    /// Starts it anew in its place, with what it has on its disk.
    pub fn restart(&mut self) {
        until("the server to be back", || {
            self.child = run(self.port, &self.folder, &self.settings)?;
            Some(())
        });
        until("it to have read its disk", || self.ask("DBSIZE").starts_with(char::is_numeric).then_some(()));
    }

    /// Stops it, as a machine that stalls.
    pub fn stop(&self) {
        signals::stop(&self.child);
    }

    /// Lets it go on.
    pub fn go_on(&self) {
        signals::go_on(&self.child);
    }

    /// What `redis-cli` says to a command.
    pub fn ask(&self, words: &str) -> String {
        let mut cli = Command::new("redis-cli");
        let said = cli.args(["-p", &self.port.to_string()]).args(words.split_whitespace()).output();
        String::from_utf8_lossy(&said.expect("redis-cli is installed by `cargo xtask test`").stdout)
            .into_owned()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn has_tls(settings: &[String]) -> bool {
    settings.iter().any(|setting| setting == "--tls-cert-file")
}

/// Nothing if somebody else was first to take the port.
fn run(port: u16, folder: &TempDir, settings: &[String]) -> Option<Child> {
    let number = port.to_string();
    let mut child = Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--save", ""])
        .args(if has_tls(settings) {
            ["--port", "0", "--tls-port", &number]
        } else {
            ["--tls-port", "0", "--port", &number]
        })
        .args(["--appendonly", "yes", "--appendfsync", "always", "--logfile", "log"])
        .arg("--dir")
        .arg(folder.path())
        .args(settings)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is installed by `cargo xtask test`");
    let mut ended = false;
    until("the server to listen", || {
        ended = child.try_wait().expect("it can be asked").is_some();
        (ended || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()).then_some(())
    });
    // Whoever listens may be another one, and then this one ends.
    (!ended && child.try_wait().expect("it can be asked").is_none()).then_some(child)
}
