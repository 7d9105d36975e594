//! `b2auth store rekey`: all records of a store sealed anew with another key.

use crate::{
    args::Global, failure::Failure, output, secret_file, store_args::RekeyArgs, store_choice, store_opening,
    store_spec::StoreSpec,
};
use auth_client::store::{NewKey, StorePassphrase};
use serde_json::json;
use std::process::ExitCode;

pub(crate) async fn run(global: &Global, args: RekeyArgs) -> Result<ExitCode, Failure> {
    let named = args.place.as_ref().or(global.store.as_ref()).unwrap_or(&StoreSpec::Auto);
    let place = store_choice::resolved(named)?;
    let key = match &args.new_passphrase_file {
        Some(file) => {
            let text = secret_file::read("--new-passphrase-file", file, global.timeout)?;
            NewKey::Passphrase(StorePassphrase::new(text.as_str()))
        }
        None if !args.new_key_file && store_opening::is_sealed_by_passphrase() => {
            return Err(Failure::wrong_call("rekey_key"));
        }
        None => NewKey::KeyFile,
    };
    let records = store_opening::rekey(&place, key, global.timeout).await?;
    let text = if global.json {
        json!({ "records": records }).to_string()
    } else {
        format!("sealed anew: {records} records")
    };
    output::data(text).map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}
