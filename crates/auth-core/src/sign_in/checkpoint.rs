//! A pending step as bytes, so that another process can go on with it. `auth-client` saves and loads them (`src/pending_step.rs`).

use super::{
    MethodOption, NeedCode, NeedCredentials, NeedMailedCode, NeedMethod, NeedNewPassword, NeedResetCode,
    Start, Step, TwoFactorMethod, WizardInfo, credentials::OfficeState, wizard::Wizard,
};
use crate::{
    Cookies, Office, Timestamp,
    secret::{SecretBytes, TwoFactorToken, WizardId},
    server_message::{Earlier, Secrets},
    session::{RecordError, codec},
    wire::{Object, Value, object},
};

/// A pending step as bytes of a versioned format, with its expiry.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checkpoint {
    /// The bytes to save. They hold secrets: the store encrypts them.
    pub bytes: SecretBytes,
    /// When the step expires, by our clock.
    pub expires_at: Timestamp,
}

/// The sign-in cannot go on from this checkpoint.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It has expired; the host will have forgotten the sign-in.
    #[error("the pending sign-in has expired; start again")]
    Expired,
    /// A newer version wrote it.
    #[error("the pending sign-in was written by a newer version (format {found}); update")]
    Newer {
        /// The format found.
        found: u32,
    },
    /// The bytes are no checkpoint.
    #[error("the pending sign-in is damaged; start again")]
    Malformed,
}

const FORMAT: u32 = 1;
/// A guess at the bytes of a checkpoint.
const ROOM: usize = 512;

impl Checkpoint {
    pub(super) fn of(step: &Step, cookies: &Cookies) -> Option<Self> {
        let expires_at = expires_at(step)?;
        let bytes = object(ROOM, |to| {
            to.put("v", FORMAT);
            to.put("expires_at", expires_at);
            if step.is_uncertain() {
                to.put("in_doubt", true);
            }
            if step.opens_wizard_by_post() {
                to.put("wizard_by_post", true);
            }
            write(step, to);
            cookies.put(to);
        });
        Some(Self { bytes, expires_at })
    }

    pub(super) fn read(bytes: &[u8], now: Timestamp) -> Result<Step, CheckpointError> {
        let json = codec::read(bytes, FORMAT).map_err(|error| match error {
            RecordError::Newer { found } => CheckpointError::Newer { found },
            RecordError::Malformed => CheckpointError::Malformed,
        })?;
        let expires_at =
            codec::date(json.value(), "expires_at").flatten().ok_or(CheckpointError::Malformed)?;
        if expires_at <= now {
            return Err(CheckpointError::Expired);
        }
        let mut step = restore(json.value(), expires_at).ok_or(CheckpointError::Malformed)?;
        let is_set = |name| json.value().get(name).and_then(Value::as_bool).unwrap_or(false);
        if is_set("in_doubt") {
            step.set_uncertain();
        }
        if is_set("wizard_by_post") {
            step = step.with_wizard_by_post();
        }
        // An earlier version may have kept more of the host's texts than is shown.
        let step = step.with_texts_free_of(&Secrets::default());
        // What was typed is not kept. The step has its own secrets; the cookies are known from here.
        let cookies = Cookies::from_record(json.value());
        Ok(step.with_earlier(&Secrets::default().and_cookies(cookies.telling_values()).as_earlier()))
    }
}

/// When a step is over; none if nothing is pending there.
fn expires_at(step: &Step) -> Option<Timestamp> {
    Some(match step {
        Step::Start(s) => s.expires_at,
        Step::NeedCredentials(NeedCredentials {
            office_state: OfficeState::Front { wizard, .. }, ..
        })
        | Step::NeedMethod(NeedMethod { wizard, .. })
        | Step::NeedCode(NeedCode { wizard, .. })
        | Step::NeedResetCode(NeedResetCode { wizard, .. })
        | Step::NeedNewPassword(NeedNewPassword { wizard, .. }) => wizard.expires_at,
        Step::NeedCredentials(NeedCredentials {
            office_state: OfficeState::Back { expires_at, .. }, ..
        })
        | Step::NeedMailedCode(NeedMailedCode { expires_at, .. }) => *expires_at,
        Step::SignedIn(_) | Step::Unsupported(_) => return None,
    })
}

fn write(step: &Step, to: &mut Object<'_>) {
    let mut pending = |name: &str, wizard: Option<&Wizard>, account: Option<&str>| {
        to.put("step", name);
        to.put("uuid", wizard.map(|wizard| wizard.id.expose()));
        to.put("account", account);
    };
    match step {
        Step::Start(s) => {
            pending(START, None, s.account.as_deref());
            to.put("password_changed", s.password_changed);
        }
        Step::NeedCredentials(s) => {
            let wizard = match &s.office_state {
                OfficeState::Front { wizard, .. } => Some(wizard),
                OfficeState::Back { .. } => None,
            };
            pending(CREDENTIALS, wizard, s.account.as_deref());
            let info = s.info();
            to.put("office", s.office().as_str());
            to.put("recaptcha", info.recaptcha_required);
            to.put("qr", info.qr_available);
            to.put("recovery", info.password_recovery_available);
            to.put("password_changed", s.password_changed);
        }
        Step::NeedMethod(s) => {
            pending(CHOOSE_METHOD, Some(&s.wizard), Some(&s.account));
            put_options(&s.options, to);
        }
        Step::NeedCode(s) => {
            pending(CODE, Some(&s.wizard), Some(&s.account));
            to.put("method", s.method.as_str());
            put_options(&s.options, to);
        }
        Step::NeedMailedCode(s) => {
            pending(MAILED_CODE, None, Some(&s.account));
            to.put("token", s.token.expose());
            to.put("provider", s.provider.as_deref());
        }
        Step::NeedResetCode(s) => pending(RESET_CODE, Some(&s.wizard), Some(&s.account)),
        Step::NeedNewPassword(s) => pending(NEW_PASSWORD, Some(&s.wizard), Some(&s.account)),
        Step::SignedIn(_) | Step::Unsupported(_) => {}
    }
}

const START: &str = "start";
const CREDENTIALS: &str = "credentials";
const CHOOSE_METHOD: &str = "choose_method";
const CODE: &str = "code";
const MAILED_CODE: &str = "mailed_code";
const RESET_CODE: &str = "reset_code";
const NEW_PASSWORD: &str = "new_password";

fn restore(kept: &Value<'_>, expires_at: Timestamp) -> Option<Step> {
    let text = |name| codec::text(kept, name);
    let flag = |name: &str| kept.get(name).and_then(Value::as_bool);
    let wizard = || Some(Wizard::new(WizardId::new(text("uuid")?), expires_at));
    let account = || text("account").map(str::to_owned);
    Some(match text("step")? {
        START => {
            let password_changed = flag("password_changed")?;
            let earlier = Earlier::default();
            Start { account: account(), password_changed, expires_at, by_post: false, earlier }.into()
        }
        CREDENTIALS => {
            let info = WizardInfo {
                recaptcha_required: flag("recaptcha")?,
                qr_available: flag("qr"),
                password_recovery_available: flag("recovery"),
            };
            let office_state = match (text("office")?.parse().ok()?, wizard()) {
                (Office::Front, Some(wizard)) => OfficeState::Front { wizard, info },
                (Office::Back, None) => OfficeState::Back { expires_at, earlier: Earlier::default() },
                _ => return None,
            };
            let password_changed = flag("password_changed")?;
            NeedCredentials { office_state, account: account(), password_changed, recaptcha_sent: false }
                .into()
        }
        CHOOSE_METHOD => {
            let options = read_options(kept)?;
            if options.is_empty() {
                return None;
            }
            NeedMethod { wizard: wizard()?, account: account()?, options }.into()
        }
        CODE => {
            let (method, options) = (TwoFactorMethod::from_name(text("method")?)?, read_options(kept)?);
            NeedCode { wizard: wizard()?, account: account()?, method, options }.into()
        }
        MAILED_CODE => {
            let (token, provider) =
                (TwoFactorToken::new(text("token")?), text("provider").map(str::to_owned));
            let (account, earlier) = (account()?, Earlier::default());
            NeedMailedCode { token, account, provider, expires_at, uncertain: false, earlier }.into()
        }
        RESET_CODE => NeedResetCode { wizard: wizard()?, account: account()? }.into(),
        NEW_PASSWORD => NeedNewPassword { wizard: wizard()?, account: account()? }.into(),
        _ => return None,
    })
}

fn put_options(options: &[MethodOption], to: &mut Object<'_>) {
    to.list("offers", options, |to, option| {
        to.put("method", option.method.as_str());
        to.put("caption", option.caption.as_deref());
    });
}

fn read_options(kept: &Value<'_>) -> Option<Vec<MethodOption>> {
    let option = |value: &Value<'_>| {
        let method = TwoFactorMethod::from_name(codec::text(value, "method")?)?;
        Some(MethodOption { method, caption: codec::text(value, "caption").map(str::to_owned) })
    };
    kept.get("offers")?.as_array()?.iter().map(option).collect()
}
