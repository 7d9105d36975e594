//! The display's code: from the host's answer to the end of its lifetime.

use super::{ApprovedCode, QrProtocol, QrSignInError, payload};
use crate::{
    ApiRequest, CallError, ClockReading, Endpoint, Host, HttpResponse, LockedOut, Timestamp,
    attempts::Limits,
    ports::{ChannelSubscription, TransportError},
    secret::{AuthorizationToken, ChannelName, QrChannelId, QrPayload, SecretBytes},
    server_message::Secrets,
    wire::{self, Json, Reply},
};
use std::{sync::Arc, time::Duration};

/// A display without a code: it asks the host for one.
#[derive(Clone, Debug)]
pub struct NeedQrCode {
    host: Host,
    protocol: Arc<QrProtocol>,
}

/// The request for a code is under way.
#[derive(Debug)]
#[must_use = "resume it with the answer to the request"]
pub struct CodeInFlight {
    from: NeedQrCode,
    sent: ClockReading,
}

/// The host's answer to a display that asked for a code.
#[derive(Debug)]
pub enum CodeAnswer {
    /// A code to show.
    Code(Box<QrCode>),
    /// The host has no QR sign-in, or it is switched off.
    NotAvailable,
}

/// A code that a display can show, for as long as it [is usable](Self::is_usable).
///
/// Whoever is signed in and has the [payload](Self::payload) can approve this sign-in. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct QrCode {
    pub(super) protocol: Arc<QrProtocol>,
    id: QrChannelId,
    channel: ChannelName,
    payload: QrPayload,
    ip: Option<String>,
    location: Option<String>,
    /// Before the request was sent: the host's lifetime began later.
    begun: ClockReading,
    lifetime: Duration,
    host: Host,
}

/// What an event of the live channel means for a code.
#[derive(Debug)]
pub enum CodeEvent {
    /// It was approved.
    Approved(ApprovedCode),
    /// Whoever scanned it declined.
    Declined,
    /// The host says that it has expired, or its lifetime is over.
    Expired,
    /// Nothing: another event, or one without a token.
    Ignored,
}

impl NeedQrCode {
    /// A display at this host.
    pub fn new(host: Host, protocol: Arc<QrProtocol>) -> Self {
        Self { host, protocol }
    }

    /// `GET /my/signin/qrcodes`. `now` is the time when the request is sent.
    pub fn request(&self, now: ClockReading) -> (ApiRequest, CodeInFlight) {
        (ApiRequest::without_body(Endpoint::QrCode), CodeInFlight { from: self.clone(), sent: now })
    }
}

impl CodeInFlight {
    /// The code, from the host's answer or the transport's error. `now` is the time of the answer.
    ///
    /// # Errors
    /// [`QrSignInError::Call`]: no usable answer. [`QrSignInError::Refused`]: the host gives no code to this client.
    pub fn resume(
        self,
        outcome: Result<HttpResponse, TransportError>,
        now: Timestamp,
        limits: &Limits,
    ) -> Result<CodeAnswer, QrSignInError> {
        let mut response = outcome.map_err(CallError::from)?;
        if matches!(response.status, 404 | 405 | 410 | 501) {
            return Ok(CodeAnswer::NotAvailable);
        }
        match wire::read(&mut response, now) {
            Reply::Answer(answer) => self.read(&answer).map(CodeAnswer::Code),
            Reply::Refused(refusal) if matches!(refusal.status, 404 | 405 | 410 | 501) => {
                Ok(CodeAnswer::NotAvailable)
            }
            Reply::Refused(mut refusal) => {
                refusal.cut(&Secrets::of([]), "");
                Err(QrSignInError::Refused { server_message: refusal.server_message() })
            }
            Reply::LockedOut(wait) => Err(CallError::LockedOut(LockedOut::by_host(wait, limits)).into()),
            Reply::Failed(error) => Err(error.into()),
        }
    }

    fn read(self, answer: &Json<'_>) -> Result<Box<QrCode>, QrSignInError> {
        let Self { from: NeedQrCode { host, protocol }, sent } = self;
        let id = answer.field("id").and_then(wire::channel_id);
        let id = id.ok_or(CallError::Protocol { what: "a code without the id of its channel" })?;
        Ok(Box::new(QrCode {
            channel: protocol.channel_name(&id),
            payload: payload::write(protocol.payload, &host, &id),
            ip: wire::shown(answer, "ip"),
            location: wire::shown(answer, "location"),
            begun: sent,
            lifetime: wire::lifetime(answer),
            id,
            protocol,
            host,
        }))
    }
}

impl QrCode {
    /// The text to show as a QR code.
    pub fn payload(&self) -> &QrPayload {
        &self.payload
    }

    /// The id of the sign-in channel.
    pub fn channel_id(&self) -> &QrChannelId {
        &self.id
    }

    /// The name under which the host publishes this channel's events.
    pub fn channel_name(&self) -> &ChannelName {
        &self.channel
    }

    /// The name of the event that brings the approval.
    pub fn event(&self) -> &str {
        &self.protocol.event
    }

    /// The address of this screen, as the host sees it.
    pub fn ip(&self) -> Option<&str> {
        self.ip.as_deref()
    }

    /// Where the host takes this screen to be, by its address.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// When the lifetime ends by our wall clock, which may be set meanwhile: for display. [`time_left`](Self::time_left) decides.
    pub fn expires_at(&self) -> Timestamp {
        self.begun.wall.checked_add(self.lifetime).unwrap_or(Timestamp::MAX)
    }

    /// How long the code lives in all.
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// How much of the lifetime is left.
    pub fn time_left(&self, now: &ClockReading) -> Duration {
        now.since(&self.begun).remaining(self.lifetime)
    }

    /// False once the lifetime is over: the code must not be shown any more, and no approval of it is taken.
    pub fn is_usable(&self, now: &ClockReading) -> bool {
        !self.time_left(now).is_zero()
    }

    /// The live channel to watch. Show the code only when the subscription stands: an approval before is lost.
    pub fn subscription(&self, user_agent: &str) -> ChannelSubscription {
        self.protocol.subscription(&self.host, self.channel.clone(), user_agent)
    }

    /// What an event of the live channel means.
    pub fn on_event(&self, name: &str, data: &SecretBytes, now: &ClockReading) -> CodeEvent {
        let QrProtocol { event, declined_event, expired_event, token_fields, .. } = &*self.protocol;
        let is = |wanted: &str| is_event(name, wanted);
        if !(is(event) || is(declined_event) || is(expired_event)) {
            return CodeEvent::Ignored;
        }
        if is(expired_event) || !self.is_usable(now) {
            return CodeEvent::Expired;
        }
        if is(declined_event) {
            return CodeEvent::Declined;
        }
        let token = Json::read(data.expose()).and_then(|data| wire::authorization_token(&data, token_fields));
        token.map_or(CodeEvent::Ignored, |token| CodeEvent::Approved(ApprovedCode::new(token)))
    }

    /// The approval of this code, learned in another way than by the live channel.
    ///
    /// # Errors
    /// The code has expired.
    pub fn complete(
        &self,
        token: AuthorizationToken,
        now: &ClockReading,
    ) -> Result<ApprovedCode, QrSignInError> {
        if self.is_usable(now) { Ok(ApprovedCode::new(token)) } else { Err(QrSignInError::NoCode) }
    }
}

/// Laravel's events are named by their class, and may be written with a leading dot or backslash.
fn is_event(name: &str, wanted: &str) -> bool {
    let bare = |name: &str| name.trim_start_matches(['.', '\\']).to_owned();
    bare(name) == bare(wanted)
}
