//! The records of a file that was opened with its key, and its table of them.

use super::{
    container::Container,
    format::{DamagedRecord, SealedRecord, VERSION},
    table::{Entry, Place, Table},
};
use crate::local::{paths::StorePaths, record_keys::RecordKeys, seal::Seal};
use auth_core::{
    AccountKey,
    ports::{Record, RecordKey, RecordKind, StoreError},
};
use serde_json::value::RawValue;
use std::{collections::BTreeMap, sync::Arc};

/// A file's records. What the table does not bear out counts as damaged, for each record by itself; without its table a file is
/// damaged as a whole, since any of its records could be another one's, or an old one.
pub(super) struct Records {
    container: Container,
    keys: Arc<RecordKeys>,
    table: Table,
}

const NO_RECORD: &str = "it is not in the form of a record";
/// Of a file of version 1, or one that was.
const NOT_SAID: &str = "it does not say whose it is";

impl Records {
    /// Those of a new file.
    pub(super) fn new(seal: Seal, keys: Arc<RecordKeys>) -> Self {
        let container = Container::new(seal, &keys);
        Self { container, keys, table: Table::default() }
    }

    /// Those of a file; the error is what is wrong with it as a whole.
    pub(super) fn open(container: Container, keys: Arc<RecordKeys>) -> Result<Self, &'static str> {
        let table = match (container.version, &container.table) {
            (VERSION, Some(sealed)) => {
                keys.open_table(sealed).ok_or("the table of its records was changed")?
            }
            (VERSION, None) => return Err("the table of its records is missing"),
            (_, Some(_)) => return Err("it has a table, and a version that had none"),
            (_, None) => table_of_version_1(&container, &keys),
        };
        Ok(Self { container, keys, table })
    }

    /// The check of the keys that they are sealed with.
    pub(super) fn check(&self) -> &str {
        self.keys.check()
    }

    pub(super) fn len(&self) -> usize {
        self.container.records.len()
    }

    /// The record under a key; the error is what is wrong with it.
    pub(super) fn record(&self, key: &RecordKey) -> Option<Result<Record, &'static str>> {
        let name = self.keys.name(key);
        let (entry, value) = (self.table.0.get(&name), self.container.records.get(&name));
        Some(match (entry, value) {
            // In a file of version 1 it may have got another name. A session is what must not be missed.
            (None, None) if key.kind == RecordKind::Session && self.has_unknown() => Err(NOT_SAID),
            (None, None) => return None,
            (None, Some(_)) => Err("it is not in the table of the file's records"),
            (Some(_), None) => Err("it is in the table of the file's records, and missing"),
            (Some(entry), Some(value)) => match serde_json::from_str::<SealedRecord>(value.get()) {
                Err(_) => Err(NO_RECORD),
                Ok(sealed) if entry.nonce.as_ref() != Some(&sealed.nonce) => {
                    Err("it is not the one that was last written")
                }
                Ok(sealed) => self.keys.open(entry.version, key, &sealed),
            },
        })
    }

    /// True if the file is called version 1 and the record under a key is of version 2: somebody has taken the table away.
    pub(super) fn has_lost_its_table(&self, key: &RecordKey) -> bool {
        let sealed = self.container.records.get(&self.keys.name(key));
        self.container.version != VERSION
            && sealed
                .and_then(|sealed| serde_json::from_str::<SealedRecord>(sealed.get()).ok())
                .is_some_and(|sealed| self.keys.open(VERSION, key, &sealed).is_ok())
    }

    /// The places of all records, also of those that are missing or damaged.
    ///
    /// # Errors
    /// What is wrong with a file that was of version 1, or is called so, and does not say of all its records whose they are: a list
    /// without them would say that nobody is there.
    pub(super) fn places(&self) -> Result<Vec<RecordKey>, &'static str> {
        let place = |entry: &Entry| match &entry.place {
            Place::Known(key) => Ok(key.clone()),
            Place::Unsaid | Place::Damaged => Err(NOT_SAID),
        };
        self.table.0.values().map(place).collect()
    }

    pub(super) fn put(&mut self, key: &RecordKey, record: &Record) -> Result<(), StoreError> {
        let name = self.keys.name(key);
        let sealed = self.keys.seal(key, record)?;
        let value = serde_json::value::to_raw_value(&sealed).map_err(|_| StoreError::failed())?;
        let place = Place::Known(key.clone());
        let entry = Entry { nonce: Some(sealed.nonce), version: VERSION, place };
        self.table.0.insert(name.clone(), entry);
        self.container.records.insert(name, value);
        self.claim(&key.account);
        Ok(())
    }

    /// Says of an account's records whose they are, where the oldest programs have not. Only one with the key can give such a name.
    fn claim(&mut self, account: &AccountKey) {
        for kind in RecordKind::ALL {
            let key = RecordKey { account: account.clone(), kind };
            let entry = self.table.0.get_mut(&self.keys.name(&key));
            if let Some(entry) = entry.filter(|entry| entry.place == Place::Unsaid) {
                entry.place = Place::Known(key);
            }
        }
    }

    /// Moves a record to the damaged ones, under whatever name it lies. With it go those of which nobody can tell whose they are.
    pub(super) fn quarantine(&mut self, key: &RecordKey, cause: &'static str) {
        let name = self.keys.name(key);
        // In the place of one that is missing lies what has its nonce.
        let lies_at = match (self.table.0.remove(&name), self.container.records.contains_key(&name)) {
            (Some(entry), false) => self.name_of_sealing(&entry),
            _ => Some(name.clone()),
        };
        if let Some(record) = lies_at.and_then(|at| self.container.records.remove(&at)) {
            self.container.damaged.push(DamagedRecord { name, cause: cause.to_owned(), record });
        }
        self.quarantine_unknown();
    }

    /// Drops a record and the damaged ones of the same key, and with a session what has no place at all; false if there was nothing.
    pub(super) fn remove(&mut self, key: &RecordKey) -> bool {
        let name = self.keys.name(key);
        let Container { records, damaged, .. } = &mut self.container;
        let before = (records.len(), damaged.len());
        let was_listed = self.table.0.remove(&name).is_some();
        damaged.retain(|damaged| damaged.name != name);
        records.remove(&name);
        if key.kind == RecordKind::Session {
            records.retain(|name, _| self.table.0.contains_key(name));
        }
        was_listed || before != (records.len(), damaged.len())
    }

    /// Puts this in the place of the store's file. Needs the store's lock.
    pub(super) fn write(mut self, paths: &StorePaths) -> Result<(), StoreError> {
        if self.container.version != VERSION {
            self.upgrade()?;
        }
        self.container.table = Some(self.keys.seal_table(&self.table)?);
        self.container.write(paths)
    }

    /// Seals all of it anew with other keys. What does not open goes into quarantine, as it is. Gives how many records were sealed.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if it cannot be told of each record whose it is: without that it has no name under the new key.
    pub(super) fn rekey(&mut self, seal: Seal, keys: Arc<RecordKeys>) -> Result<usize, StoreError> {
        let places = self.places().map_err(|cause| StoreError::Corrupt { cause })?;
        let mut anew = Self::new(seal, keys);
        let mut names = BTreeMap::new();
        for key in &places {
            match self.record(key) {
                Some(Ok(record)) => anew.put(key, &record)?,
                Some(Err(cause)) => self.quarantine(key, cause),
                None => {}
            }
            for key in RecordKind::ALL.map(|kind| RecordKey { account: key.account.clone(), kind }) {
                names.insert(self.keys.name(&key), anew.keys.name(&key));
            }
        }
        // So that the end of a session takes them along, as ever.
        anew.container.damaged = std::mem::take(&mut self.container.damaged);
        for damaged in &mut anew.container.damaged {
            if let Some(name) = names.get(&damaged.name) {
                damaged.name.clone_from(name);
            }
        }
        *self = anew;
        Ok(self.len())
    }

    /// Seals the records of version 1 anew, so that none of them opens in a file without a table. What does not open stays as it is,
    /// to be reported, and what does not say whose it is until something of its account is written.
    fn upgrade(&mut self) -> Result<(), StoreError> {
        let known = self.table.0.values().filter_map(|entry| match &entry.place {
            Place::Known(key) if entry.version != VERSION => Some(key.clone()),
            _ => None,
        });
        for key in known.collect::<Vec<_>>() {
            if let Some(Ok(record)) = self.record(&key) {
                self.put(&key, &record)?;
            }
        }
        self.container.version = VERSION;
        Ok(())
    }

    fn has_unknown(&self) -> bool {
        self.table.0.values().any(|entry| entry.place == Place::Damaged)
    }

    fn quarantine_unknown(&mut self) {
        let Self { container, table, .. } = self;
        table.0.retain(|name, entry| {
            let is_unknown = entry.place == Place::Damaged;
            if is_unknown && let Some(record) = container.records.remove(name) {
                let cause = NOT_SAID.to_owned();
                container.damaged.push(DamagedRecord { name: name.clone(), cause, record });
            }
            !is_unknown
        });
    }

    /// Where a record lies that is not under its name.
    fn name_of_sealing(&self, entry: &Entry) -> Option<String> {
        let is_it = |name: &str, value: &RawValue| {
            !self.table.0.contains_key(name)
                && serde_json::from_str::<SealedRecord>(value.get())
                    .is_ok_and(|sealed| entry.nonce.as_ref() == Some(&sealed.nonce))
        };
        self.container.records.iter().find(|(name, value)| is_it(name, value)).map(|(name, _)| name.clone())
    }
}

/// All that there is: a file of version 1 has nothing that would say more.
fn table_of_version_1(container: &Container, keys: &RecordKeys) -> Table {
    let entry = |name: &str, value: &str| match serde_json::from_str::<SealedRecord>(value) {
        Ok(sealed) => {
            let known = |whose| keys.open_place(name, &whose).map_or(Place::Damaged, Place::Known);
            let place = sealed.whose.map_or(Place::Unsaid, known);
            Entry { nonce: Some(sealed.nonce), version: 1, place }
        }
        Err(_) => Entry { nonce: None, version: 1, place: Place::Damaged },
    };
    let entries = container.records.iter().map(|(name, value)| (name.clone(), entry(name, value.get())));
    Table(entries.collect())
}
