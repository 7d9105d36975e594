//! From options to a client.

use crate::{args::Global, failure::Failure};
use auth_client::{
    AuthClient, BuildError, DeviceFingerprint,
    http::HttpOptions,
    store::{FileStore, MemoryStore, StorePassphrase},
};
use auth_messages::Message;
use etcetera::BaseStrategy;
use std::{path::PathBuf, str::FromStr};

/// Where sessions are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreSpec {
    /// A file in the user's data folder.
    Usual,
    Memory,
    File(PathBuf),
}

impl FromStr for StoreSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text.is_empty() => Ok(Self::Usual),
            None if text == "memory" => Ok(Self::Memory),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            _ => Err("a store is memory or file:PATH".to_owned()),
        }
    }
}

impl Global {
    /// True if a step that is kept can be gone on from after this process.
    pub(crate) fn store_lasts(&self) -> bool {
        self.store != Some(StoreSpec::Memory)
    }

    /// The client that the options describe.
    pub(crate) fn client(&self) -> Result<AuthClient, Failure> {
        let host = self.host.as_deref().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| Failure::wrong_call("no_host"))?;
        let agent = format!(
            "b2auth/{} ({}; {})",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        );
        let mut http = HttpOptions::default()
            .total_timeout(self.timeout)
            .connect_timeout(self.timeout)
            .read_timeout(self.timeout);
        if let Some(file) = self.ca_file.as_ref().filter(|file| !file.as_os_str().is_empty()) {
            let unusable = |why: String| {
                let message = Message::new("usage").about("ca_file");
                Failure::call_of(message.with("file", file.display()).with("problem", why))
            };
            let pem = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
            http = http.extra_roots_pem(&pem).map_err(|error| unusable(error.to_string()))?;
        }
        let mut builder = AuthClient::builder(host)
            .profile(self.profile.clone())
            .fingerprint(DeviceFingerprint::new(agent))
            .http_options(http);
        if let Some(language) = self.language.as_ref().filter(|language| !language.is_empty()) {
            builder = builder.language(language);
        }
        if let Some(limits) = self.limits {
            builder = builder.limits(limits.0);
        }
        let builder = match self.store.as_ref().unwrap_or(&StoreSpec::Usual) {
            StoreSpec::Memory => builder.store(MemoryStore::new()),
            StoreSpec::Usual => builder.store(file_store(usual_path()?)?),
            StoreSpec::File(path) => builder.store(file_store(path.clone())?),
        };
        builder.build().map_err(|error| match error {
            BuildError::Host(error) => Failure::wrong_call(error.kind()),
            other => Failure::other("build", other.to_string()),
        })
    }
}

fn usual_path() -> Result<PathBuf, Failure> {
    let data = etcetera::choose_base_strategy().map(|user| user.data_dir());
    let data = data.map_err(|_| Failure::wrong_call("no_home"))?;
    Ok(data.join("b2auth").join("store"))
}

fn file_store(path: PathBuf) -> Result<FileStore, Failure> {
    let store = match passphrase()? {
        Some(passphrase) => FileStore::with_passphrase(path, passphrase),
        None => FileStore::with_key_file(path),
    };
    Ok(store.on_the_callers_thread())
}

fn passphrase() -> Result<Option<StorePassphrase>, Failure> {
    match std::env::var("B2AUTH_STORE_KEY") {
        Ok(text) if !text.is_empty() => Ok(Some(StorePassphrase::new(text))),
        Ok(_) | Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::wrong_call("store_key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_are_named_by_kind() {
        assert_eq!("memory".parse(), Ok(StoreSpec::Memory));
        assert_eq!("file:/tmp/a:b".parse(), Ok(StoreSpec::File("/tmp/a:b".into())));
        for bad in ["file", "file:", "redis://x", "/tmp/x", "memory:x"] {
            assert!(bad.parse::<StoreSpec>().is_err(), "{bad}");
        }
    }
}
