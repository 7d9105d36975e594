//! A pending step as bytes, to go on from after the process died.

use super::{
    Method, NeedCode, NeedCredentials, NeedMailedCode, NeedMethod, NeedNewPassword, NeedResetCode, Offer,
    Start, Step, WizardFacts, credentials::Door, heading::Wizard,
};
use crate::{
    Office, Timestamp,
    secret::{SecretBytes, TwoFactorToken, WizardId},
    session::{RecordError, codec},
    wire::{Object, object},
};
use serde_json::Value;

/// A pending step, versioned and with its own expiry. The bytes hold secrets.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// What to keep, sealed.
    pub bytes: SecretBytes,
    /// When the step is over, by our clock.
    pub expires_at: Timestamp,
}

/// The kept step cannot be gone on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It was kept too long; the host will have forgotten it.
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
    pub(super) fn of(step: &Step) -> Option<Self> {
        let expires_at = expires_at(step)?;
        let bytes = object(ROOM, |to| {
            to.put("v", FORMAT);
            to.put("expires_at", expires_at);
            if step.is_in_doubt() {
                to.put("in_doubt", true);
            }
            write(step, to);
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
        if json.value().get("in_doubt").and_then(Value::as_bool).unwrap_or(false) {
            step.set_in_doubt();
        }
        Ok(step)
    }
}

/// When a step is over; none if nothing is pending there.
fn expires_at(step: &Step) -> Option<Timestamp> {
    Some(match step {
        Step::Start(s) => s.expires_at,
        Step::NeedCredentials(NeedCredentials { door: Door::Front { wizard, .. }, .. })
        | Step::NeedMethod(NeedMethod { wizard, .. })
        | Step::NeedCode(NeedCode { wizard, .. })
        | Step::NeedResetCode(NeedResetCode { wizard, .. })
        | Step::NeedNewPassword(NeedNewPassword { wizard, .. }) => wizard.expires_at,
        Step::NeedCredentials(NeedCredentials { door: Door::Back { expires_at }, .. })
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
            let wizard = match &s.door {
                Door::Front { wizard, .. } => Some(wizard),
                Door::Back { .. } => None,
            };
            pending(CREDENTIALS, wizard, s.account.as_deref());
            let facts = s.facts();
            to.put("office", s.office().as_str());
            to.put("recaptcha", facts.recaptcha_required);
            to.put("qr", facts.qr_available);
            to.put("recovery", facts.password_recovery_available);
            to.put("password_changed", s.password_changed);
        }
        Step::NeedMethod(s) => {
            pending(CHOOSE_METHOD, Some(&s.wizard), Some(&s.account));
            put_offers(&s.offers, to);
        }
        Step::NeedCode(s) => {
            pending(CODE, Some(&s.wizard), Some(&s.account));
            to.put("method", s.method.as_str());
            put_offers(&s.offers, to);
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

fn restore(kept: &Value, expires_at: Timestamp) -> Option<Step> {
    let text = |name| codec::text(kept, name);
    let flag = |name: &str| kept.get(name).and_then(Value::as_bool);
    let wizard = || Some(Wizard::new(WizardId::new(text("uuid")?), expires_at));
    let account = || text("account").map(str::to_owned);
    Some(match text("step")? {
        START => Start { account: account(), password_changed: flag("password_changed")?, expires_at }.into(),
        CREDENTIALS => {
            let facts = WizardFacts {
                recaptcha_required: flag("recaptcha")?,
                qr_available: flag("qr"),
                password_recovery_available: flag("recovery"),
            };
            let door = match (text("office")?.parse().ok()?, wizard()) {
                (Office::Front, Some(wizard)) => Door::Front { wizard, facts },
                (Office::Back, None) => Door::Back { expires_at },
                _ => return None,
            };
            let password_changed = flag("password_changed")?;
            NeedCredentials { door, account: account(), password_changed, recaptcha_sent: false }.into()
        }
        CHOOSE_METHOD => {
            let offers = read_offers(kept)?;
            if offers.is_empty() {
                return None;
            }
            NeedMethod { wizard: wizard()?, account: account()?, offers }.into()
        }
        CODE => {
            let (method, offers) = (Method::from_name(text("method")?)?, read_offers(kept)?);
            NeedCode { wizard: wizard()?, account: account()?, method, offers }.into()
        }
        MAILED_CODE => {
            let (token, provider) =
                (TwoFactorToken::new(text("token")?), text("provider").map(str::to_owned));
            NeedMailedCode { token, account: account()?, provider, expires_at, in_doubt: false }.into()
        }
        RESET_CODE => NeedResetCode { wizard: wizard()?, account: account()? }.into(),
        NEW_PASSWORD => NeedNewPassword { wizard: wizard()?, account: account()? }.into(),
        _ => return None,
    })
}

fn put_offers(offers: &[Offer], to: &mut Object<'_>) {
    to.list("offers", offers, |to, offer| {
        to.put("method", offer.method.as_str());
        to.put("caption", offer.caption.as_deref());
    });
}

fn read_offers(kept: &Value) -> Option<Vec<Offer>> {
    let offer = |value: &Value| {
        let method = Method::from_name(codec::text(value, "method")?)?;
        Some(Offer { method, caption: codec::text(value, "caption").map(str::to_owned) })
    };
    kept.get("offers")?.as_array()?.iter().map(offer).collect()
}
