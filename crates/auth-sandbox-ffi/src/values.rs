//! What a sandbox tells of itself.

use std::time::SystemTime;

use auth_sandbox::{Channel, FaultState, LoggedRequest, Message, Method, Office, UserInfo};

use crate::print::redacted;

/// One of the two offices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SandboxOffice {
    /// For clients.
    Front,
    /// For staff.
    Back,
}

impl SandboxOffice {
    /// The name in a users file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Back => "back",
        }
    }
}

impl From<Office> for SandboxOffice {
    fn from(office: Office) -> Self {
        match office {
            Office::Front => Self::Front,
            Office::Back => Self::Back,
        }
    }
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SandboxChannel {
    /// A text message to a phone.
    Sms,
    /// An e-mail.
    Mail,
}

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SandboxUser {
    /// The e-mail to sign in with.
    pub email: String,
    /// The office.
    pub office: SandboxOffice,
    /// Whether an authenticator app is a second factor.
    pub google: bool,
    /// Whether a text message is a second factor.
    pub sms: bool,
    /// Whether a code is mailed at sign-in.
    pub mailed_code: bool,
    /// Whether the next sign-in leads to a new password.
    pub force_reset: bool,
    /// The id that tokens carry.
    pub client_id: i64,
    /// The phone that text messages go to.
    pub phone: Option<String>,
}

impl From<UserInfo> for SandboxUser {
    fn from(user: UserInfo) -> Self {
        Self {
            google: user.methods.contains(&Method::Google),
            sms: user.methods.contains(&Method::Sms),
            office: user.office.into(),
            mailed_code: user.mailed_code,
            force_reset: user.force_reset,
            client_id: user.client_id.try_into().unwrap_or(i64::MAX),
            phone: user.phone,
            email: user.email,
        }
    }
}

/// A message with a code in it, which a real host would have sent. It prints without the code.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SandboxMessage {
    /// Which way it went.
    pub channel: SandboxChannel,
    /// The phone or the e-mail that it went to.
    pub to: String,
    /// The e-mail of the user it is for.
    pub email: String,
    /// When it was sent, by the sandbox's clock.
    pub sent_at: SystemTime,
    /// The code.
    pub code: String,
}

redacted!(SandboxMessage, |message, f| {
    write!(f, "SandboxMessage({:?} to {})", message.channel, message.to)
});

impl From<Message> for SandboxMessage {
    fn from(message: Message) -> Self {
        let channel = match message.channel {
            Channel::Sms => SandboxChannel::Sms,
            Channel::Mail => SandboxChannel::Mail,
        };
        let code = message.code().to_owned();
        let (to, email, sent_at) = (message.to, message.email, message.sent_at.into());
        Self { channel, to, email, sent_at, code }
    }
}

/// One request to the host, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SandboxRequest {
    /// The HTTP method.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The HTTP status of the answer; 0 while there is none, and where none was given.
    pub status: u16,
    /// The correlation id that came with it.
    pub correlation_id: Option<String>,
    /// The names of the fields in the JSON body, never their values.
    pub body_fields: Vec<String>,
    /// The office that the path belongs to.
    pub office: Option<SandboxOffice>,
    /// The fault that acted on it, as text.
    pub fault: Option<String>,
    /// When it arrived, by the sandbox's clock.
    pub time: SystemTime,
}

impl From<LoggedRequest> for SandboxRequest {
    fn from(request: LoggedRequest) -> Self {
        Self {
            method: request.method,
            path: request.path,
            status: request.status,
            correlation_id: request.correlation_id,
            body_fields: request.body_fields,
            office: request.office.map(SandboxOffice::from),
            fault: request.fault,
            time: request.time.into(),
        }
    }
}

/// A fault that is set, and what it has done.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SandboxFault {
    /// The fault, as text.
    pub fault: String,
    /// How many requests came to its place.
    pub seen: i64,
    /// On how many of them it acted.
    pub acted: i64,
}

impl From<FaultState> for SandboxFault {
    fn from(state: FaultState) -> Self {
        let number = |number: u64| number.try_into().unwrap_or(i64::MAX);
        Self { fault: state.fault.to_string(), seen: number(state.seen), acted: number(state.acted) }
    }
}
