//! The real laravel-echo-server with a real Redis, as processes of their own.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::waiting::until;

/// What can be set.
#[derive(Debug, Default)]
pub struct Options {
    /// Who is asked whether a subscriber may listen to a private channel, such as `http://127.0.0.1:80`.
    pub auth_host: String,
    /// Serve `https://localhost` with a certificate of [`EchoServer::ca_pem`].
    pub tls: bool,
}

/// A server and its Redis. Both are killed at the end.
#[derive(Debug)]
pub struct EchoServer {
    /// The port of the server.
    pub port: u16,
    tls: bool,
    redis_port: u16,
    redis: Child,
    server: Option<Child>,
    folder: TempDir,
}

impl EchoServer {
    /// Starts both and waits until events reach the server.
    pub fn start(options: &Options) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (port, redis_port) = (free_port(), free_port());
        let redis = Command::new("redis-server")
            .args([
                "--bind",
                "127.0.0.1",
                "--port",
                &redis_port.to_string(),
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .current_dir(&folder)
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed by `cargo xtask test`");
        let mut config = json!({
            "authHost": options.auth_host, "authEndpoint": "/broadcasting/auth", "clients": [], "database": "redis",
            "databaseConfig": {"redis": {"host": "127.0.0.1", "port": redis_port}}, "devMode": true, "host": "127.0.0.1",
            "port": port.to_string(), "protocol": "http", "socketio": {"pingInterval": 25000, "pingTimeout": 5000},
            "subscribers": {"http": false, "redis": true},
        });
        if options.tls {
            certificate(folder.path());
            config["protocol"] = "https".into();
            config["sslCertPath"] = folder.path().join("cert.pem").to_string_lossy().into();
            config["sslKeyPath"] = folder.path().join("key.pem").to_string_lossy().into();
        }
        std::fs::write(folder.path().join("echo.json"), config.to_string())
            .expect("the folder can be written");
        let mut all = Self { port, tls: options.tls, redis_port, redis, server: None, folder };
        until("Redis", || TcpStream::connect((Ipv4Addr::LOCALHOST, redis_port)).ok());
        all.start_server();
        all
    }

    /// The address of the live channel.
    pub fn url(&self) -> String {
        let scheme = if self.tls { "https://localhost" } else { "http://127.0.0.1" };
        format!("{scheme}:{}/socket.io/", self.port)
    }

    /// Who has signed the server's certificate.
    pub fn ca_pem(&self) -> Vec<u8> {
        std::fs::read(self.folder.path().join("ca.pem")).expect("the server has a certificate")
    }

    /// Starts the server again, after [`Self::kill`].
    pub fn start_server(&mut self) {
        // What a killed server leaves behind keeps the next one from starting.
        let _none_there = std::fs::remove_file(self.folder.path().join("echo.lock"));
        let log = File::create(self.folder.path().join("log")).expect("the folder can be written");
        let server = Command::new("node")
            .arg(program())
            .args(["start", "--config=echo.json"])
            .current_dir(&self.folder)
            .env_remove("http_proxy")
            .env_remove("HTTP_PROXY")
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(Stdio::inherit())
            .spawn()
            .expect("node is installed by `cargo xtask test`");
        self.server = Some(server);
        until("the live channel's server", || self.log().contains("Server ready!").then_some(()));
        // It says so before it listens to Redis.
        until("its subscription at Redis", || (self.publish_text("nobody", "{}") > 0).then_some(()));
    }

    /// Kills the server at once. Redis goes on.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().expect("it runs");
            server.wait().expect("it is a child of ours");
        }
    }

    /// Publishes an event as Laravel does.
    pub fn publish(&self, channel: &str, event: &str, data: &Value) {
        let text = json!({"event": event, "data": data, "socket": null}).to_string();
        self.publish_text(channel, &text);
    }

    /// Publishes any text. Says how many listen.
    pub fn publish_text(&self, channel: &str, text: &str) -> u32 {
        let mut redis = TcpStream::connect((Ipv4Addr::LOCALHOST, self.redis_port)).expect("Redis runs");
        let mut command = b"*3\r\n".to_vec();
        for part in ["PUBLISH", channel, text] {
            command.extend_from_slice(format!("${}\r\n{part}\r\n", part.len()).as_bytes());
        }
        redis.write_all(&command).expect("Redis runs");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n") {
            let mut byte = [0];
            redis.read_exact(&mut byte).expect("Redis answers");
            answer.push(byte[0]);
        }
        let answer = String::from_utf8_lossy(&answer);
        answer.trim().trim_start_matches(':').parse().expect("Redis tells a number")
    }

    /// What the server has said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Whether the server still runs.
    pub fn is_alive(&mut self) -> bool {
        self.server.as_mut().is_some_and(|server| server.try_wait().is_ok_and(|ended| ended.is_none()))
    }
}

impl Drop for EchoServer {
    fn drop(&mut self) {
        for child in self.server.iter_mut().chain([&mut self.redis]) {
            let _ended = child.kill();
            let _ended = child.wait();
        }
    }
}

/// A port that nobody listens to.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

/// Where `cargo xtask test` installs the server.
fn program() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let cache = cache.or_else(|| std::env::home_dir().map(|home| home.join(".cache"))).expect("a home");
    let program = cache.join("b2core-auth/echo-server/node_modules/laravel-echo-server/bin/server.js");
    assert!(program.exists(), "laravel-echo-server is installed by `cargo xtask test`");
    program
}

/// An authority, and a certificate of it for `localhost`.
pub(crate) fn certificate(folder: &Path) {
    let openssl = |words: &str| {
        let output = Command::new("openssl").args(words.split(' ')).current_dir(folder).output();
        let output = output.expect("openssl is installed by `cargo xtask test`");
        assert!(output.status.success(), "openssl {words}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        .expect("the folder can be written");
    openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN=authority"));
    openssl(&format!("req {key} -keyout key.pem -out request.pem -subj /CN=localhost"));
    openssl(
        "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem",
    );
}
