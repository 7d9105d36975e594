//! `b2auth keep-alive`: the sessions of a store are refreshed before they end, for tools that run from time to time only.

use super::accounts::{known, place_as_json, place_as_text};
use crate::{args::KeepAlive as Args, clients::Clients, failure::Failure, interrupts::Interrupts, output};
use auth_client::{
    AccountKey, AuthClient, AuthState, RequestError, Session, SessionError, StateReason, ports::RecordKind,
};
use serde_json::json;
use std::{io, pin::pin, process::ExitCode, time::Duration};
use tokio::{task::JoinSet, time::sleep};

/// How often the store is looked at for sessions that have come.
const RECHECK: Duration = Duration::from_secs(30);

pub(crate) async fn run(clients: &Clients, args: &Args) -> Result<ExitCode, Failure> {
    if args.once { once(clients).await } else { keep(clients).await }
}

/// Each session is refreshed now. The exit code is that of the last one that could not be.
async fn once(clients: &Clients) -> Result<ExitCode, Failure> {
    let mut exit = ExitCode::SUCCESS;
    for (key, session) in sessions(clients, &[]).await? {
        let teller = Teller { key, session, json: clients.global.json };
        let told = match teller.session.refresh().await {
            Ok(()) => teller.tell("refreshed", None),
            Err(failed) => {
                let failure = Failure::from(failed);
                exit = failure.exit();
                teller.tell("failed", Some(&failure))
            }
        };
        told.map_err(Failure::output)?;
    }
    Ok(exit)
}

/// All of them are kept, those that come later too, until the process is asked to end. A refresh under way is waited for after that.
async fn keep(clients: &Clients) -> Result<ExitCode, Failure> {
    let mut interrupts = Interrupts::new()?;
    let (mut keepers, mut kept): (JoinSet<io::Result<AccountKey>>, Vec<AccountKey>) = Default::default();
    let mut is_begun = false;
    loop {
        match sessions(clients, &kept).await {
            Ok(found) => {
                for (key, session) in found {
                    kept.push(key.clone());
                    let client = clients.of(&key)?;
                    keepers.spawn(keep_one(client, Teller { key, session, json: clients.global.json }));
                }
            }
            // What cannot be read at first is a mistake of the call, perhaps; later on it passes.
            Err(failure) if !is_begun => return Err(failure),
            Err(failure) => output::note(format!("b2auth: {}", failure.as_answer(false))),
        }
        is_begun = true;
        tokio::select! {
            _ = interrupts.next() => return Ok(ExitCode::SUCCESS),
            Some(ended) = keepers.join_next() => {
                if let Ok(ended) = ended {
                    let ended = ended.map_err(Failure::output)?;
                    kept.retain(|key| *key != ended);
                }
                // What has ended is not looked at again at once.
                tokio::select! {
                    _ = interrupts.next() => return Ok(ExitCode::SUCCESS),
                    () = sleep(RECHECK) => {}
                }
            }
            () = sleep(RECHECK) => {}
        }
    }
}

/// The sessions that can be refreshed, but those of these accounts.
async fn sessions(clients: &Clients, but: &[AccountKey]) -> Result<Vec<(AccountKey, Session)>, Failure> {
    let mut found = Vec::new();
    for (key, kinds) in known(clients).await? {
        if !kinds.contains(&RecordKind::Session) || but.contains(&key) {
            continue;
        }
        let client = clients.of(&key)?;
        let state = client.auth_state_changes(key.office).next().await.state;
        let session = client.session(key.office).await?.filter(|session| !session.is_expired());
        if let (AuthState::SignedIn { .. }, Some(session)) = (state, session) {
            found.push((key, session));
        }
    }
    Ok(found)
}

/// Refreshes one session until nothing but a new sign-in helps.
async fn keep_one(client: AuthClient, teller: Teller) -> io::Result<AccountKey> {
    let mut changes = client.auth_state_changes(teller.key.office);
    // The first one is what is known.
    changes.next().await;
    let mut refreshing = pin!(teller.session.auto_refresh());
    loop {
        tokio::select! {
            biased;
            ended = &mut refreshing => {
                teller.tell("ended", Some(&failure(ended)))?;
                return Ok(teller.key.clone());
            }
            change = changes.next() => match change.reason {
                StateReason::Refreshed | StateReason::ChangedElsewhere => teller.tell("refreshed", None)?,
                reason @ (StateReason::HostUnavailable | StateReason::StoreUnavailable | StateReason::Recovered) => {
                    teller.tell(reason.as_str(), None)?;
                }
                // The others end it.
                _ => {}
            }
        }
    }
}

fn failure(cause: SessionError) -> Failure {
    RequestError::from(cause).into()
}

/// Says what became of a session: a line each.
struct Teller {
    key: AccountKey,
    session: Session,
    json: bool,
}

impl Teller {
    fn tell(&self, outcome: &str, failure: Option<&Failure>) -> io::Result<()> {
        let (access, refresh) = (self.session.access_expires_at(), self.session.refresh_expires_at());
        if self.json {
            let mut line = place_as_json(&self.key);
            line["account"] = self.session.account().into();
            line["outcome"] = outcome.into();
            match failure {
                Some(failure) => {
                    line["kind"] = failure.kind().into();
                    line["message"] = failure.as_answer(false).into();
                }
                None => {
                    line["access_expires_at"] = output::date(access);
                    line["refresh_expires_at"] = output::date(refresh);
                }
            }
            return output::live(json!(line));
        }
        let place = place_as_text(&self.key, Some(self.session.account()));
        let rest = match (failure, outcome) {
            (Some(failure), _) => format!("{outcome}: {}", failure.as_answer(false)),
            (None, "refreshed") => format!("refreshed, refresh token until {}", output::until(refresh)),
            (None, "host_unavailable") => "the host cannot be reached; it is tried again".to_owned(),
            (None, "store_unavailable") => "the store cannot be used; it is tried again".to_owned(),
            (None, _) => "the host and the store answer again".to_owned(),
        };
        output::live(format!("{place}: {rest}"))
    }
}
