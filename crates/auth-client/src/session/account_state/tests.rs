use super::*;
use crate::{
    AuthClient, StateReason,
    ports::{Transport, TransportError, TransportFailure},
};
use auth_core::{HttpRequest, HttpResponse, Office, session::StoredSession};

struct NoTransport;

#[async_trait::async_trait]
impl Transport for NoTransport {
    async fn send(&self, _request: HttpRequest) -> Result<HttpResponse, TransportFailure> {
        Err(TransportError::Unreachable.into())
    }
}

fn account() -> Arc<AccountState> {
    let client = AuthClient::builder("https://broker.example").transport(NoTransport);
    let client = client.store(auth_store::MemoryStore::new()).build().expect("a client");
    client.account(Office::Front).clone()
}

fn active(session_id: u64) -> Arc<ActiveSession> {
    let token = r#"{"token":"a","created_at":null,"expires_at":null}"#;
    let record = format!(
        r#"{{"v":2,"office":"front","account":"ann@example.com","access":{token},"refresh":{token},
            "received_at":"2026-01-01T00:00:00Z","host_now":null}}"#
    );
    let session = StoredSession::decode(record.as_bytes()).expect("a session");
    ActiveSession::new(Some(SessionId(session_id)), session)
}

#[test]
fn what_comes_late_of_the_last_session_does_not_touch_the_next_one() {
    let account = account();
    account.publish(active(1), StateReason::SignedIn);
    let before = account.publications();
    account.publish(active(2), StateReason::SignedIn);
    account.clear(Some(SessionId(1)), StateReason::SignedOutElsewhere);
    account.update_if_current(SessionId(1), active(1), Some(StateReason::Refreshed));
    assert!(!account.publish_if_newest(before, active(1), None));
    assert!(account.session_of(SessionId(2)).is_ok());
    account.clear(Some(SessionId(2)), StateReason::SignedOut);
    account.update_if_current(SessionId(2), active(2), Some(StateReason::Refreshed));
    assert!(account.active().is_none(), "a refresh that ends late does not bring it back");
}

#[test]
fn health_is_news_once_and_keeps_the_state() {
    let account = account();
    let mut changes = account.changes();
    account.publish(active(1), StateReason::SignedIn);
    assert_eq!(changes.borrow_and_update().as_ref().map(|change| change.health), Some(Health::Healthy));
    account.set_health(Health::HostUnavailable);
    let change = changes.borrow_and_update().clone().expect("a change");
    assert!(matches!(change.state, AuthState::SignedIn { .. }));
    assert_eq!((change.reason, change.health), (StateReason::HostUnavailable, Health::HostUnavailable));
    account.set_health(Health::HostUnavailable);
    account.store_answered();
    assert!(!changes.has_changed().expect("the account is there"), "nothing new");
    account.set_health(Health::Healthy);
    assert_eq!(
        changes.borrow_and_update().as_ref().map(|change| change.reason),
        Some(StateReason::Recovered)
    );
}

#[test]
fn an_older_pair_does_not_take_the_place_of_a_newer_one() {
    let account = account();
    let old = active(1);
    let tokens = || old.session.tokens.clone();
    let later = |by| auth_core::ClockReading {
        wall: old.session.received.wall.checked_add(std::time::Duration::from_secs(by)).expect("a date"),
        boot: None,
    };
    let newer = ActiveSession::new(Some(SessionId(1)), old.session.with_tokens(tokens(), later(1), None));
    let newest = ActiveSession::new(Some(SessionId(1)), newer.session.with_tokens(tokens(), later(2), None));
    account.publish(newer.clone(), StateReason::SignedIn);
    account.update_if_current(SessionId(1), old, None);
    assert!(account.active().is_some_and(|active| Arc::ptr_eq(&active, &newer)));
    account.update_if_current(SessionId(1), newest.clone(), None);
    assert!(account.active().is_some_and(|active| Arc::ptr_eq(&active, &newest)));
}
