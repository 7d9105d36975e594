//! After a command's own work: refreshes under way are waited for, and hosts are notified of sign-outs that have not reached
//! them. Nothing here delays what the command prints, or makes it fail; a sign-out that cannot be delivered any more is a note.
//!
//! A host that takes none is left alone for a growing time (`Revocations` in `auth-core`). A command stays shorter for another host
//! than its own.

use crate::{clients::Clients, messages, output};
use auth_client::{AccountKey, Host, ports::RecordKind};
use auth_messages::Message;
use std::time::Duration;
use tokio::{task::JoinSet, time::timeout};

/// How long a command stays to tell its host of earlier sign-outs.
const MAX_STAY: Duration = Duration::from_secs(2);
/// How long for the others, which answer in this time if they are well.
const MAX_STAY_FOR_OTHERS: Duration = Duration::from_secs(1);

/// Waits for refreshes under way, so that the process does not end in the middle of one.
pub(crate) async fn wait_for_refresh(clients: &Clients) {
    for client in clients.made() {
        client.wait_for_refresh().await;
    }
}

/// Whose sign-outs wait for a host that may be there.
pub(crate) async fn waiting(clients: &Clients) -> Vec<AccountKey> {
    let keys = clients.listed_or_now().await;
    let waiting = keys.into_iter().filter(|key| key.kind == RecordKind::Revocations).map(|key| key.account);
    waiting.filter(|account| !clients.is_left_alone(&account.host)).collect()
}

/// Tells the hosts, for a short time. What is not told by then waits for a later command.
pub(crate) async fn tell(clients: &Clients, waiting: Vec<AccountKey>) {
    let own: Option<Host> = clients.here().ok().map(|client| client.host().clone());
    let (own, others): (Vec<_>, Vec<_>) =
        waiting.into_iter().partition(|account| own.as_ref() == Some(&account.host));
    tokio::join!(tell_within(clients, own, MAX_STAY), tell_within(clients, others, MAX_STAY_FOR_OTHERS));
}

async fn tell_within(clients: &Clients, waiting: Vec<AccountKey>, stay: Duration) {
    let mut delivering = JoinSet::new();
    for account in waiting {
        if let Ok(client) = clients.of(&account) {
            delivering.spawn(async move { client.deliver_pending_revocations(account.office).await });
        }
    }
    let told = async {
        while let Some(told) = delivering.join_next().await {
            match told {
                Ok(Err(error)) => tracing::debug!(error = error.kind(), "sign-outs still wait"),
                // Nothing more is sent for it, so it is said now.
                Ok(Ok(list)) if list.abandoned > 0 => {
                    output::note(format!("b2auth: {}", messages::say(&Message::new("not-revoked"))));
                }
                _ => {}
            }
        }
    };
    if timeout(stay, told).await.is_err() {
        tracing::debug!("a host takes its time: sign-outs still wait");
    }
}
