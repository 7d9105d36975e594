//! A pending step as bytes, to go on from after the process died.

use super::{
    Method, NeedCode, NeedCredentials, NeedMailedCode, NeedMethod, NeedNewPassword, NeedResetCode, Offer,
    Start, Step, WizardFacts, credentials::Door, heading::Wizard,
};
use crate::{
    Office, Timestamp,
    secret::{SecretBytes, TwoFactorToken, WizardId},
    wire::Json,
};
use serde::{Deserialize, Serialize};

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

#[derive(Serialize, Deserialize)]
struct Versioned {
    v: u32,
    expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    in_doubt: bool,
    #[serde(flatten)]
    step: serde_json::Value,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
enum Kept {
    Start {
        account: Option<String>,
        password_changed: bool,
    },
    Credentials {
        office: String,
        uuid: Option<String>,
        account: Option<String>,
        recaptcha: bool,
        qr: Option<bool>,
        recovery: Option<bool>,
        password_changed: bool,
    },
    ChooseMethod {
        uuid: String,
        account: String,
        offers: Vec<KeptOffer>,
    },
    Code {
        uuid: String,
        account: String,
        method: String,
        offers: Vec<KeptOffer>,
    },
    MailedCode {
        token: String,
        account: String,
        provider: Option<String>,
    },
    ResetCode {
        uuid: String,
        account: String,
    },
    NewPassword {
        uuid: String,
        account: String,
    },
}

#[derive(Serialize, Deserialize)]
struct KeptOffer {
    method: String,
    caption: Option<String>,
}

impl Checkpoint {
    pub(super) fn of(step: &Step) -> Option<Self> {
        let (kept, expires_at) = keep(step)?;
        let in_doubt = step.is_in_doubt();
        let step = serde_json::to_value(kept).expect("a step has text keys only");
        let versioned = serde_json::to_value(Versioned { v: FORMAT, expires_at, in_doubt, step });
        let json = Json::new(versioned.expect("a step has text keys only"));
        Some(Self { bytes: json.to_bytes(), expires_at })
    }

    pub(super) fn read(bytes: &[u8], now: Timestamp) -> Result<Step, CheckpointError> {
        let read: Versioned = serde_json::from_slice(bytes).map_err(|_| CheckpointError::Malformed)?;
        if read.v > FORMAT {
            return Err(CheckpointError::Newer { found: read.v });
        }
        if read.expires_at <= now {
            return Err(CheckpointError::Expired);
        }
        let kept = serde_json::from_value(read.step).map_err(|_| CheckpointError::Malformed)?;
        let mut step = restore(kept, read.expires_at).ok_or(CheckpointError::Malformed)?;
        if read.in_doubt {
            step.set_in_doubt();
        }
        Ok(step)
    }
}

fn keep(step: &Step) -> Option<(Kept, Timestamp)> {
    let uuid = |wizard: &Wizard| wizard.id.expose().to_owned();
    Some(match step {
        Step::Start(s) => {
            (Kept::Start { account: s.account.clone(), password_changed: s.password_changed }, s.expires_at)
        }
        Step::NeedCredentials(s) => {
            let (wizard, expires_at) = match &s.door {
                Door::Front { wizard, .. } => (Some(uuid(wizard)), wizard.expires_at),
                Door::Back { expires_at } => (None, *expires_at),
            };
            let facts = s.facts();
            let kept = Kept::Credentials {
                office: s.office().to_string(),
                uuid: wizard,
                account: s.account.clone(),
                recaptcha: facts.recaptcha_required,
                qr: facts.qr_available,
                recovery: facts.password_recovery_available,
                password_changed: s.password_changed,
            };
            (kept, expires_at)
        }
        Step::NeedMethod(s) => {
            let offers = keep_offers(&s.offers);
            (
                Kept::ChooseMethod { uuid: uuid(&s.wizard), account: s.account.clone(), offers },
                s.wizard.expires_at,
            )
        }
        Step::NeedCode(s) => {
            let (method, offers) = (s.method.to_string(), keep_offers(&s.offers));
            (
                Kept::Code { uuid: uuid(&s.wizard), account: s.account.clone(), method, offers },
                s.wizard.expires_at,
            )
        }
        Step::NeedMailedCode(s) => {
            let token = s.token.expose().to_owned();
            (
                Kept::MailedCode { token, account: s.account.clone(), provider: s.provider.clone() },
                s.expires_at,
            )
        }
        Step::NeedResetCode(s) => {
            (Kept::ResetCode { uuid: uuid(&s.wizard), account: s.account.clone() }, s.wizard.expires_at)
        }
        Step::NeedNewPassword(s) => {
            (Kept::NewPassword { uuid: uuid(&s.wizard), account: s.account.clone() }, s.wizard.expires_at)
        }
        Step::SignedIn(_) | Step::Unsupported(_) => return None,
    })
}

fn restore(kept: Kept, expires_at: Timestamp) -> Option<Step> {
    let wizard = |uuid: String| Wizard::new(WizardId::new(uuid), expires_at);
    Some(match kept {
        Kept::Start { account, password_changed } => Start { account, password_changed, expires_at }.into(),
        Kept::Credentials { office, uuid, account, recaptcha, qr, recovery, password_changed } => {
            let facts = WizardFacts {
                recaptcha_required: recaptcha,
                qr_available: qr,
                password_recovery_available: recovery,
            };
            let door = match (office.parse().ok()?, uuid) {
                (Office::Front, Some(uuid)) => Door::Front { wizard: wizard(uuid), facts },
                (Office::Back, None) => Door::Back { expires_at },
                _ => return None,
            };
            NeedCredentials { door, account, password_changed, recaptcha_sent: false }.into()
        }
        Kept::ChooseMethod { uuid, account, offers } => {
            let offers = restore_offers(offers)?;
            if offers.is_empty() {
                return None;
            }
            NeedMethod { wizard: wizard(uuid), account, offers }.into()
        }
        Kept::Code { uuid, account, method, offers } => {
            let (method, offers) = (Method::from_name(&method)?, restore_offers(offers)?);
            NeedCode { wizard: wizard(uuid), account, method, offers }.into()
        }
        Kept::MailedCode { token, account, provider } => NeedMailedCode {
            token: TwoFactorToken::new(token),
            account,
            provider,
            expires_at,
            in_doubt: false,
        }
        .into(),
        Kept::ResetCode { uuid, account } => NeedResetCode { wizard: wizard(uuid), account }.into(),
        Kept::NewPassword { uuid, account } => NeedNewPassword { wizard: wizard(uuid), account }.into(),
    })
}

fn keep_offers(offers: &[Offer]) -> Vec<KeptOffer> {
    offers.iter().map(|o| KeptOffer { method: o.method.to_string(), caption: o.caption.clone() }).collect()
}

fn restore_offers(kept: Vec<KeptOffer>) -> Option<Vec<Offer>> {
    kept.into_iter()
        .map(|k| Some(Offer { method: Method::from_name(&k.method)?, caption: k.caption }))
        .collect()
}
