//! The configuration of a client.

use crate::{CertificatePins, ProcessLock, SessionStore, Transport, print::redacted};
use auth_client::{Limit, Limits};
use std::{collections::HashMap, sync::Arc, time::Duration};
use zeroize::Zeroizing;

/// Settings of a client. Everything but the host has a default.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ClientConfig {
    /// The host, such as `https://broker.example`. Plain `http` is accepted for this machine only.
    pub host: String,
    /// The name of the profile, for several accounts in one store.
    #[uniffi(default = None)]
    pub profile: Option<String>,
    /// The app's name and version: the `User-Agent` and part of the device fingerprint.
    #[uniffi(default = None)]
    pub user_agent: Option<String>,
    /// Further facts of the device fingerprint, such as `timezone`. Give the same facts at every start.
    #[uniffi(default)]
    pub device_facts: HashMap<String, String>,
    /// The language of the host's messages, such as `ja`.
    #[uniffi(default = None)]
    pub language: Option<String>,
    /// The timeout of a whole request, at least 1. Default: 30 seconds.
    #[uniffi(default = None)]
    pub timeout_seconds: Option<u32>,
    /// The host's attempt limits, if its administrator has changed the vendor's.
    #[uniffi(default = None)]
    pub limits: Option<AttemptLimits>,
    /// What is assumed about the host's QR sign-in, where its defaults do not fit: by the names of `QrProtocol`, such as
    /// `channel` or `event`.
    #[uniffi(default)]
    pub qr_options: HashMap<String, String>,
    /// The keys that the host's certificate may lead to, for the HTTP stack of this library. A transport of the app's own keeps its pins
    /// itself. A live channel at another host is not pinned.
    #[uniffi(default = None)]
    pub certificate_pins: Option<Arc<CertificatePins>>,
}

// A profile may be an e-mail, and the facts identify a device.
redacted!(ClientConfig, |config, f| write!(f, "ClientConfig({})", config.host));

/// The limits of the rate limiter: how many attempts an account has in one window before the host blocks it. The attempt
/// that would cause the block is not sent. 0 means no limit. The defaults are the vendor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct AttemptLimits {
    /// Sign-ins.
    #[uniffi(default = 5)]
    pub sign_in: u32,
    /// Code checks of the front office.
    #[uniffi(default = 5)]
    pub code_check: u32,
    /// Code checks of the back office.
    #[uniffi(default = 3)]
    pub mailed_code: u32,
    /// Token refreshes.
    #[uniffi(default = 5)]
    pub refresh: u32,
    /// The length of the window.
    #[uniffi(default = 60)]
    pub window_seconds: u32,
    /// How long a block lasts if the host does not say.
    #[uniffi(default = 600)]
    pub block_seconds: u32,
}

impl From<AttemptLimits> for Limits {
    fn from(limits: AttemptLimits) -> Self {
        let AttemptLimits { sign_in, code_check, mailed_code, refresh, window_seconds, block_seconds } =
            limits;
        let window = Duration::from_secs(window_seconds.into());
        let limit = |attempts: u32| Limit { attempts: (attempts > 0).then_some(attempts), window };
        Self {
            sign_in: limit(sign_in),
            code_check: limit(code_check),
            mailed_code: limit(mailed_code),
            refresh: limit(refresh),
            block: Duration::from_secs(block_seconds.into()),
        }
    }
}

/// Where sessions and pending steps are stored.
#[derive(Clone, uniffi::Enum)]
pub enum StoreChoice {
    /// In memory: they are gone when the process ends. Flavour `bundled` only.
    Memory,
    /// In an encrypted file, whose key comes from a passphrase or from a key file beside it. Flavour `bundled` only.
    File {
        /// The file.
        path: String,
        /// The passphrase; null for a key file.
        passphrase: Option<Arc<Passphrase>>,
    },
    /// In a store of the app's own, such as one on Keystore or Keychain.
    Custom {
        /// The store.
        store: Arc<dyn SessionStore>,
        /// The lock between the processes that share the store; null if only this process uses it.
        #[uniffi(default = None)]
        process_lock: Option<Arc<dyn ProcessLock>>,
    },
}

/// What sends the requests.
#[derive(Clone, uniffi::Enum)]
pub enum TransportChoice {
    /// The HTTP and TLS stack of this library. Flavour `bundled` only.
    Bundled,
    /// A transport of the app's own, such as one on OkHttp or URLSession.
    Custom {
        /// The transport.
        transport: Arc<dyn Transport>,
    },
}

/// The passphrase of a file store. It is an object, so that nothing prints it.
#[derive(uniffi::Object)]
pub struct Passphrase {
    #[cfg_attr(not(feature = "bundled"), expect(dead_code, reason = "only the bundled file store reads it"))]
    pub(crate) text: Zeroizing<String>,
}

#[uniffi::export]
impl Passphrase {
    /// Takes ownership of the text, which is wiped when the object is freed.
    #[uniffi::constructor]
    pub fn new(text: String) -> Arc<Self> {
        Arc::new(Self { text: Zeroizing::new(text) })
    }
}
