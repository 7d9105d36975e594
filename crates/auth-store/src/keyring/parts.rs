//! Bytes of any length in entries of a small size.

use super::entries::{Entries, MAX_ENTRY_BYTES};
use crate::sealing::hex;
use auth_core::ports::StoreError;
use blake2::{Blake2b, Digest, digest::consts::U16};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// More parts than any record needs: a keyring is no place for more.
const MAX_PARTS: u32 = 4096;

/// Where some bytes lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Parts {
    generation: u64,
    /// The number of the first part.
    first: u32,
    count: u32,
    /// Of all parts together.
    bytes: u64,
    /// Tells bytes that are not the ones that were written, by damage. It is no protection: whoever can write here can write it too.
    sum: String,
}

impl Parts {
    /// The names of the entries.
    pub(super) fn names(&self) -> impl DoubleEndedIterator<Item = String> + use<> {
        let generation = self.generation;
        (self.first..self.first.saturating_add(self.count)).map(move |n| name(generation, n))
    }

    /// The bytes; nothing if some are missing, or others are there.
    pub(super) fn read(&self, entries: &dyn Entries) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let most = u64::from(self.count) * MAX_ENTRY_BYTES as u64;
        if self.count > MAX_PARTS || self.bytes > most {
            return Ok(None);
        }
        // Room for all of it at once, so that no outgrown buffer stays behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(self.bytes).unwrap_or(0)));
        for name in self.names() {
            let Some(part) = entries.get(&name)? else { return Ok(None) };
            if bytes.len() + part.len() > bytes.capacity() {
                return Ok(None);
            }
            bytes.extend_from_slice(&part);
        }
        let is_whole = bytes.len() as u64 == self.bytes && sum(&bytes) == self.sum;
        Ok(is_whole.then_some(bytes))
    }

    /// Removes them.
    pub(super) fn remove(&self, entries: &dyn Entries) -> Result<(), StoreError> {
        self.names().try_for_each(|name| entries.remove(&name))
    }
}

/// Writes the parts of one change. They count when the root names them.
pub(super) struct Writer<'a> {
    entries: &'a dyn Entries,
    generation: u64,
    written: u32,
}

impl<'a> Writer<'a> {
    pub(super) fn new(entries: &'a dyn Entries, generation: u64) -> Self {
        Self { entries, generation, written: 0 }
    }

    /// Writes some bytes.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<Parts, StoreError> {
        let first = self.written;
        let chunks = bytes.chunks(MAX_ENTRY_BYTES);
        let count = u32::try_from(chunks.len()).ok().filter(|count| *count <= MAX_PARTS);
        let count = count.ok_or(StoreError::failed())?;
        for chunk in chunks {
            self.entries.set(&name(self.generation, self.written), chunk)?;
            self.written += 1;
        }
        Ok(Parts { generation: self.generation, first, count, bytes: bytes.len() as u64, sum: sum(bytes) })
    }

    /// Removes what a change of this generation that was cut off has left. From the end, so that what is left is found if this
    /// is cut off too.
    pub(super) fn remove_leftovers(&self) -> Result<(), StoreError> {
        let mut end = self.written;
        while self.entries.get(&name(self.generation, end))?.is_some() {
            end += 1;
        }
        (self.written..end).rev().try_for_each(|n| self.entries.remove(&name(self.generation, n)))
    }
}

fn name(generation: u64, n: u32) -> String {
    format!("part-{generation}-{n}")
}

fn sum(bytes: &[u8]) -> String {
    hex(&Blake2b::<U16>::digest(bytes))
}
