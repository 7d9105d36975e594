//! The store's file from outside: what is in it, older copies of it, and what is left over beside it.

use std::fs;
use std::path::{Path, PathBuf};

use auth_client::ports::{RecordKey, RecordKind, SessionStore};
use auth_client::store::FileStore;
use auth_client::{AccountKey, Host, Office, Profile};
use auth_core::session::StoredSession;
use e2e::opened;
use e2e::token_id::token_id;
use tempfile::TempDir;

/// A store's folder, and one to open copies in.
pub(super) struct Vault {
    folder: TempDir,
    scratch: TempDir,
}

/// The bytes of the store's file, and the refresh token in it.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    bytes: Vec<u8>,
    pub(super) refresh: Option<String>,
}

impl Vault {
    pub(super) fn new() -> Self {
        let folder = || tempfile::tempdir().expect("there is room for a folder");
        Self { folder: folder(), scratch: folder() }
    }

    /// The store's file.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("vault/store")
    }

    /// A file beside the store's folder.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// The file as it is now; `Ok(None)` if there is none yet.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn copy(&self) -> Result<Option<Copy>, String> {
        // A replaced file stays whole for whoever has opened it; no lock is needed, and none is taken.
        let (Ok(bytes), Ok(key)) = (fs::read(self.path()), fs::read(key_of(&self.path()))) else {
            return Ok(None);
        };
        let opened = tempfile::tempdir_in(self.scratch.path()).expect("there is room for a folder");
        let path = opened.path().join("store");
        write_private(&path, &bytes);
        write_private(&key_of(&path), &key);
        let records = opened::records(&path).map_err(|error| error.to_string())?;
        let session = records.iter().find(|(key, _)| key.kind == RecordKind::Session);
        let refresh = match session.map(|(_, record)| StoredSession::decode(record.body.expose())) {
            Some(Ok(session)) => Some(token_id(session.tokens.refresh.token.expose())),
            Some(Err(error)) => return Err(error.to_string()),
            None => None,
        };
        Ok(Some(Copy { bytes, refresh }))
    }

    /// Puts a copy back as a tool for backups does: by a rename, without asking anybody.
    pub(super) fn restore(&self, copy: &Copy) {
        let beside = self.folder.path().join("brought-back");
        write_private(&beside, &copy.bytes);
        fs::rename(beside, self.path()).expect("the folder can be written");
    }

    /// Another process's first change of the store: of a record that is not there.
    pub(super) async fn change_once(&self) {
        let host = Host::parse("https://nobody.example").expect("a host");
        let account = AccountKey { profile: Profile::default(), host, office: Office::Back };
        let key = RecordKey { account, kind: RecordKind::Pending };
        FileStore::with_key_file(self.path()).remove(&key).await.expect("the store can be changed");
    }

    /// Files that should not be there any more, by name.
    pub(super) fn left_over(&self) -> Vec<String> {
        let mut found = Vec::new();
        let folder = self.folder.path().join("vault");
        for entry in fs::read_dir(folder).expect("the folder reads").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            match name.as_str() {
                "store" | "store.key" | "store.lock" => {}
                "store.locks" => {
                    let locks = fs::read_dir(entry.path()).expect("the folder reads").flatten();
                    found.extend(locks.map(|lock| format!("{name}/{}", lock.file_name().to_string_lossy())));
                }
                _ => found.push(name),
            }
        }
        found
    }
}

fn key_of(store: &Path) -> PathBuf {
    store.with_extension("key")
}

fn write_private(path: &Path, bytes: &[u8]) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(bytes)).expect("the folder can be written");
}
