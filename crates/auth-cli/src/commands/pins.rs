//! `b2auth pins`

use crate::{clients::Clients, failure::Failure, messages, output};
use auth_client::Host;
use auth_messages::Message;
use serde_json::{Value, json};
use std::process::ExitCode;

pub(crate) async fn run(clients: &Clients) -> Result<ExitCode, Failure> {
    let host = clients.global.host().ok_or_else(|| Failure::wrong_call("no_host"))?;
    let host = Host::parse(host).map_err(|error| Failure::wrong_call(error.kind()))?;
    let keys = clients.unpinned_options()?.host_keys(&host).await?;
    let name = |is_own| if is_own { "host" } else { "issuer" };
    if clients.global.json {
        let pins: Vec<Value> =
            keys.iter().map(|key| json!({"pin": key.pin.to_string(), "of": name(key.is_own)})).collect();
        output::data(json!({"host": host.to_string(), "pins": pins})).map_err(Failure::output)?;
    } else {
        for key in &keys {
            output::data(format!("{} {}", key.pin, name(key.is_own))).map_err(Failure::output)?;
        }
        output::note(messages::say(&Message::new("pin-in-reserve")));
    }
    Ok(ExitCode::SUCCESS)
}
