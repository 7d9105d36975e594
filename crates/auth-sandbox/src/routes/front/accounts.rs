//! `GET /accounts`: what is behind the access token of a client.

use std::sync::Arc;

use crate::accounts::Account;
use crate::host::Host;
use crate::render::{Answer, Issue, Refusal};
use crate::routes::call::Call;
use crate::users::Office;

/// How many are listed where the client does not say, and at most.
const LIMIT: usize = 50;
const MOST: usize = 1_000;

pub(super) async fn accounts(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let token = call.bearer.as_deref().ok_or(Refusal::BadToken)?;
    let now = host.now();
    let client_id = {
        let tables = host.tables();
        let user = tables.sessions.bearer(Office::Front, token, now).map_err(|_| Refusal::BadToken)?;
        tables.users.user(user).client_id
    };
    let limit = number(&call, "limit", LIMIT)?.min(MOST);
    let offset = number(&call, "offset", 0)?;
    let page = (0..host.accounts).skip(offset).take(limit).map(|place| Account::of(client_id, place));
    Ok(Answer::Accounts { total: host.accounts, page: page.collect() })
}

/// A whole number of the query.
fn number(call: &Call, field: &'static str, default: usize) -> Result<usize, Refusal> {
    let Some(text) = call.parameter(field) else { return Ok(default) };
    text.parse().map_err(|_| {
        Refusal::BadInput(vec![Issue {
            field,
            text: format!("The {field} parameter must be a whole number from 0 up"),
        }])
    })
}
