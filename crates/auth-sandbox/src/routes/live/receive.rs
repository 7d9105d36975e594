//! What a client says, whatever carries it.

use crate::host::Host;
use crate::live::{Authorization, ClientEvent, End, Packet, Session, is_private, refused_subscription};
use crate::users::Office;

/// Takes one packet. What is none ends the session.
pub(super) fn receive(host: &Host, session: &Session, text: &str) {
    session.note_received();
    match Packet::read(text) {
        Some(Packet::Ping(data)) => session.push(format!("3{data}")),
        Some(Packet::Message(message)) => take(host, session, ClientEvent::read(message)),
        Some(Packet::Upgrade | Packet::Ignored) => {}
        Some(Packet::Close) | None => session.end(End::Closed),
    }
}

fn take(host: &Host, session: &Session, event: ClientEvent) {
    match event {
        ClientEvent::Subscribe { channel, authorization } => {
            if is_private(&channel) && !is_allowed(host, &authorization) {
                session.push(refused_subscription(&channel, &authorization));
            } else {
                session.subscribe(channel);
            }
        }
        ClientEvent::Unsubscribe { channel } => session.unsubscribe(&channel),
        ClientEvent::Leave => session.leave_all(),
        ClientEvent::Nothing => {}
    }
}

/// A private channel takes whoever has a good access token of the front office.
fn is_allowed(host: &Host, authorization: &Authorization) -> bool {
    match authorization {
        Authorization::Bearer(Some(token)) => {
            host.tables().sessions.bearer(Office::Front, token, host.now()).is_ok()
        }
        Authorization::Bearer(None) | Authorization::NoHeaders => false,
    }
}
