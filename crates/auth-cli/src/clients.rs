//! Clients for the accounts of one store, made when they are needed.

use crate::{
    args::Global, failure::Failure, patient::Patient, pins::pinned, store_opening, store_spec::StoreSpec,
};
use auth_client::{
    AccountKey, AuthClient, BuildError, DeviceFingerprint, Host, Profile, QrProtocol,
    http::HttpOptions,
    ports::{RecordKey, SessionStore},
};
use auth_messages::Message;
use std::{
    cell::{OnceCell, RefCell},
    sync::Arc,
};

/// The store that the options name, and a client for each host and profile that a command works with.
pub(crate) struct Clients {
    pub(crate) global: Global,
    spec: OnceCell<StoreSpec>,
    store: OnceCell<Arc<dyn SessionStore>>,
    made: RefCell<Vec<AuthClient>>,
    left_alone: RefCell<Vec<Host>>,
    listed: OnceCell<Vec<RecordKey>>,
    qr_protocol: OnceCell<QrProtocol>,
}

impl Clients {
    pub(crate) fn new(global: Global) -> Self {
        Self {
            global,
            spec: OnceCell::new(),
            store: OnceCell::new(),
            made: RefCell::default(),
            left_alone: RefCell::default(),
            listed: OnceCell::new(),
            qr_protocol: OnceCell::new(),
        }
    }

    /// What is assumed of the host's QR sign-in, for the clients made from now on.
    pub(crate) fn assume(&self, protocol: QrProtocol) {
        let _once = self.qr_protocol.set(protocol);
    }

    /// The client that the options describe.
    pub(crate) fn here(&self) -> Result<AuthClient, Failure> {
        let host = self.global.host().ok_or_else(|| Failure::wrong_call("no_host"))?;
        self.at(host, &self.global.profile)
    }

    /// The client of an account in the store.
    pub(crate) fn of(&self, account: &AccountKey) -> Result<AuthClient, Failure> {
        self.at(&account.host.to_string(), &account.profile)
    }

    /// The places of all records in the store.
    pub(crate) async fn keys(&self) -> Result<Vec<RecordKey>, Failure> {
        self.store()?.keys().await.map_err(Failure::unlisted)
    }

    /// The same as they are now, for a command that changes nothing: read once for it and for what comes after it. Nothing if
    /// the store cannot tell.
    pub(crate) async fn listed(&self) -> Option<&[RecordKey]> {
        if self.listed.get().is_none() {
            let keys = self.keys().await.ok()?;
            return Some(self.listed.get_or_init(|| keys));
        }
        self.listed.get().map(Vec::as_slice)
    }

    /// What [`listed`](Self::listed) has read, or else what is there now.
    pub(crate) async fn listed_or_now(&self) -> Vec<RecordKey> {
        match self.listed.get() {
            Some(listed) => listed.clone(),
            None => self.keys().await.unwrap_or_default(),
        }
    }

    /// Nothing more is sent to this host by itself: it was just tried.
    pub(crate) fn leave_alone(&self, host: &Host) {
        self.left_alone.borrow_mut().push(host.clone());
    }

    pub(crate) fn is_left_alone(&self, host: &Host) -> bool {
        self.left_alone.borrow().contains(host)
    }

    /// The clients made so far.
    pub(crate) fn made(&self) -> Vec<AuthClient> {
        self.made.borrow().clone()
    }

    /// Which store is used.
    pub(crate) fn store_spec(&self) -> Result<&StoreSpec, Failure> {
        if let Some(spec) = self.spec.get() {
            return Ok(spec);
        }
        let spec = self.global.store()?;
        Ok(self.spec.get_or_init(|| spec))
    }

    fn store(&self) -> Result<Arc<dyn SessionStore>, Failure> {
        if let Some(store) = self.store.get() {
            return Ok(store.clone());
        }
        let store = store_opening::open(self.store_spec()?, self.global.timeout)?;
        Ok(self.store.get_or_init(|| store).clone())
    }

    fn at(&self, host: &str, profile: &Profile) -> Result<AuthClient, Failure> {
        let same = |client: &&AuthClient| client.profile() == profile && client.host().to_string() == host;
        if let Some(client) = self.made.borrow().iter().find(same) {
            return Ok(client.clone());
        }
        let agent = format!(
            "b2auth/{} ({}; {})",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        );
        let options = self.http_options()?;
        let mut builder = AuthClient::builder(host)
            .profile(profile.clone())
            .fingerprint(DeviceFingerprint::new(agent))
            .http_options(options.clone())
            .shared_store(self.store()?);
        if let Some(patient) = Patient::new(options, host, self.global.timeout) {
            builder = builder.transport(patient);
        }
        if let Some(language) = self.global.language.as_ref().filter(|language| !language.is_empty()) {
            builder = builder.language(language);
        }
        if let Some(limits) = self.global.limits() {
            builder = builder.limits(limits);
        }
        if let Some(protocol) = self.qr_protocol.get() {
            builder = builder.qr_protocol(protocol.clone());
        }
        let client = builder.build().map_err(|error| match error {
            BuildError::Host(error) => Failure::wrong_call(error.kind()),
            other => Failure::other("build", other.to_string()),
        })?;
        self.made.borrow_mut().push(client.clone());
        Ok(client)
    }

    fn http_options(&self) -> Result<HttpOptions, Failure> {
        let Global { pins, pin_expires, .. } = &self.global;
        pinned(self.unpinned_options()?, self.global.host(), pins, *pin_expires)
    }

    /// Time, trust and proxy, as the options have them.
    pub(crate) fn unpinned_options(&self) -> Result<HttpOptions, Failure> {
        let timeout = self.global.timeout;
        let http =
            HttpOptions::default().total_timeout(timeout).connect_timeout(timeout).read_timeout(timeout);
        let Some(file) = self.global.ca_file.as_ref() else { return Ok(http) };
        let unusable = |why: String| {
            let message = Message::new("usage").about("ca_file");
            Failure::call_of(message.with("file", file.display()).with("problem", why))
        };
        let pem = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
        http.extra_roots_pem(&pem).map_err(|error| unusable(error.to_string()))
    }
}
