//! Answers to a refresh and to a sign-out.

use crate::{
    answer::{answers, goes_on, issues_a_pair},
    now,
    shown::{all_of, fit_to_show, holds_none},
    steps,
};
use auth_core::{
    ClockReading, HttpResponse, Office,
    attempts::Limits,
    session::{SessionError, SessionPolicy, SignOutAnswer, StoredSession, refresh, sign_out},
};

const KEPT: &[u8] = br#"{"v":1,"office":"front","account":"ann@example.com","client_id":"87",
    "access":{"token":"4ccess-t0ken","created_at":null,"expires_at":null},
    "refresh":{"token":"r3fresh-t0ken","created_at":null,"expires_at":null},
    "received_at":"2026-01-01T12:00:00Z","host_now":null}"#;

/// Gives each answer to a refresh and to a sign-out, of both offices.
pub fn check(data: &[u8]) {
    let kept = StoredSession::decode(KEPT).expect("a session");
    for response in answers(data) {
        for office in [Office::Front, Office::Back] {
            let session = StoredSession { office, ..kept.clone() };
            refreshed(&session, &response);
            signed_out(&session, &response);
        }
    }
}

fn refreshed(session: &StoredSession, response: &HttpResponse) {
    let (request, in_flight) = refresh(session);
    let sent = steps::secrets(request);
    assert_eq!(sent, ["r3fresh-t0ken"]);
    let now = ClockReading::wall_clock_only(now());
    let outcome = in_flight.resume(Ok(response.clone()), &now, &Limits::default());
    let settled = SessionPolicy::default().on_refresh_outcome(session, outcome, &now);
    let went_on = settled.result.is_ok();
    assert!(went_on || !issues_a_pair(response), "{:?}", settled.result);
    assert!(!went_on || goes_on(response), "went on without a token");
    assert_eq!(settled.keep.is_none(), matches!(settled.result, Err(SessionError::Ended)));
    if let Some(kept) = &settled.keep {
        assert_eq!((kept.office, &kept.account), (session.office, &session.account));
        let again = StoredSession::decode(kept.encode().expose()).expect("it can be kept");
        assert_eq!(format!("{again:?}"), format!("{kept:?}"));
        let _ends = (kept.access_token_expires_at(), kept.refresh_token_expires_at());
    }
    if let Err(error) = settled.result {
        holds_none(&all_of(&error), &sent);
        error.server_message().into_iter().for_each(|server_message| fit_to_show(server_message, &sent));
        let ended = matches!(error, SessionError::Ended | SessionError::NotSignedIn);
        assert!(!ended || says_unauthorized(response), "ended by {response:?}");
    }
}

fn signed_out(session: &StoredSession, response: &HttpResponse) {
    let (_, in_flight) = sign_out(session);
    match in_flight.resume(Ok(response.clone()), now(), &Limits::default()) {
        Ok(SignOutAnswer::Revoked) => assert!((200..300).contains(&response.status)),
        Ok(SignOutAnswer::AccessTokenRejected) => assert!(says_unauthorized(response)),
        Err(error) => holds_none(&all_of(&error), &["4ccess-t0ken".to_owned()]),
    }
}

/// The host's own 401, in the status or, with a success, in the body.
fn says_unauthorized(response: &HttpResponse) -> bool {
    let body = response.body.expose();
    response.status == 401
        || ((200..300).contains(&response.status) && body.windows(3).any(|three| three == b"401"))
}
