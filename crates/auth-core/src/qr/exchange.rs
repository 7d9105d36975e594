//! The exchange of an authorization token for the tokens of a session.

use super::QrSignInError;
use crate::{
    ApiRequest, CallError, ClockReading, Cookies, DeviceFingerprint, Endpoint, HttpResponse, LockedOut,
    Office,
    attempts::Limits,
    ports::TransportError,
    secret::AuthorizationToken,
    server_message::Secrets,
    session::{RefreshHistory, Sequence, StoredSession},
    wire::{self, Json, Refusal, Reply},
};

/// What a host may call the token where it names the fields that are wrong.
const TOKEN_NAMES: [&str; 3] = ["authorizationToken", "authorization_token", "token"];

/// A code that was approved: its authorization token is exchanged next, once.
#[derive(Debug)]
pub struct ApprovedCode {
    token: AuthorizationToken,
}

/// The exchange is under way.
#[derive(Debug)]
#[must_use = "resume it with the answer to the request"]
pub struct ExchangeInFlight {
    token: AuthorizationToken,
}

/// The exchange brought no session.
#[derive(Debug, thiserror::Error)]
#[error("the approved code brought no session: {cause}")]
pub struct ExchangeFailed {
    /// Why.
    #[source]
    pub cause: QrSignInError,
    /// The approval, if the host cannot have seen it: exchange it again.
    pub approved: Option<ApprovedCode>,
}

impl ApprovedCode {
    pub(super) fn new(token: AuthorizationToken) -> Self {
        Self { token }
    }

    /// `POST /my/signin/qrcodes`. Send it at once: the token is good once, and not for long.
    pub fn exchange(self, fingerprint: &DeviceFingerprint) -> (ApiRequest, ExchangeInFlight) {
        let print = fingerprint.encode();
        // Here the field is in camel case, unlike at the other endpoints.
        let fields = [("deviceFingerprint", print.as_str()), ("authorizationToken", self.token.expose())];
        (ApiRequest::with_fields(Endpoint::QrExchange, &fields), ExchangeInFlight { token: self.token })
    }
}

impl ExchangeInFlight {
    /// The session to save. `now` is the time of the answer.
    ///
    /// # Errors
    /// [`ExchangeFailed`], with the approval if it can be tried again.
    pub fn resume(
        self,
        outcome: Result<HttpResponse, TransportError>,
        now: &ClockReading,
        limits: &Limits,
    ) -> Result<StoredSession, ExchangeFailed> {
        let mut response = match outcome {
            Ok(response) => response,
            Err(error) => {
                let approved = error.was_not_sent().then_some(ApprovedCode { token: self.token });
                return Err(ExchangeFailed { cause: CallError::from(error).into(), approved });
            }
        };
        let host_now = response.date();
        let cause = match wire::read(&mut response, now.wall) {
            Reply::Answer(answer) => match session(&answer, *now, host_now) {
                Some(session) => return Ok(session),
                None => CallError::Protocol { what: "exchanged without a complete pair of tokens" }.into(),
            },
            Reply::Refused(refusal) => self.refused(refusal),
            Reply::LockedOut(wait) => {
                // It was refused before it was looked at.
                let cause = CallError::LockedOut(LockedOut::by_host(wait, limits)).into();
                return Err(ExchangeFailed { cause, approved: Some(ApprovedCode { token: self.token }) });
            }
            Reply::Failed(error) => error.into(),
        };
        Err(ExchangeFailed { cause, approved: None })
    }

    /// The token has just come from the host. If it is refused, somebody else has used it, unless the host says plainly that it
    /// has expired.
    fn refused(&self, mut refusal: Refusal) -> QrSignInError {
        let status = refusal.status;
        refusal.cut(&Secrets::of([self.token.expose()]), "");
        if status != 409 && refusal.is_gone() && !refusal.is_recognized {
            return CallError::NotB2Core { what: "no QR sign-in at this address", status }.into();
        }
        let server_message = refusal.server_message();
        let may_be_used = status == 409 || refusal.says_used() || refusal.says_unknown();
        if status != 409 && refusal.is_about_other_than(&TOKEN_NAMES) {
            return QrSignInError::Refused { server_message };
        }
        if matches!(status, 410 | 419 | 440) || (refusal.says_expired() && !may_be_used) {
            QrSignInError::AuthorizationExpired { server_message }
        } else if status == 403 {
            QrSignInError::Refused { server_message }
        } else {
            QrSignInError::AuthorizationUsed { server_message }
        }
    }
}

fn session(
    answer: &Json<'_>,
    received: ClockReading,
    host_now: Option<crate::Timestamp>,
) -> Option<StoredSession> {
    let tokens = wire::pair(answer)?;
    let client_id = wire::client_id(answer);
    // The documented answer does not say which e-mail is signed in.
    let account = wire::shown(answer, "email").filter(|email| email.contains('@'));
    let account = account.or_else(|| client_id.clone()).unwrap_or_default();
    let refresh_history = RefreshHistory::default();
    Some(StoredSession {
        office: Office::Front,
        account,
        client_id,
        tokens,
        received,
        host_now,
        refresh_history,
        sequence: Sequence::default(),
        cookies: Cookies::default(),
        signing_out: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SecretBytes;

    fn refused(status: u16, body: &str) -> &'static str {
        let code = ApprovedCode::new(AuthorizationToken::new("t"));
        let (_, in_flight) = code.exchange(&DeviceFingerprint::new("test/1"));
        let answer =
            HttpResponse { status, headers: Vec::new(), body: SecretBytes::new(body.as_bytes().to_vec()) };
        let now = ClockReading::wall_clock_only(crate::Timestamp::UNIX_EPOCH);
        in_flight.resume(Ok(answer), &now, &Limits::default()).expect_err("refused").cause.kind()
    }

    #[test]
    fn somebody_else_is_named_only_if_the_token_was_refused() {
        let fingerprint = r#"{"message":"The given data was invalid.","errors":{"deviceFingerprint":["The device fingerprint field is required."]}}"#;
        let token =
            r#"{"message":"The given data was invalid.","errors":{"authorizationToken":["Invalid."]}}"#;
        assert_eq!(refused(422, fingerprint), "refused");
        assert_eq!(refused(422, token), "qr_authorization_used");
        assert_eq!(refused(409, ""), "qr_authorization_used");
        assert_eq!(refused(404, ""), "not_b2core");
    }
}
