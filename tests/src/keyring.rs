//! A session of a desktop: a bus, and the real GNOME Keyring on it, in folders of their own.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::shell::Shell;
use crate::waiting;

/// The bus and the keyring; both end when this is dropped.
#[derive(Debug)]
pub struct Desktop {
    folder: TempDir,
    bus: Child,
    address: String,
    daemon: Option<Child>,
}

impl Default for Desktop {
    fn default() -> Self {
        Self::new()
    }
}

impl Desktop {
    /// With an unlocked keyring, which nobody starts anew.
    pub fn new() -> Self {
        let mut desktop = Self::bare();
        desktop.start_keyring("data");
        desktop
    }

    /// With a bus alone.
    pub fn bare() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a temporary folder");
        let at = |name: &str| folder.path().join(name);
        for name in ["data", "other", "run", "home"] {
            fs::create_dir(at(name)).expect("it is new");
            fs::set_permissions(at(name), Permissions::from_mode(0o700)).expect("it is ours");
        }
        let policy =
            "<allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>";
        let config = format!(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
             \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
             <busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
             <policy context=\"default\">{policy}</policy></busconfig>",
            at("bus").display()
        );
        fs::write(at("bus.conf"), config).expect("it is new");
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", at("bus.conf").display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .env("HOME", at("home"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is there: `cargo xtask test` installs it");
        let mut address = String::new();
        let mut said = BufReader::new(bus.stdout.take().expect("it was asked for"));
        said.read_line(&mut address).expect("its output can be read");
        Self { folder, bus, address: address.trim().to_owned(), daemon: None }
    }

    /// Starts a keyring over the files in the folder `data` or `other`, unlocked, and waits until it works.
    pub fn start_keyring(&mut self, data: &str) {
        let mut daemon = self.command("gnome-keyring-daemon");
        daemon.args(["--foreground", "--unlock", "--components=secrets"]);
        daemon.env("XDG_DATA_HOME", self.path(data)).env("XDG_RUNTIME_DIR", self.path("run"));
        let daemon = daemon.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut daemon = daemon.expect("gnome-keyring-daemon is there: `cargo xtask test` installs it");
        let mut password = daemon.stdin.take().expect("it was asked for");
        password.write_all(b"password").expect("it reads its password");
        drop(password);
        self.daemon = Some(daemon);
        waiting::until("the keyring", || self.store("tests", "ready", "yes").then_some(()));
        self.tool(&["clear", "service", "tests"]);
    }

    /// Ends the keyring at once.
    pub fn kill_keyring(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().expect("it is ours");
            daemon.wait().expect("it is ours");
        }
    }

    /// Locks the keyring.
    pub fn lock(&self) {
        let mut call = self.command("dbus-send");
        call.arg(format!("--bus={}", self.address)).args(["--print-reply", "--dest=org.freedesktop.secrets"]);
        call.args(["/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock"]);
        let done = call.arg("array:objpath:/org/freedesktop/secrets/collection/login").output();
        let done = done.expect("dbus-send is there: it comes with dbus-daemon");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(said.contains("collection/login"), "it is locked: {said}");
    }

    /// What the keyring has of a service, as another program sees it: attributes, and secrets of those that are unlocked.
    pub fn entries(&self, service: &str) -> String {
        self.tool(&["search", "--all", "service", service])
    }

    /// A shell in this session, with the variable that says so.
    pub fn shell(&self, shell: Shell) -> Shell {
        shell.with("DBUS_SESSION_BUS_ADDRESS", &self.address)
    }

    fn store(&self, service: &str, name: &str, secret: &str) -> bool {
        let mut tool = self.command("secret-tool");
        tool.args(["store", "--label=tests", "service", service, "username", name]);
        let child = tool.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("secret-tool is there: `cargo xtask test` installs it");
        let mut input = child.stdin.take().expect("it was asked for");
        // It may have ended without reading.
        let _ = input.write_all(secret.as_bytes());
        drop(input);
        child.wait().is_ok_and(|status| status.success())
    }

    fn tool(&self, words: &[&str]) -> String {
        let done = self.command("secret-tool").args(words).output();
        let done = done.expect("secret-tool is there: `cargo xtask test` installs it");
        let said = [done.stdout, done.stderr].concat();
        String::from_utf8_lossy(&said).into_owned()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address).env("HOME", self.path("home"));
        command
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}
