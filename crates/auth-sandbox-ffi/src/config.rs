//! Settings of a sandbox before it starts.

use std::time::Duration;

use auth_sandbox::{Builder, Dialect, Fault, Limits, QrSettings, Sandbox, Users};

use crate::{NewUser, SandboxError, print::redacted};

/// Settings of a sandbox. All have a default.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SandboxConfig {
    /// A TOML text of `[[user]]` tables in place of the built-in users; null for these.
    #[uniffi(default = None)]
    pub users_toml: Option<String>,
    /// Further users.
    #[uniffi(default)]
    pub users: Vec<NewUser>,
    /// How the host speaks: a preset and any switches, such as `reference,no_token=array`.
    #[uniffi(default = "reference")]
    pub dialect: String,
    /// How many attempts are allowed; null for any number.
    #[uniffi(default = None)]
    pub limits: Option<SandboxLimits>,
    /// What goes wrong from the start on, each such as `front/refresh:drop=after,times=1`.
    #[uniffi(default)]
    pub faults: Vec<String>,
    /// Whether a front-office sign-in needs a reCAPTCHA response: anything but an empty text and `bad` is accepted.
    #[uniffi(default = false)]
    pub recaptcha: bool,
    /// Whether the host offers to recover a forgotten password.
    #[uniffi(default = true)]
    pub password_recovery_available: bool,
    /// Whether there is QR sign-in.
    #[uniffi(default = true)]
    pub qr_available: bool,
    /// How long a QR code lives; null for two minutes.
    #[uniffi(default = None)]
    pub qr_lifetime: Option<Duration>,
    /// How that is written: `number` (of minutes, rounded up), `text`, `fraction` or `missing`.
    #[uniffi(default = "number")]
    pub qr_lifetime_form: String,
    /// Where the host takes every display to be; null for unknown.
    #[uniffi(default = None)]
    pub qr_location: Option<String>,
    /// Whether the live channel is polling only: no WebSocket.
    #[uniffi(default = false)]
    pub polling_only: bool,
    /// A path before every endpoint, such as `/broker`.
    #[uniffi(default = "")]
    pub base_path: String,
    /// How long access tokens live, in whole seconds; null for 15 minutes.
    #[uniffi(default = None)]
    pub access_lifetime: Option<Duration>,
    /// How long refresh tokens live, in whole seconds; null for 60 minutes.
    #[uniffi(default = None)]
    pub refresh_lifetime: Option<Duration>,
    /// How long after it was spent a refresh token still gives a new pair; null for not at all: it ends the session.
    #[uniffi(default = None)]
    pub refresh_grace: Option<Duration>,
    /// How long a sign-in may take from its start, and a code lives; null for 10 minutes.
    #[uniffi(default = None)]
    pub wizard_lifetime: Option<Duration>,
    /// HTTPS with a certificate for this machine and these further names; null for plain HTTP.
    #[uniffi(default = None)]
    pub tls: Option<Vec<String>>,
}

// The TOML has passwords.
redacted!(SandboxConfig, |config, f| write!(f, "SandboxConfig({})", config.dialect));

/// How many attempts an account has from one address in one window before it is blocked. The defaults are the vendor's, but
/// `qr`, of which the vendor says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SandboxLimits {
    /// Sign-ins, in either office.
    #[uniffi(default = 5)]
    pub sign_in: u32,
    /// Refreshes, in either office.
    #[uniffi(default = 5)]
    pub refresh: u32,
    /// Code checks of the front office.
    #[uniffi(default = 5)]
    pub code_check: u32,
    /// Code checks of the back office.
    #[uniffi(default = 3)]
    pub mailed_code: u32,
    /// Calls of QR sign-in of a kind.
    #[uniffi(default = 30)]
    pub qr: u32,
    /// The length of the window.
    #[uniffi(default = 60)]
    pub window_seconds: u32,
    /// How long a block lasts.
    #[uniffi(default = 600)]
    pub block_seconds: u32,
}

pub(crate) fn limits(limits: Option<SandboxLimits>) -> Limits {
    let Some(limits) = limits else { return Limits::off() };
    let SandboxLimits { sign_in, refresh, code_check, mailed_code, qr, window_seconds, block_seconds } =
        limits;
    Limits::default()
        .sign_in(sign_in)
        .refresh(refresh)
        .codes(code_check)
        .confirm(mailed_code)
        .qr(qr)
        .window(Duration::from_secs(window_seconds.into()))
        .block(Duration::from_secs(block_seconds.into()))
}

pub(crate) fn start(config: SandboxConfig) -> Result<Sandbox, SandboxError> {
    let qr = qr_settings(&config)?;
    let minutes = |given: Option<Duration>, minutes: u64| given.unwrap_or(Duration::from_secs(60 * minutes));
    let builder = Sandbox::builder()
        .dialect(config.dialect.parse::<Dialect>()?)
        .limits(limits(config.limits))
        .recaptcha(config.recaptcha)
        .password_recovery_available(config.password_recovery_available)
        .qr_available(config.qr_available)
        .qr(qr)
        .live_polling_only(config.polling_only)
        .base_path(&config.base_path)
        .token_lifetimes(minutes(config.access_lifetime, 15), minutes(config.refresh_lifetime, 60))
        .refresh_grace(config.refresh_grace.unwrap_or_default())
        .wizard_lifetime(minutes(config.wizard_lifetime, 10));
    let builder = match &config.users_toml {
        Some(text) => builder.users(Users::from_toml(text)?),
        None => builder,
    };
    let builder = match config.tls {
        Some(names) => builder.tls(names),
        None => builder,
    };
    let fault =
        |builder: Builder, text: &String| Ok::<_, SandboxError>(builder.fault(text.parse::<Fault>()?));
    let sandbox = config.faults.iter().try_fold(builder, fault)?.start()?;
    config.users.into_iter().try_for_each(|user| user.add_to(&sandbox))?;
    Ok(sandbox)
}

fn qr_settings(config: &SandboxConfig) -> Result<QrSettings, SandboxError> {
    let form = config.qr_lifetime_form.parse().map_err(|problem| SandboxError::Setting { problem })?;
    let settings = QrSettings::default().location(config.qr_location.as_deref()).lifetime_form(form);
    Ok(match config.qr_lifetime {
        Some(lifetime) => settings.lifetime(lifetime),
        None => settings,
    })
}
