//! What an answer to a refresh says about the session, and which refusal ends it: [`ends_session`].
//!
//! What follows for the record is decided in
//! [`SessionPolicy::on_refresh_outcome`](super::SessionPolicy::on_refresh_outcome).

use super::StoredSession;
use crate::{CallError, ServerMessage, TokenPair, server_message::Secrets, wire::Refusal};

/// The outcome of a refresh.
#[derive(Clone, Debug)]
#[must_use]
pub enum RefreshOutcome {
    /// The host issued a complete pair.
    Refreshed(Box<StoredSession>),
    /// The host ended the session: a 401 in the documented error envelope.
    Ended,
    /// The host refused the refresh without ending the session.
    Refused {
        /// The host's message.
        server_message: ServerMessage,
    },
    /// A 401 in any other form: it may come from a proxy or a gateway.
    Unrecognized401,
    /// No answer that says anything about the session.
    Kept {
        /// What came instead.
        error: CallError,
        /// The host cannot have seen the request.
        was_not_sent: bool,
    },
}

/// True if this refusal of a refresh ends the session: a 401 in the error envelope that the documents show. Any other 401 is no
/// proof, since a proxy, a gateway or another site may have sent it. No other status ends a session.
fn ends_session(refusal: &Refusal) -> bool {
    refusal.status == 401 && refusal.is_documented
}

impl RefreshOutcome {
    /// No answer about the session, to a request that the host may have seen.
    pub(super) fn kept(error: CallError) -> Self {
        Self::Kept { error, was_not_sent: false }
    }

    /// What a refusal of the refresh of this session means.
    pub(super) fn of_refusal(mut refusal: Refusal, session: &StoredSession) -> Self {
        if ends_session(&refusal) {
            return Self::Ended;
        }
        if refusal.status == 401 {
            return Self::Unrecognized401;
        }
        if refusal.is_gone() && !refusal.is_recognized {
            let what = "no refresh at this address";
            return Self::kept(CallError::NotB2Core { what, status: refusal.status });
        }
        let TokenPair { access, refresh } = &session.tokens;
        let secrets = Secrets::of([access.token.expose(), refresh.token.expose()]);
        let secrets = secrets.and(session.cookies.telling_values());
        refusal.cut(&secrets, &session.account);
        Self::Refused { server_message: refusal.server_message() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ClockReading, HttpResponse, Timestamp, attempts::Limits, secret::SecretBytes, session::refresh,
    };

    fn outcome(status: u16, body: &str) -> RefreshOutcome {
        let session = StoredSession::decode(
            br#"{"v":2,"office":"front","account":"ann@example.com",
                "access":{"token":"4ccess","created_at":null,"expires_at":null},
                "refresh":{"token":"r3fresh","created_at":null,"expires_at":null},
                "received_at":"2026-01-01T00:00:00Z","host_now":null}"#,
        );
        let body = SecretBytes::new(body.as_bytes().to_vec());
        let response = HttpResponse { status, headers: Vec::new(), body };
        let now = ClockReading::wall_clock_only(Timestamp::UNIX_EPOCH);
        refresh(&session.unwrap()).1.resume(Ok(response), &now, &Limits::default())
    }

    #[test]
    fn only_a_401_in_the_documented_envelope_ends_the_session() {
        const RECOGNIZED: &str = r#"{"error":{"code":0,"message":"no: r3fresh"}}"#;
        assert!(matches!(outcome(401, RECOGNIZED), RefreshOutcome::Ended));
        assert!(matches!(
            outcome(401, r#"{"error":{"code":0,"details":[{"issue":"Unauthenticated"}]}}"#),
            RefreshOutcome::Ended
        ));
        assert!(matches!(
            outcome(401, r#"{"error":{"code":401,"message":"no","details":[]}}"#),
            RefreshOutcome::Ended
        ));
        for body in [
            "",
            "{}",
            r#"{"detail":"Unauthorized"}"#,
            r#"{"message":"Unauthorized"}"#,
            r#"{"message":"No API key found in request"}"#,
            r#"{"error":"proxy_auth_required"}"#,
            r#"{"error":{}}"#,
            r#"{"error":{"code":401}}"#,
            r#"{"error":{"code":401,"message":"Unauthorized"}}"#,
            r#"{"error":{"code":"401","message":"Access denied due to missing subscription key."}}"#,
            r#"{"error":{"code":0,"message":"no"},"request_id":"f3"}"#,
            r#"{"error":{"code":1000,"message":"No API key found in request"},"gateway":"apim"}"#,
            r#"{"error":{"code":"unauthorized","message":"no"}}"#,
            r#"{"error":{"code":401,"message":"no","status":"UNAUTHENTICATED"}}"#,
            r#"{"errors":[]}"#,
            r#"{"errors":[{"code":401}]}"#,
            r#"{"reason":"x"}"#,
            r#"{"workflow":"login"}"#,
            r#"{"meta":{},"status":401}"#,
        ] {
            assert!(matches!(outcome(401, body), RefreshOutcome::Unrecognized401), "{body}");
        }
        for status in [400, 403, 404, 409, 410, 422] {
            let RefreshOutcome::Refused { server_message } = outcome(status, RECOGNIZED) else {
                panic!("{status}")
            };
            assert_eq!(server_message.lines(), ["no: …"], "the token is cut out");
        }
        for status in [404, 410] {
            let kept = outcome(status, "{}");
            assert!(matches!(kept, RefreshOutcome::Kept { was_not_sent: false, .. }), "{status}");
        }
    }
}
