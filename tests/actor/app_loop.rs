//! An app that asks for a token again and again, and watches who is signed in. It tells what has changed only.

use std::sync::Arc;
use std::time::Duration;

use auth_client::{AuthState, Office};
use serde_json::json;

use crate::calls::Actor;
use crate::report::report;

/// Between two rounds: a busy app, that leaves the others some of the processor.
const PAUSE: Duration = Duration::from_millis(15);

/// Starts both.
pub(crate) fn start(actor: &Arc<Actor>) {
    tokio::spawn(ask(actor.clone()));
    tokio::spawn(watch(actor.clone()));
}

async fn ask(actor: Arc<Actor>) {
    let mut last = serde_json::Value::Null;
    loop {
        let answer = actor.call("access_token", &json!({})).await;
        if answer != last {
            report(&json!({"loop": answer}));
            last = answer;
        }
        let _begins_what_is_due = actor.call("cached", &json!({})).await;
        tokio::time::sleep(PAUSE).await;
    }
}

async fn watch(actor: Arc<Actor>) {
    let mut changes = actor.client.auth_state_changes(Office::Front);
    loop {
        let change = changes.next().await;
        let account = match &change.state {
            AuthState::SignedIn { account } | AuthState::ReauthenticationRequired { account } => {
                account.clone()
            }
            AuthState::SignedOut | AuthState::Unavailable => String::new(),
        };
        report(&json!({
            "state": change.state.as_str(), "reason": change.reason.as_str(), "account": account,
        }));
    }
}
