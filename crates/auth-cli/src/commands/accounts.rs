//! `b2auth accounts`

use super::status::pending_step;
use crate::{args::Accounts, clients::Clients, failure::Failure, output};
use auth_client::{
    AccountKey, AuthState,
    ports::{RecordKind, StoreError},
};
use auth_core::visible;
use serde_json::{Value, json};
use std::{collections::BTreeSet, process::ExitCode};

/// What the store has of an account.
struct Account {
    key: AccountKey,
    email: Option<String>,
    signed_in: bool,
    /// Why not, or why not for long: `session_ended`, `reauthentication_required`, `store_corrupt`.
    reason: Option<&'static str>,
    pending: Option<&'static str>,
    /// A revocation that the host has not received yet.
    sign_out_waits: bool,
}

pub(crate) async fn run(clients: &Clients, args: Accounts) -> Result<ExitCode, Failure> {
    if args.profiles {
        return profiles(clients).await;
    }
    let mut accounts = Vec::new();
    for (key, kinds) in known(clients).await? {
        let account = look(clients, key, kinds.contains(&RecordKind::Revocations)).await?;
        // What was pending may have expired by now.
        let nothing = account.email.is_none() && account.reason.is_none() && account.pending.is_none();
        if !nothing || account.sign_out_waits {
            accounts.push(account);
        }
    }
    let text = if clients.global.json {
        let accounts: Vec<Value> = accounts.iter().map(Account::as_json).collect();
        json!({ "accounts": accounts }).to_string()
    } else if accounts.is_empty() {
        "no accounts".to_owned()
    } else {
        accounts.iter().map(Account::as_text).collect::<Vec<_>>().join("\n")
    };
    output::data(text).map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}

/// Each name once; nothing where there is none.
async fn profiles(clients: &Clients) -> Result<ExitCode, Failure> {
    let names: BTreeSet<String> =
        known(clients).await?.into_iter().map(|(key, _)| key.profile.as_str().to_owned()).collect();
    if clients.global.json {
        output::data(json!({ "profiles": names })).map_err(Failure::output)?;
    } else if !names.is_empty() {
        output::data(names.into_iter().collect::<Vec<_>>().join("\n")).map_err(Failure::output)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The accounts of the store in a steady order, each with the slots that it has records in.
pub(crate) async fn known(clients: &Clients) -> Result<Vec<(AccountKey, Vec<RecordKind>)>, Failure> {
    let mut known: Vec<(AccountKey, Vec<RecordKind>)> = Vec::new();
    for key in clients.keys().await?.into_iter().filter(|key| key.kind != RecordKind::Attempts) {
        match known.iter_mut().find(|(account, _)| *account == key.account) {
            Some((_, kinds)) => kinds.push(key.kind),
            None => known.push((key.account, vec![key.kind])),
        }
    }
    known.sort_by_cached_key(|(account, _)| {
        (account.host.to_string(), account.profile.as_str().to_owned(), account.office.as_str())
    });
    Ok(known)
}

async fn look(clients: &Clients, key: AccountKey, sign_out_waits: bool) -> Result<Account, Failure> {
    let client = clients.of(&key)?;
    let pending = pending_step(&client, key.office).await?;
    let (email, signed_in, reason) = match client.session(key.office).await {
        Ok(None) => match client.session_end(key.office).await? {
            Some(end) => (Some(end.account), false, Some("session_ended")),
            None => (None, false, None),
        },
        Ok(Some(session)) => {
            let email = Some(session.account().to_owned());
            if session.is_expired() {
                (email, false, Some("session_ended"))
            } else {
                let state = client.auth_state_changes(key.office).next().await.state;
                let refused = matches!(state, AuthState::ReauthenticationRequired { .. });
                (email, true, refused.then_some("reauthentication_required"))
            }
        }
        // One damaged record does not hide the others.
        Err(error @ StoreError::Corrupt { .. }) => (None, false, Some(error.kind())),
        Err(error) => return Err(error.into()),
    };
    Ok(Account { key, email, signed_in, reason, pending, sign_out_waits })
}

impl Account {
    fn as_json(&self) -> Value {
        let mut account = place_as_json(&self.key);
        account["account"] = self.email.clone().into();
        account["signed_in"] = self.signed_in.into();
        if let Some(reason) = self.reason {
            account["reason"] = reason.into();
        }
        if let Some(step) = self.pending {
            account["pending_step"] = step.into();
        }
        if self.sign_out_waits {
            account["sign_out_waits"] = true.into();
        }
        account
    }

    fn as_text(&self) -> String {
        let state = match (self.signed_in, self.reason) {
            (_, Some("session_ended")) => "the session has ended",
            (_, Some("reauthentication_required")) => "signed in, but the host does not refresh the session",
            (_, Some(_)) => "not signed in: its record is damaged",
            (true, None) => "signed in",
            (false, None) => "not signed in",
        };
        let mut text = format!("{}: {state}", place_as_text(&self.key, self.email.as_deref()));
        if let Some(step) = self.pending {
            text.push_str(&format!("; a sign-in waits at the step {step}"));
        }
        if self.sign_out_waits {
            text.push_str("; a sign-out waits for the host");
        }
        text
    }
}

/// Where an account is kept, and who it is.
pub(crate) fn place_as_text(key: &AccountKey, email: Option<&str>) -> String {
    let AccountKey { profile, host, office } = key;
    format!(
        "{} at {host} ({office} office, profile {})",
        visible(email.unwrap_or("nobody")),
        profile.as_str()
    )
}

/// Where an account is kept.
pub(crate) fn place_as_json(key: &AccountKey) -> Value {
    json!({
        "profile": key.profile.as_str(),
        "host": key.host.to_string(),
        "office": key.office.as_str(),
    })
}
