//! `b2auth signout`

use super::accounts;
use crate::{args::Signout, clients::Clients, failure::Failure, messages, output};
use auth_client::{AccountKey, RequestError, RevocationStatus, SessionError, SignedOut};
use auth_messages::Message;
use serde_json::{Value, json};
use std::{io, process::ExitCode};
use tokio::task::JoinSet;

pub(crate) async fn run(clients: &Clients, args: Signout) -> Result<ExitCode, Failure> {
    if args.all {
        return all(clients).await;
    }
    let client = clients.here()?;
    let signed_out = client.sign_out(clients.global.office).await;
    clients.leave_alone(client.host());
    let signed_out = signed_out?;
    if was_unread(&signed_out) {
        return Err(Failure::signed_out_unread());
    }
    tell(&signed_out);
    let revoked = signed_out.revocation == RevocationStatus::Revoked;
    let text = if clients.global.json {
        json!({"signed_out": true, "account": signed_out.account, "revoked": revoked}).to_string()
    } else {
        match &signed_out.account {
            Some(account) => format!("signed out {account}"),
            None => "the pending sign-in was removed".to_owned(),
        }
    };
    output::data(text).map_err(not_told)?;
    Ok(ExitCode::SUCCESS)
}

/// The answer was lost, the sign-out was not.
fn not_told(why: io::Error) -> Failure {
    Failure::output_after(why, Message::new("signed-out-all-the-same"))
}

/// Everybody in the store, and whoever the options name: a record of an older program may not say whose it is. All at once,
/// so that a host that does not answer keeps nobody else signed in.
async fn all(clients: &Clients) -> Result<ExitCode, Failure> {
    let mut places: Vec<AccountKey> =
        accounts::known(clients).await?.into_iter().map(|(key, _)| key).collect();
    if clients.global.host().is_some() {
        let (client, office) = (clients.here()?, clients.global.office);
        let here = AccountKey { profile: client.profile().clone(), host: client.host().clone(), office };
        if !places.contains(&here) {
            places.push(here);
        }
    }
    let mut leaving = JoinSet::new();
    for (at, place) in places.iter().enumerate() {
        let (client, office) = (clients.of(place)?, place.office);
        leaving.spawn(async move { (at, client.sign_out(office).await) });
        clients.leave_alone(&place.host);
    }
    let mut outcomes = leaving.join_all().await;
    outcomes.sort_by_key(|(at, _)| *at);
    report(clients.global.json, &places, outcomes)
}

fn report(
    as_json: bool,
    places: &[AccountKey],
    outcomes: Vec<(usize, Result<SignedOut, RequestError<SessionError>>)>,
) -> Result<ExitCode, Failure> {
    let (mut gone, mut failed) = (Vec::new(), None);
    for (at, outcome) in outcomes {
        match outcome {
            Ok(signed_out) => gone.push((&places[at], signed_out)),
            // Only a sign-out waits there.
            Err(RequestError { cause: SessionError::NotSignedIn, .. }) => {}
            Err(failure) => failed = failed.or(Some(failure)),
        }
    }
    let before = gone.len();
    gone.retain(|(_, signed_out)| !was_unread(signed_out));
    let unread = gone.len() < before;
    gone.iter().for_each(|(_, signed_out)| tell(signed_out));
    let mut told = Ok(());
    if !as_json {
        for (place, SignedOut { account, .. }) in &gone {
            let place = accounts::place_as_text(place, account.as_deref());
            told = told.and(output::data(format!("signed out {place}")));
        }
    }
    if let Some(failure) = failed {
        return Err(failure.into());
    }
    if unread {
        return Err(Failure::signed_out_unread());
    }
    told.map_err(not_told)?;
    if gone.is_empty() {
        return Err(RequestError::from(SessionError::NotSignedIn).into());
    }
    if as_json {
        let gone: Vec<Value> = gone.iter().map(|(place, signed_out)| as_value(place, signed_out)).collect();
        output::data(json!({"signed_out": true, "accounts": gone})).map_err(not_told)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A damaged record was removed: nobody knows whose tokens it had, and the host was not told.
fn was_unread(signed_out: &SignedOut) -> bool {
    signed_out.account.is_none() && signed_out.revocation == RevocationStatus::NotRevoked
}

fn as_value(place: &AccountKey, signed_out: &SignedOut) -> Value {
    let mut value = accounts::place_as_json(place);
    value["account"] = signed_out.account.clone().into();
    value["revoked"] = (signed_out.revocation == RevocationStatus::Revoked).into();
    value
}

/// Says on standard error what the host does not know.
fn tell(signed_out: &SignedOut) {
    let note = match signed_out.revocation {
        RevocationStatus::Revoked | RevocationStatus::NothingToRevoke => return,
        RevocationStatus::Pending => Message::new("revoked-later"),
        RevocationStatus::NotRevoked => Message::new("not-revoked"),
    };
    let note = match &signed_out.cause {
        Some(cause) => note.then(cause.into()),
        None => note,
    };
    output::note(format!("b2auth: {}", messages::say(&note)));
}
