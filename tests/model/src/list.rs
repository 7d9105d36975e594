//! Changes of the list of revocations, each by the core's [`Revocations`] and in one step: in `auth-client` the list's own lock is held
//! around them (`change` in `session/revocation_list.rs`).

use crate::{record::Record, setup::Faults};
use auth_core::session::Revocations;

/// Mirrors `Revocations::push`.
pub fn push(list: &mut Vec<Record>, faults: Faults, record: Record) {
    if faults.list_by_session {
        remove(list, faults, record);
        list.push(record);
        return;
    }
    change(list, |list| list.push(record.session_id(), record.session()));
}

/// Mirrors `Revocations::remove`.
pub fn remove(list: &mut Vec<Record>, faults: Faults, record: Record) {
    if faults.list_by_session {
        list.retain(|entry| entry.pair.session != record.pair.session);
        return;
    }
    change(list, |list| list.remove(&record.session()));
}

/// Mirrors `Revocations::abandon`.
pub fn abandon(list: &mut Vec<Record>, faults: Faults, record: Record) {
    if faults.list_by_session {
        return remove(list, faults, record);
    }
    change(list, |list| list.abandon(&record.session()));
}

/// Mirrors `Revocations::replace`.
pub fn replace(list: &mut Vec<Record>, record: Record, by: Record) {
    change(list, |list| list.replace(record.session_id(), &record.session(), &by.session()));
}

fn change<T>(list: &mut Vec<Record>, change: impl FnOnce(&mut Revocations) -> T) {
    let mut real = Revocations::default();
    for entry in list.iter() {
        real.push(entry.session_id(), entry.session());
    }
    change(&mut real);
    *list = real.entries().iter().map(|entry| Record::of(&entry.session)).collect();
}
