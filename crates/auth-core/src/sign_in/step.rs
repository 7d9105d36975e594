//! [`Step`]: the enum of all steps of a sign-in.

use super::{
    Checkpoint, CheckpointError, NeedCode, NeedCredentials, NeedMailedCode, NeedMethod, NeedNewPassword,
    NeedResetCode, SignedIn, Start, credentials::OfficeState,
};
use crate::{
    Cookies, Office, Timestamp,
    server_message::{Earlier, Secrets, fit_to_show},
};

/// The step at which a sign-in is.
///
/// It is not `#[non_exhaustive]`: code that shows steps to a user has to show each of them, so a new one breaks its build.
#[derive(Clone, Debug)]
pub enum Step {
    /// The front office's wizard has to be opened.
    Start(Start),
    /// E-mail and password are wanted.
    NeedCredentials(NeedCredentials),
    /// A two-factor method has to be chosen.
    NeedMethod(NeedMethod),
    /// A code of a two-factor method is wanted.
    NeedCode(NeedCode),
    /// The back office's e-mailed code is wanted.
    NeedMailedCode(NeedMailedCode),
    /// The e-mailed code of a forced reset is wanted.
    NeedResetCode(NeedResetCode),
    /// A new password is wanted.
    NeedNewPassword(NeedNewPassword),
    /// Tokens were issued.
    SignedIn(SignedIn),
    /// The host asks for something that this version does not know.
    Unsupported(Unsupported),
}

/// The host asks for something that this version does not know. The user can sign in with a browser instead.
#[derive(Clone, Debug)]
pub struct Unsupported {
    office: Office,
    workflow: String,
    account: Option<String>,
}

impl Unsupported {
    pub(super) fn new(office: Office, workflow: &str, account: Option<String>) -> Self {
        Self { office, workflow: workflow.to_owned(), account }
    }

    /// The office that was signed in to.
    pub fn office(&self) -> Office {
        self.office
    }

    /// The host's name of it (`workflow`), cleaned and at most 64 characters long.
    pub fn workflow(&self) -> &str {
        &self.workflow
    }

    /// The account's e-mail, if it was given.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

impl Step {
    /// The first step of an office.
    pub fn begin(office: Office, now: Timestamp) -> Self {
        match office {
            Office::Front => Start::new(None, now).into(),
            Office::Back => NeedCredentials::at_back_office(None, now).into(),
        }
    }

    /// The step with the host's texts in it cleaned, shortened, and free of these secrets.
    pub(super) fn with_texts_free_of(mut self, secrets: &Secrets) -> Self {
        let name = |text: &mut String, most| *text = fit_to_show(text, most, secrets);
        match &mut self {
            Self::NeedMethod(NeedMethod { options, .. }) | Self::NeedCode(NeedCode { options, .. }) => {
                options
                    .iter_mut()
                    .filter_map(|option| option.caption.as_mut())
                    .for_each(|text| name(text, 64));
            }
            Self::NeedMailedCode(step) => step.provider.iter_mut().for_each(|text| name(text, 32)),
            Self::Unsupported(step) => name(&mut step.workflow, 64),
            Self::Start(_)
            | Self::NeedCredentials(_)
            | Self::NeedResetCode(_)
            | Self::NeedNewPassword(_)
            | Self::SignedIn(_) => {}
        }
        self
    }

    /// What was sent before this step, and is cut out of the host's texts from here on.
    pub(super) fn earlier(&self) -> Earlier {
        match self {
            Self::Start(step) => step.earlier.clone(),
            Self::NeedCredentials(step) => match &step.office_state {
                OfficeState::Front { wizard, .. } => wizard.earlier.clone(),
                OfficeState::Back { earlier, .. } => earlier.clone(),
            },
            Self::NeedMethod(NeedMethod { wizard, .. })
            | Self::NeedCode(NeedCode { wizard, .. })
            | Self::NeedResetCode(NeedResetCode { wizard, .. })
            | Self::NeedNewPassword(NeedNewPassword { wizard, .. }) => wizard.earlier.clone(),
            Self::NeedMailedCode(step) => step.earlier.clone(),
            Self::SignedIn(_) | Self::Unsupported(_) => Earlier::default(),
        }
    }

    /// True for the steps behind which nothing is sent any more.
    pub(super) fn is_over(&self) -> bool {
        matches!(self, Self::SignedIn(_) | Self::Unsupported(_))
    }

    pub(super) fn with_earlier(mut self, sent: &Earlier) -> Self {
        match &mut self {
            Self::Start(step) => step.earlier = sent.clone(),
            Self::NeedCredentials(step) => match &mut step.office_state {
                OfficeState::Front { wizard, .. } => wizard.earlier = sent.clone(),
                OfficeState::Back { earlier, .. } => *earlier = sent.clone(),
            },
            Self::NeedMethod(NeedMethod { wizard, .. })
            | Self::NeedCode(NeedCode { wizard, .. })
            | Self::NeedResetCode(NeedResetCode { wizard, .. })
            | Self::NeedNewPassword(NeedNewPassword { wizard, .. }) => wizard.earlier = sent.clone(),
            Self::NeedMailedCode(step) => step.earlier = sent.clone(),
            Self::SignedIn(_) | Self::Unsupported(_) => {}
        }
        self
    }

    /// A stable name: `start`, `credentials`, `choose_method`, `code`, `mailed_code`, `reset_code`, `new_password`,
    /// `signed_in`, `unsupported`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Start(_) => "start",
            Self::NeedCredentials(_) => "credentials",
            Self::NeedMethod(_) => "choose_method",
            Self::NeedCode(_) => "code",
            Self::NeedMailedCode(_) => "mailed_code",
            Self::NeedResetCode(_) => "reset_code",
            Self::NeedNewPassword(_) => "new_password",
            Self::SignedIn(_) => "signed_in",
            Self::Unsupported(_) => "unsupported",
        }
    }

    /// The office that is signed in to.
    pub fn office(&self) -> Office {
        match self {
            Self::NeedCredentials(step) => step.office(),
            Self::NeedMailedCode(_) => Office::Back,
            Self::SignedIn(step) => step.session().office,
            Self::Unsupported(step) => step.office(),
            Self::Start(_)
            | Self::NeedMethod(_)
            | Self::NeedCode(_)
            | Self::NeedResetCode(_)
            | Self::NeedNewPassword(_) => Office::Front,
        }
    }

    /// The account's e-mail, as far as it was given.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Start(step) => step.account(),
            Self::NeedCredentials(step) => step.account(),
            Self::NeedMethod(step) => Some(step.account()),
            Self::NeedCode(step) => Some(step.account()),
            Self::NeedMailedCode(step) => Some(step.account()),
            Self::NeedResetCode(step) => Some(step.account()),
            Self::NeedNewPassword(step) => Some(step.account()),
            Self::SignedIn(step) => Some(&step.session().account),
            Self::Unsupported(step) => step.account(),
        }
    }

    /// The same step at a host that opens wizards by `POST`, as older ones do: see [`ApiRequest::by_other_method`]. It is kept with
    /// the step and all that follow it. The back office has no wizard.
    ///
    /// [`ApiRequest::by_other_method`]: crate::ApiRequest::by_other_method
    #[must_use]
    pub fn with_wizard_by_post(mut self) -> Self {
        match &mut self {
            Self::Start(step) => step.by_post = true,
            Self::NeedCredentials(step) => {
                if let OfficeState::Front { wizard, .. } = &mut step.office_state {
                    wizard.by_post = true;
                }
            }
            Self::NeedMethod(NeedMethod { wizard, .. })
            | Self::NeedCode(NeedCode { wizard, .. })
            | Self::NeedResetCode(NeedResetCode { wizard, .. })
            | Self::NeedNewPassword(NeedNewPassword { wizard, .. }) => wizard.by_post = true,
            Self::NeedMailedCode(_) | Self::SignedIn(_) | Self::Unsupported(_) => {}
        }
        self
    }

    /// True if this step's host opens wizards by `POST`.
    pub fn opens_wizard_by_post(&self) -> bool {
        match self {
            Self::Start(step) => step.by_post,
            Self::NeedCredentials(step) => step.opens_wizard_by_post(),
            Self::NeedMethod(NeedMethod { wizard, .. })
            | Self::NeedCode(NeedCode { wizard, .. })
            | Self::NeedResetCode(NeedResetCode { wizard, .. })
            | Self::NeedNewPassword(NeedNewPassword { wizard, .. }) => wizard.by_post,
            Self::NeedMailedCode(_) | Self::SignedIn(_) | Self::Unsupported(_) => false,
        }
    }

    /// The step as bytes, to be saved until the user comes back, perhaps in another process. They hold secrets: the store
    /// encrypts them. `None` for [`SignedIn`](Self::SignedIn) and [`Unsupported`](Self::Unsupported), where nothing is pending.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        self.checkpoint_with(&Cookies::default())
    }

    /// The same with the cookies of the sign-in, which [`Cookies::of_checkpoint`] reads.
    pub fn checkpoint_with(&self, cookies: &Cookies) -> Option<Checkpoint> {
        Checkpoint::of(self, cookies)
    }

    /// The step that was saved.
    ///
    /// # Errors
    /// If it has expired, or was written by a newer version, or is damaged.
    pub fn from_checkpoint(bytes: &[u8], now: Timestamp) -> Result<Self, CheckpointError> {
        Checkpoint::read(bytes, now)
    }
}

macro_rules! step_conversions {
    ($($variant:ident($inner:ty)),* $(,)?) => {$(
        impl From<$inner> for Step {
            fn from(step: $inner) -> Self {
                Self::$variant(step)
            }
        }

        /// This step, if the sign-in is at it. The error is the step at which it is.
        impl TryFrom<Step> for $inner {
            type Error = Step;

            fn try_from(step: Step) -> Result<Self, Step> {
                match step {
                    Step::$variant(step) => Ok(step),
                    other => Err(other),
                }
            }
        }
    )*};
}

step_conversions! {
    Start(Start), NeedCredentials(NeedCredentials), NeedMethod(NeedMethod), NeedCode(NeedCode),
    NeedMailedCode(NeedMailedCode), NeedResetCode(NeedResetCode), NeedNewPassword(NeedNewPassword),
    SignedIn(SignedIn), Unsupported(Unsupported),
}
