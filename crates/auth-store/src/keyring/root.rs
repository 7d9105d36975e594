//! The root: the entry that names all others. It is written in one step, so it is where a change begins to count.

use super::{
    entries::{Entries, MAX_ENTRY_BYTES},
    lost::{KeyringLost, lost},
    parts::{Parts, Writer},
};
use crate::sealing::{Format, hex, random};
use auth_core::ports::StoreError;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};
use zeroize::Zeroizing;

/// The name of its entry.
pub(super) const ROOT: &str = "store";
const VERSION: u32 = 1;
pub(super) const FORMAT: Format = Format { name: "b2auth-keyring", version: VERSION };

#[derive(Debug, Serialize, Deserialize)]
struct Root {
    format: String,
    version: u32,
    id: String,
    generation: u64,
    table: Place,
}

/// The table is in the root if there is room for it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Place {
    Here(Table),
    Apart(Parts),
}

/// What the store holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Table {
    /// By the names that [`RecordKey`](auth_core::ports::RecordKey) gives itself.
    pub(super) records: BTreeMap<String, Row>,
    /// Parts that nothing names any more, which the last change was to remove.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    spent: Vec<Parts>,
}

/// A record of the store.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) session_id: u64,
    pub(super) body: Parts,
    /// It did not read, and was reported: it counts as none, and goes with the next write or removal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_damaged: bool,
}

/// A store as it was read.
pub(super) struct State {
    pub(super) id: String,
    generation: u64,
    pub(super) table: Table,
    /// Where the table lies, if it is not in the root.
    apart: Option<Parts>,
    /// It is not in the keyring yet.
    is_new: bool,
}

/// What is wrong with a root.
pub(super) const DAMAGED: &str = "the list of the keyring's records does not read";

/// How a root may be read.
pub(super) enum Reading {
    Absent,
    Found(State),
    /// Not complete: it is damaged, or was replaced while it was read.
    Incomplete(Zeroizing<Vec<u8>>),
}

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u64,
}

/// Reads the root and the table.
///
/// # Errors
/// [`StoreError::NotAStore`] if another program has an entry of this name, [`StoreError::Newer`].
pub(super) fn read(entries: &dyn Entries) -> Result<Reading, StoreError> {
    let Some(bytes) = entries.get(ROOT)? else { return Ok(Reading::Absent) };
    let Ok(root) = serde_json::from_slice::<Root>(&bytes) else {
        return match serde_json::from_slice::<Head>(&bytes) {
            Ok(head) if head.format == FORMAT.name && head.version > u64::from(VERSION) => {
                Err(newer(head.version))
            }
            _ if is_marked(&bytes) => Ok(Reading::Incomplete(bytes)),
            _ => Err(StoreError::NotAStore { path: PathBuf::from("the keyring's entry") }),
        };
    };
    if root.format != FORMAT.name {
        return Err(StoreError::NotAStore { path: PathBuf::from("the keyring's entry") });
    }
    if root.version != VERSION {
        return Err(newer(root.version.into()));
    }
    let (table, apart) = match root.table {
        Place::Here(table) => (Some(table), None),
        Place::Apart(parts) => {
            let read = parts.read(entries)?;
            (read.and_then(|read| serde_json::from_slice(&read).ok()), Some(parts))
        }
    };
    Ok(match table {
        Some(table) => {
            Reading::Found(State { id: root.id, generation: root.generation, table, apart, is_new: false })
        }
        None => Reading::Incomplete(bytes),
    })
}

fn newer(found: u64) -> StoreError {
    StoreError::Newer { found: u32::try_from(found).unwrap_or(u32::MAX), supported: VERSION }
}

/// True for bytes that begin as every root of ours.
fn is_marked(bytes: &[u8]) -> bool {
    bytes.starts_with(format!(r#"{{"format":"{}""#, FORMAT.name).as_bytes())
}

impl State {
    /// A store that is not there yet.
    pub(super) fn new() -> Result<Self, StoreError> {
        let id = hex(&*random::<16>()?);
        Ok(Self { id, generation: 0, table: Table::default(), apart: None, is_new: true })
    }

    /// One in the place of one that was set aside. It does not count from the beginning: the parts of that one keep their names.
    pub(super) fn beside_quarantine() -> Result<Self, StoreError> {
        let generation = u64::from(u32::from_le_bytes(*random::<4>()?));
        Ok(Self { generation, ..Self::new()? })
    }

    /// The names of all entries that the root names.
    pub(super) fn part_names(&self) -> Vec<String> {
        let bodies = self.table.records.values().map(|row| &row.body);
        bodies.chain(&self.table.spent).chain(&self.apart).flat_map(Parts::names).collect()
    }

    /// Begins a change: removes what the last one was to remove.
    pub(super) fn begin<'a>(&mut self, entries: &'a dyn Entries) -> Result<Writer<'a>, StoreError> {
        self.remove_spent(entries)?;
        self.table.spent.clear();
        self.generation += 1;
        Ok(Writer::new(entries, self.generation))
    }

    /// Removes what the last change was to remove.
    pub(super) fn remove_spent(&self, entries: &dyn Entries) -> Result<(), StoreError> {
        self.table.spent.iter().try_for_each(|parts| parts.remove(entries))
    }

    /// Makes the change count, and removes the parts that it has replaced; gives the state after it. `before` is done when all is written but the root.
    ///
    /// # Errors
    /// Nothing was changed then.
    pub(super) fn commit(
        mut self,
        mut writer: Writer<'_>,
        replaced: Vec<Parts>,
        entries: &dyn Entries,
        before: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        self.table.spent = replaced;
        self.table.spent.extend(self.apart.take());
        let mut bytes = self.as_root(Place::Here(self.table.clone()))?;
        if bytes.len() > MAX_ENTRY_BYTES {
            let apart = writer.put(&as_json(&self.table)?)?;
            bytes = self.as_root(Place::Apart(apart.clone()))?;
            self.apart = Some(apart);
        }
        writer.remove_leftovers()?;
        before()?;
        if !self.is_new {
            self.is_still_there(entries)?;
        }
        entries.set(ROOT, &bytes)?;
        // It counts now. What cannot be removed is listed in the root, for the next change.
        if let Err(error) = self.remove_spent(entries) {
            tracing::warn!(error = error.kind(), "what was replaced in the keyring could not be removed yet");
        }
        Ok(self)
    }

    /// A keyring may have been started anew since the root was read, without any entries: with the root alone, all other records would count as
    /// damaged.
    fn is_still_there(&self, entries: &dyn Entries) -> Result<(), StoreError> {
        match read(entries)? {
            Reading::Found(there) if there.id == self.id && there.generation + 1 == self.generation => Ok(()),
            // As it was when this change began, or it was replaced by somebody who does not keep to the lock.
            Reading::Incomplete(_) | Reading::Found(_) => {
                Err(StoreError::unavailable("the keyring was changed meanwhile by somebody else: try again"))
            }
            Reading::Absent => Err(lost(KeyringLost::Absent)),
        }
    }

    fn as_root(&self, table: Place) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        as_json(&Root {
            format: FORMAT.name.to_owned(),
            version: VERSION,
            id: self.id.clone(),
            generation: self.generation,
            table,
        })
    }
}

fn as_json(value: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    serde_json::to_vec(value).map(Zeroizing::new).map_err(|_| StoreError::failed())
}
