//! The decision of an approver: approve or decline, once.

use super::{QrApprovalError, QrContext, QrProtocol, ScannedCode};
use crate::{
    ApiRequest, CallError, Endpoint, HttpResponse, LockedOut, Timestamp,
    attempts::Limits,
    ports::TransportError,
    secret::AccessToken,
    server_message::Secrets,
    wire::{self, Refusal, Reply},
};

/// An approval or a refusal by the user is under way.
#[derive(Debug)]
#[must_use = "resume it with the answer to the request"]
pub struct DecisionInFlight {
    context: QrContext,
    token: AccessToken,
}

/// The host did not take the decision.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct DecisionRejected {
    /// Why.
    #[source]
    pub cause: QrApprovalError,
    /// The context, if nothing was decided: the host cannot have seen the request, or refused it before it looked at the code.
    pub context: Option<Box<QrContext>>,
}

impl QrContext {
    /// `POST /my/signin/tokens`: the other screen is signed in as this account. Send it once.
    pub fn approve(self, token: AccessToken) -> (ApiRequest, DecisionInFlight) {
        let request = code_request(Endpoint::QrApprove, &self.protocol, &self.code, token.clone());
        (request, DecisionInFlight { context: self, token })
    }

    /// Tells the host that the user declines. `None` where the host cannot be told: no document names such a call, and the code
    /// then expires by itself.
    pub fn decline(self, token: AccessToken) -> Option<(ApiRequest, DecisionInFlight)> {
        if !self.protocol.decline {
            return None;
        }
        let request = code_request(Endpoint::QrDecline, &self.protocol, &self.code, token.clone());
        Some((request, DecisionInFlight { context: self, token }))
    }
}

impl DecisionInFlight {
    /// The host's answer. `now` is the time of the answer.
    ///
    /// # Errors
    /// [`DecisionRejected`], with the context if the user may decide again.
    pub fn resume(
        self,
        outcome: Result<HttpResponse, TransportError>,
        now: Timestamp,
        limits: &Limits,
    ) -> Result<(), DecisionRejected> {
        let Self { context, token } = self;
        let mut response = match outcome {
            Ok(response) => response,
            Err(error) if error.was_not_sent() => return Err(undecided(context, CallError::from(error))),
            Err(error) => return Err(decided(QrApprovalError::Uncertain(error.into()))),
        };
        if matches!(response.status, 405 | 501) {
            return Err(undecided(context, QrApprovalError::NotAvailable));
        }
        if wire::is_bare_success(&response) {
            return Ok(());
        }
        let secrets = Secrets::of([context.code.channel_id().expose(), token.expose()]);
        match wire::read(&mut response, now) {
            Reply::Answer(_) => Ok(()),
            Reply::Refused(refusal) => match on_refusal(refusal, &secrets) {
                cause @ (QrApprovalError::Unauthorized | QrApprovalError::NotAvailable) => {
                    Err(undecided(context, cause))
                }
                cause => Err(decided(cause)),
            },
            Reply::LockedOut(wait) => {
                Err(undecided(context, CallError::LockedOut(LockedOut::by_host(wait, limits))))
            }
            Reply::Failed(CallError::NotB2Core { status: 404, .. }) => {
                Err(undecided(context, QrApprovalError::NotAvailable))
            }
            // A portal or a proxy answered; the host has not seen it.
            Reply::Failed(error @ (CallError::NotB2Core { .. } | CallError::Redirected { .. })) => {
                Err(undecided(context, error))
            }
            Reply::Failed(error) => Err(decided(QrApprovalError::Uncertain(error))),
        }
    }
}

fn undecided(context: QrContext, cause: impl Into<QrApprovalError>) -> DecisionRejected {
    DecisionRejected { cause: cause.into(), context: Some(Box::new(context)) }
}

fn decided(cause: QrApprovalError) -> DecisionRejected {
    DecisionRejected { cause, context: None }
}

/// A call about a code, by who holds this token. No document says how the id is called here: it is sent under each name that
/// the protocol has.
pub(super) fn code_request(
    endpoint: Endpoint,
    protocol: &QrProtocol,
    code: &ScannedCode,
    token: AccessToken,
) -> ApiRequest {
    let id = code.channel_id().expose();
    let fields: Vec<(&str, &str)> = protocol.id_fields.iter().map(|name| (name.as_str(), id)).collect();
    ApiRequest::with_fields(endpoint, &fields).authorized_by(token)
}

/// What a refusal of a call about a code means. No document says how hosts refuse: the status decides, then the words.
pub(super) fn on_refusal(mut refusal: Refusal, sent: &Secrets) -> QrApprovalError {
    if refusal.status == 401 {
        return QrApprovalError::Unauthorized;
    }
    if refusal.status == 404 && !refusal.is_recognized {
        return QrApprovalError::NotAvailable;
    }
    refusal.cut(sent, "");
    let server_message = refusal.server_message();
    match refusal.status {
        409 => QrApprovalError::AlreadyUsed { server_message },
        _ if refusal.says_used() => QrApprovalError::AlreadyUsed { server_message },
        404 | 410 | 419 | 440 => QrApprovalError::Expired { server_message },
        _ if refusal.says_expired() => QrApprovalError::Expired { server_message },
        _ => QrApprovalError::Refused { server_message },
    }
}
