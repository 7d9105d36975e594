//! A session of a desktop: a bus, and GNOME Keyring on it, in folders of their own.

use auth_store::{KeyringKey, KeyringStore};
use secret_service::{EncryptionType, SecretService};
use std::{
    collections::HashMap,
    fs,
    future::Future,
    io::{BufRead, BufReader, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const SERVICE: &str = "b2auth-tests";
/// Only keeps a broken test from hanging.
const GUARD: Duration = Duration::from_secs(20);

pub(crate) struct Desktop {
    folder: TempDir,
    bus: Child,
    address: String,
    daemon: Option<Child>,
}

impl Desktop {
    /// With an unlocked keyring, which nobody starts anew.
    pub(crate) async fn new() -> Self {
        let mut desktop = Self::bare();
        desktop.start_keyring("data");
        desktop.until_it_works().await;
        desktop
    }

    /// With an unlocked keyring. Whoever asks for one after it is gone gets one that begins empty, unlocked too if `unlocks`.
    pub(crate) async fn with_activation(unlocks: bool) -> Self {
        let desktop = Self::new().await;
        // Not before: else the other one might be there first.
        activate(desktop.folder.path(), unlocks);
        let bus = zbus::connection::Builder::address(desktop.address()).unwrap().build().await.unwrap();
        zbus::fdo::DBusProxy::new(&bus).await.unwrap().reload_config().await.unwrap();
        desktop
    }

    /// With a bus alone.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["data", "other", "run", "run-other", "home", "services"] {
            fs::create_dir(at(name)).unwrap();
            fs::set_permissions(at(name), fs::Permissions::from_mode(0o700)).unwrap();
        }
        let services = format!("<servicedir>{}</servicedir>", at("services").display());
        let policy = r#"<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>"#;
        let config = format!(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
             \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
             <busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>{services}{policy}</busconfig>",
            at("bus").display()
        );
        fs::write(at("bus.conf"), config).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", at("bus.conf").display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .env("HOME", at("home"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon; cargo xtask test installs it");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { folder, bus, address: address.trim().to_owned(), daemon: None }
    }

    /// Starts a keyring over the files in a folder, unlocked.
    pub(crate) fn start_keyring(&mut self, data: &str) {
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("XDG_DATA_HOME", self.path(data))
            .env("XDG_RUNTIME_DIR", self.path("run"))
            .env("HOME", self.path("home"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon; cargo xtask test installs it");
        daemon.stdin.take().unwrap().write_all(b"password").unwrap();
        self.daemon = Some(daemon);
    }

    pub(crate) async fn until_it_works(&self) {
        let store = self.open();
        until("the keyring", async || store.probe().ok()).await;
    }

    /// Ends the keyring at once.
    pub(crate) fn kill_keyring(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().unwrap();
            daemon.wait().unwrap();
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn marker(&self) -> PathBuf {
        self.path("home").join("store")
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// A new instance, as another process would have one.
    pub(crate) fn open(&self) -> KeyringStore {
        open(&self.address, &self.marker())
    }

    pub(crate) fn key(&self) -> KeyringKey {
        KeyringKey::new("b2auth-tests-key", self.path("home").join("key")).on_bus(&self.address)
    }

    /// The service, as other programs see it.
    pub(crate) async fn service(&self) -> SecretService<'static> {
        let bus = zbus::connection::Builder::address(self.address.as_str()).unwrap().build().await.unwrap();
        SecretService::connect_with_existing(EncryptionType::Dh, bus).await.unwrap()
    }

    pub(crate) async fn lock(&self) {
        let service = self.service().await;
        service.get_default_collection().await.unwrap().lock().await.unwrap();
    }

    /// The names of all entries that are there, in order.
    pub(crate) async fn entries(&self) -> Vec<String> {
        let service = self.service().await;
        let collection = service.get_default_collection().await.unwrap();
        let mut names = Vec::new();
        for item in collection.get_all_items().await.unwrap() {
            names.push(item.get_attributes().await.unwrap().remove("username").unwrap_or_default());
        }
        names.sort();
        names
    }

    /// Removes an entry, or writes over it.
    pub(crate) async fn spoil(&self, name: &str, with: Option<&[u8]>) {
        let service = self.service().await;
        let collection = service.get_default_collection().await.unwrap();
        let items = collection.search_items(HashMap::from([("username", name)])).await.unwrap();
        assert_eq!(items.len(), 1, "{name}");
        match with {
            Some(bytes) => items[0].set_secret(bytes, "application/octet-stream").await.unwrap(),
            None => items[0].delete().await.unwrap(),
        }
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        self.kill_keyring();
        // One that the bus has started is not our child; it has said who it is.
        if let Ok(id) = fs::read_to_string(self.path("activated")) {
            let _ = Command::new("kill").args(["-9", id.trim()]).stderr(Stdio::null()).status();
        }
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

pub(crate) fn open(address: &str, marker: &Path) -> KeyringStore {
    KeyringStore::new(SERVICE, marker).on_bus(address)
}

/// Has the bus start a keyring over empty folders.
fn activate(folder: &Path, unlocks: bool) {
    let at = |name: &str| folder.join(name);
    let (how, input) = if unlocks { ("--unlock", "printf password |") } else { ("--start", "") };
    let script = format!(
        "#!/bin/sh\necho $$ > '{}'\nexport DBUS_SESSION_BUS_ADDRESS=\"$DBUS_STARTER_ADDRESS\" XDG_DATA_HOME='{}' XDG_RUNTIME_DIR='{}' HOME='{}'\n\
         {input} sh -c 'echo $$ > \"$0\"; exec gnome-keyring-daemon --foreground {how} --components=secrets' '{0}'\n",
        at("activated").display(),
        at("other").display(),
        at("run-other").display(),
        at("home").display(),
    );
    fs::write(at("start"), script).unwrap();
    fs::set_permissions(at("start"), fs::Permissions::from_mode(0o700)).unwrap();
    let service = format!("[D-BUS Service]\nName=org.freedesktop.secrets\nExec={}\n", at("start").display());
    fs::write(at("services").join("org.freedesktop.secrets.service"), service).unwrap();
}

/// Looks again and again until there is something.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, look: impl Fn() -> F) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < GUARD, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
