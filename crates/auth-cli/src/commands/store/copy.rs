//! `b2auth store copy`: all records of one store into another, or none of them.

use super::held;
use crate::{
    args::Global, failure::Failure, messages, output, store_args::CopyArgs, store_choice, store_opening,
    store_spec::StoreSpec,
};
use auth_client::ports::{Record, RecordKey, RecordKind, SessionStore, StoreError, WriteCondition};
use auth_core::visible;
use auth_messages::Message;
use serde_json::json;
use std::{collections::HashMap, process::ExitCode};

pub(crate) async fn run(global: &Global, args: CopyArgs) -> Result<ExitCode, Failure> {
    let CopyArgs { from, to, replace } = args;
    let (from, to) = (store_choice::resolved(&from)?, store_choice::resolved(&to)?);
    if [&from, &to].contains(&&StoreSpec::Memory) {
        return Err(Failure::wrong_call("copy_memory"));
    }
    let (source, target) =
        (store_opening::open(&from, global.timeout)?, store_opening::open(&to, global.timeout)?);
    if from.is_same_place(&to) {
        return Err(Failure::wrong_call("copy_same"));
    }
    let seen = source.load_all().await?;
    let _in_source = held::hold(&*source, &seen).await?;
    let _in_target = held::hold(&*target, &seen).await?;
    // Again, now that nobody changes the sessions.
    let records = source.load_all().await?;
    let found = by_key(target.load_all().await?);
    let mut writes = Vec::new();
    for (key, record) in &records {
        let condition = match found.get(key) {
            Some(there) if there.is_same(record) => continue,
            Some(_) if !replace => return Err(Failure::differs_there(key)),
            Some(there) => WriteCondition::Replacing(there.session_id),
            None => WriteCondition::Unconditional,
        };
        writes.push((key.clone(), record.clone(), condition));
    }
    if !writes.is_empty() {
        target.save_all(&writes).await?;
    }
    if !is_unchanged(&*source, &records).await? {
        return Err(Failure::changed_meanwhile());
    }
    let is_used = store_choice::follow(&from, &to)?;
    let done = tell(global, &records, writes.len())?;
    if is_used {
        let note = Message::new("copy-is-used").with("store", visible(&to.as_variable().to_string_lossy()));
        output::note(format!("b2auth: {}", messages::say(&note)));
    }
    Ok(done)
}

/// Whether nobody has written to the store since it was read.
async fn is_unchanged(store: &dyn SessionStore, read: &[(RecordKey, Record)]) -> Result<bool, StoreError> {
    let now = by_key(store.load_all().await?);
    let is_there = |(key, record): &(RecordKey, Record)| now.get(key).is_some_and(|now| now.is_same(record));
    Ok(now.len() == read.len() && read.iter().all(is_there))
}

fn by_key(records: Vec<(RecordKey, Record)>) -> HashMap<RecordKey, Record> {
    records.into_iter().collect()
}

fn tell(global: &Global, records: &[(RecordKey, Record)], copied: usize) -> Result<ExitCode, Failure> {
    let sessions = records.iter().filter(|(key, _)| key.kind == RecordKind::Session).count();
    let there_already = records.len() - copied;
    let text = if global.json {
        json!({ "copied": copied, "there_already": there_already, "sessions": sessions }).to_string()
    } else {
        format!("copied: {copied} records; there already: {there_already}; sessions among them: {sessions}")
    };
    output::data(text).map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}
