//! The client: the object that everything else comes from.

use crate::{
    AccountKey, AuthError, AuthStateChanges, CancelToken, ChannelChoice, ClientConfig, Office,
    PendingRevocations, QrSignIn, Session, SignIn, SignedOut, StoreChoice, TestClock, TransportChoice,
    UserPresence,
    cancel::until_cancelled,
    ports::{ChannelBridge, PresenceBridge, StoreBridge, TransportBridge, wait_for_process_locks},
    runtime::runtime,
    sign_out::signed_out,
};
use auth_client::{AuthClientBuilder, BuildError, DeviceFingerprint, QrProtocol, ResumeError};
use std::{sync::Arc, time::Duration};

/// Signs in to one host, for one profile, at both offices.
#[derive(uniffi::Object)]
pub struct AuthClient {
    inner: auth_client::AuthClient,
}

#[uniffi::export]
impl AuthClient {
    /// Makes a client. It opens no store and sends nothing.
    ///
    /// # Errors
    /// `Setup` if the host, the profile, a QR option or another setting cannot be used.
    #[uniffi::constructor(default(presence = None, clock = None))]
    pub fn new(
        config: ClientConfig,
        store: StoreChoice,
        transport: TransportChoice,
        channel: ChannelChoice,
        presence: Option<Arc<dyn UserPresence>>,
        clock: Option<Arc<TestClock>>,
    ) -> Result<Arc<Self>, AuthError> {
        let timeout = match config.timeout_seconds {
            Some(0) => return Err(setup("the timeout has to be at least a second")),
            seconds => Duration::from_secs(seconds.unwrap_or(30).into()),
        };
        let builder =
            auth_client::AuthClient::builder(config.host.as_str()).runtime(runtime()?.handle().clone());
        let builder = match &config.profile {
            Some(name) => builder.profile(name.parse().map_err(setup)?),
            None => builder,
        };
        let builder = builder.fingerprint(fingerprint(&config));
        let builder = match &config.language {
            Some(language) => builder.language(language),
            None => builder,
        };
        let builder = match config.limits {
            Some(limits) => builder.limits(limits.into()),
            None => builder,
        };
        let builder = with_transport(with_store(builder, store)?, &config, transport, timeout)?;
        let builder = with_qr(builder, &config, channel, presence)?;
        let builder = match clock {
            Some(clock) => builder.clock(clock.inner.clone()),
            None => builder,
        };
        let inner = builder.build().map_err(|error| match error {
            BuildError::Host(error) => setup(error),
            other => setup(other),
        })?;
        Ok(Arc::new(Self { inner }))
    }

    /// Begins a new sign-in. Nothing is sent yet. A stored session stays as it is until this sign-in has succeeded.
    pub fn sign_in(&self, office: Office) -> Arc<SignIn> {
        Arc::new(SignIn { inner: self.inner.sign_in(office.into()) })
    }

    /// A QR sign-in of this display, at the front office. Nothing is sent until its states are read. A stored session stays as it
    /// is until it has succeeded.
    pub fn qr_sign_in(&self) -> Arc<QrSignIn> {
        QrSignIn::of(self.inner.qr_sign_in())
    }

    /// The pending sign-in from the store, perhaps of an earlier process; null if there is none.
    #[uniffi::method(default(cancel = None))]
    pub async fn resume_sign_in(
        &self,
        office: Office,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Option<Arc<SignIn>>, AuthError> {
        until_cancelled(cancel, async {
            match self.inner.resume_sign_in(office.into()).await {
                Ok(inner) => Ok(Some(Arc::new(SignIn { inner }))),
                Err(ResumeError::NothingPending) => Ok(None),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    /// The stored session; null if nobody is signed in. Nothing is sent.
    #[uniffi::method(default(cancel = None))]
    pub async fn session(
        &self,
        office: Office,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Option<Arc<Session>>, AuthError> {
        until_cancelled(cancel, async {
            let session = self.inner.session(office.into()).await?;
            Ok(session.map(|inner| Arc::new(Session { inner })))
        })
        .await
    }

    /// The changes of the authentication state, each with its reason. The first state is the store's.
    pub fn auth_state_changes(&self, office: Office) -> Arc<AuthStateChanges> {
        AuthStateChanges::of(self.inner.auth_state_changes(office.into()))
    }

    /// The accounts that have records in the store, of every profile, host and office, in no order.
    #[uniffi::method(default(cancel = None))]
    pub async fn accounts(&self, cancel: Option<Arc<CancelToken>>) -> Result<Vec<AccountKey>, AuthError> {
        until_cancelled(cancel, async {
            Ok(self.inner.accounts().await?.into_iter().map(AccountKey::from).collect())
        })
        .await
    }

    /// Sends the revocations that could not be sent when the user signed out. A refresh and a sign-out do so too.
    #[uniffi::method(default(cancel = None))]
    pub async fn deliver_pending_revocations(
        &self,
        office: Office,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<PendingRevocations, AuthError> {
        until_cancelled(cancel, async {
            Ok(self.inner.deliver_pending_revocations(office.into()).await?.into())
        })
        .await
    }

    /// To be called when the device has another network: the next request is sent at once, even after attempts that found the
    /// host unreachable and would make it wait for a few seconds.
    pub fn network_changed(&self) {
        self.inner.network_changed();
    }

    /// Waits for all refreshes in flight, and until this process has given back the locks between processes that it holds (for 15
    /// seconds at most, if an app's lock does not answer). Call it before the program ends or is suspended, so that no refresh is cut
    /// off and no lock is held meanwhile.
    #[uniffi::method(default(cancel = None))]
    pub async fn wait_for_refresh(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async {
            self.inner.wait_for_refresh().await;
            wait_for_process_locks().await;
            Ok(())
        })
        .await
    }

    /// Signs out: removes the tokens and the pending step from the store, then asks the host to revoke the tokens. Sign-ins that
    /// were begun before are abandoned. If nobody is signed in, there is nothing left to do: the result says `NothingToRevoke`.
    ///
    /// If the store cannot be used now, this throws `StoreUnavailable` and nobody is signed out: the session goes on, in memory and
    /// in the store, and the host is not asked. Only the sign-ins are abandoned. Call it again when the store can be used.
    #[uniffi::method(default(cancel = None))]
    pub async fn sign_out(
        &self,
        office: Office,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignedOut, AuthError> {
        until_cancelled(cancel, async { signed_out(self.inner.sign_out(office.into()).await) }).await
    }
}

fn setup(problem: impl ToString) -> AuthError {
    AuthError::Setup { problem: problem.to_string() }
}

fn fingerprint(config: &ClientConfig) -> DeviceFingerprint {
    let agent = config.user_agent.as_deref().unwrap_or(concat!("b2core-auth/", env!("CARGO_PKG_VERSION")));
    let facts = config.device_facts.iter();
    facts
        .fold(DeviceFingerprint::new(agent), |print, (name, value)| print.with(name.as_str(), value.as_str()))
}

fn with_qr(
    builder: AuthClientBuilder,
    config: &ClientConfig,
    channel: ChannelChoice,
    presence: Option<Arc<dyn UserPresence>>,
) -> Result<AuthClientBuilder, AuthError> {
    let mut protocol = QrProtocol::default();
    for (key, value) in &config.qr_options {
        protocol.set(key, value).map_err(setup)?;
    }
    let builder = builder.qr_protocol(protocol);
    let builder = match channel {
        #[cfg(feature = "bundled")]
        ChannelChoice::Bundled => builder,
        #[cfg(not(feature = "bundled"))]
        ChannelChoice::Bundled => builder.approval_channel(crate::ports::NoChannel),
        ChannelChoice::Custom { channel } => builder.approval_channel(ChannelBridge(channel)),
        ChannelChoice::Off => builder.without_approval_channel(),
    };
    Ok(match presence {
        Some(presence) => builder.user_presence(PresenceBridge(presence)),
        None => builder,
    })
}

fn with_store(builder: AuthClientBuilder, store: StoreChoice) -> Result<AuthClientBuilder, AuthError> {
    match store {
        StoreChoice::Custom { store, process_lock } => {
            Ok(builder.store(StoreBridge::new(store, process_lock)))
        }
        #[cfg(feature = "bundled")]
        StoreChoice::Memory => Ok(builder.store(auth_client::store::MemoryStore::new())),
        #[cfg(feature = "bundled")]
        StoreChoice::File { path, passphrase } => {
            use auth_client::store::{FileStore, StorePassphrase};
            Ok(builder.store(match passphrase {
                Some(passphrase) => {
                    FileStore::with_passphrase(path, StorePassphrase::new(passphrase.text.as_str()))
                }
                None => FileStore::with_key_file(path),
            }))
        }
        #[cfg(not(feature = "bundled"))]
        StoreChoice::Memory | StoreChoice::File { .. } => {
            Err(setup("this build has no store of its own: give StoreChoice.Custom"))
        }
    }
}

fn with_transport(
    builder: AuthClientBuilder,
    config: &ClientConfig,
    transport: TransportChoice,
    timeout: Duration,
) -> Result<AuthClientBuilder, AuthError> {
    match transport {
        // Nobody would look at them.
        TransportChoice::Custom { .. } if config.certificate_pins.is_some() => {
            Err(setup("a transport of the app's own keeps its pins itself: give them to it"))
        }
        TransportChoice::Custom { transport } => {
            Ok(builder.transport(TransportBridge::new(transport, timeout)))
        }
        #[cfg(feature = "bundled")]
        TransportChoice::Bundled => {
            let options = auth_client::http::HttpOptions::default().total_timeout(timeout);
            Ok(builder.http_options(match &config.certificate_pins {
                Some(pins) => {
                    let host = auth_client::Host::parse(&config.host).map_err(setup)?;
                    options.certificate_pins(&host, pins.inner.clone())
                }
                None => options,
            }))
        }
        #[cfg(not(feature = "bundled"))]
        TransportChoice::Bundled => {
            Err(setup("this build has no HTTP stack of its own: give TransportChoice.Custom"))
        }
    }
}
