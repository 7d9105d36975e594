//! The rows of a database, in a transaction.

use super::{
    row::{self, Name},
    trouble::Trouble,
};
use crate::local::{record_keys::RecordKeys, seal::Seal};
use auth_core::ports::{KeyPage, Record, RecordKey, RecordKind, SessionId, StoreCursor, StoreError};
use rusqlite::{OptionalExtension, Row, Transaction, params, types::ValueRef};

/// The records, for whoever has the keys.
pub(super) struct Records<'a> {
    transaction: &'a Transaction<'a>,
    keys: &'a RecordKeys,
}

/// How the key of a database is found, and the value that only the right one gives.
pub(super) fn seal(transaction: &Transaction<'_>) -> Result<(Seal, String), Trouble> {
    let mut row = transaction.prepare_cached("SELECT seal, key_check FROM store WHERE only = 1")?;
    let (seal, check) = row.query_row([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let seal: Seal = serde_json::from_str(&seal)
        .map_err(|_| Trouble::Damaged("the database does not say how its key is found"))?;
    if seal.is_sound() {
        Ok((seal, check))
    } else {
        Err(Trouble::Damaged("the database asks for a key derivation out of bounds"))
    }
}

impl<'a> Records<'a> {
    pub(super) fn new(transaction: &'a Transaction<'a>, keys: &'a RecordKeys) -> Self {
        Self { transaction, keys }
    }

    /// The check of the keys that they are sealed with.
    pub(super) fn check(&self) -> &str {
        self.keys.check()
    }

    /// The record under a key; the inner error is what is wrong with it.
    pub(super) fn record(&self, key: &RecordKey) -> Result<Option<Result<Record, &'static str>>, Trouble> {
        let mut rows =
            self.transaction.prepare_cached("SELECT session_id, body FROM records WHERE name = ?1")?;
        let found = rows.query_row([row::name(self.keys, key)], |found| {
            Ok(match (found.get_ref(0)?, found.get_ref(1)?) {
                (ValueRef::Integer(id), ValueRef::Blob(body)) => {
                    row::open(self.keys, key, SessionId(id.cast_unsigned()), body)
                }
                _ => Err("it is not in the form of a record"),
            })
        });
        Ok(found.optional()?)
    }

    pub(super) fn put(&self, key: &RecordKey, record: &Record) -> Result<(), Trouble> {
        let name = row::name(self.keys, key);
        let body = row::seal(self.keys, key, record)?;
        self.transaction
            .prepare_cached(
                "INSERT INTO records (name, session_id, body) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (name) DO UPDATE SET session_id = excluded.session_id, body = excluded.body",
            )?
            .execute(params![name, record.session_id.0.cast_signed(), body])?;
        self.put_place(key, &name)
    }

    /// Whose it is, unless that is said already.
    fn put_place(&self, key: &RecordKey, name: &Name) -> Result<(), Trouble> {
        let mut said = self.transaction.prepare_cached("SELECT whose FROM places WHERE name = ?1")?;
        let said = said.query_row([name], |row| {
            let whose = row.get_ref(0)?.as_blob().ok();
            Ok(whose.and_then(|whose| row::open_place(self.keys, whose, name)))
        });
        if said.optional()?.flatten().as_ref() == Some(key) {
            return Ok(());
        }
        let whose = row::seal_place(self.keys, key, name)?;
        let mut put = self.transaction.prepare_cached(
            "INSERT INTO places (name, whose) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET whose = excluded.whose",
        )?;
        put.execute(params![name, whose])?;
        Ok(())
    }

    /// Moves a record to the damaged ones.
    pub(super) fn quarantine(&self, key: &RecordKey, cause: &'static str) -> Result<(), Trouble> {
        let name = row::name(self.keys, key);
        self.transaction.execute(
            "INSERT INTO damaged (name, cause, session_id, body) \
             SELECT name, ?2, session_id, body FROM records WHERE name = ?1",
            params![name, cause],
        )?;
        self.transaction.execute("DELETE FROM records WHERE name = ?1", [name])?;
        self.transaction.execute("DELETE FROM places WHERE name = ?1", [name])?;
        Ok(())
    }

    /// Drops a record and the damaged ones of the same key; false if there was nothing.
    pub(super) fn remove(&self, key: &RecordKey) -> Result<bool, Trouble> {
        let name = row::name(self.keys, key);
        let mut removed = 0;
        for statement in [
            "DELETE FROM records WHERE name = ?1",
            "DELETE FROM places WHERE name = ?1",
            "DELETE FROM damaged WHERE name = ?1",
        ] {
            removed += self.transaction.prepare_cached(statement)?.execute([name])?;
        }
        Ok(removed > 0)
    }

    /// The places of all records; the inner error is what is wrong with one of them.
    pub(super) fn places(&self) -> Result<Result<Vec<RecordKey>, &'static str>, Trouble> {
        let mut rows = self.transaction.prepare_cached("SELECT name, whose FROM places")?;
        let mut rows = rows.query([])?;
        let mut places = Vec::new();
        while let Some(found) = rows.next()? {
            let (name, whose) = (found.get_ref(0)?.as_blob(), found.get_ref(1)?.as_blob());
            let (Ok(name), Ok(whose)) = (name, whose) else { return Ok(Err(NOT_SAID)) };
            match row::open_place(self.keys, whose, name) {
                Some(key) => places.push(key),
                None if self.has(name)? => return Ok(Err(NOT_SAID)),
                // Of no record.
                None => {}
            }
        }
        Ok(Ok(places))
    }

    /// Seals all records with other keys. Gives how many there are.
    pub(super) fn rekey(
        &self,
        seal: &Seal,
        keys: &RecordKeys,
        quarantine: impl Fn(&RecordKey, &'static str) -> Result<(), Trouble>,
    ) -> Result<usize, Trouble> {
        let anew = Records { transaction: self.transaction, keys };
        let places = self.places()?.map_err(|cause| StoreError::Corrupt { cause })?;
        for key in &places {
            match self.record(key)? {
                Some(Ok(record)) => {
                    anew.put(key, &record)?;
                    self.take_away(key)?;
                }
                Some(Err(cause)) => quarantine(key, cause)?,
                None => self.take_away(key)?,
            }
        }
        self.rename_damaged(keys, &places)?;
        let seal = serde_json::to_string(seal).map_err(|_| StoreError::failed())?;
        self.transaction
            .execute("UPDATE store SET seal = ?1, key_check = ?2 WHERE only = 1", [&*seal, keys.check()])?;
        let count = |row: &Row<'_>| row.get::<_, i64>(0);
        let (all, named) = (
            self.transaction.query_row("SELECT count(*) FROM records", [], count)?,
            self.transaction.query_row("SELECT count(*) FROM places", [], count)?,
        );
        // One without a place has its old name still, under which nobody would find it.
        if all == named {
            Ok(usize::try_from(all).unwrap_or(usize::MAX))
        } else {
            Err(StoreError::Corrupt { cause: NOT_SAID }.into())
        }
    }

    /// Gives the damaged ones of these accounts the names that other keys give, so that the end of a session takes them along, as ever.
    fn rename_damaged(&self, keys: &RecordKeys, places: &[RecordKey]) -> Result<(), Trouble> {
        if !self.transaction.prepare("SELECT 1 FROM damaged")?.exists([])? {
            return Ok(());
        }
        let mut rename = self.transaction.prepare("UPDATE damaged SET name = ?2 WHERE name = ?1")?;
        for RecordKey { account, .. } in places {
            for kind in RecordKind::ALL {
                let key = RecordKey { account: account.clone(), kind };
                rename.execute([row::name(self.keys, &key), row::name(keys, &key)])?;
            }
        }
        Ok(())
    }

    /// Drops a record and its place.
    fn take_away(&self, key: &RecordKey) -> Result<(), Trouble> {
        let name = row::name(self.keys, key);
        for statement in ["DELETE FROM records WHERE name = ?1", "DELETE FROM places WHERE name = ?1"] {
            self.transaction.prepare_cached(statement)?.execute([name])?;
        }
        Ok(())
    }

    /// Some places behind a name, in the order of names, which is that of a keyed hash. What does not say whose it is is left out.
    pub(super) fn places_after(&self, after: &[u8], at_most: usize) -> Result<KeyPage, Trouble> {
        let mut rows = self
            .transaction
            .prepare_cached("SELECT name, whose FROM places WHERE name > ?1 ORDER BY name LIMIT ?2")?;
        let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
        let mut rows = rows.query(params![after, at_most])?;
        let (mut keys, mut last, mut found_all) = (Vec::new(), None, 0);
        while let Some(found) = rows.next()? {
            found_all += 1;
            let (Ok(name), Ok(whose)) = (found.get_ref(0)?.as_blob(), found.get_ref(1)?.as_blob()) else {
                continue;
            };
            match row::open_place(self.keys, whose, name) {
                Some(key) => keys.push(key),
                None => tracing::warn!("a record of the database does not say whose it is"),
            }
            last = Some(StoreCursor::after(name));
        }
        Ok(KeyPage::new(keys, last.filter(|_| found_all == at_most)))
    }

    fn has(&self, name: &[u8]) -> Result<bool, Trouble> {
        let mut rows = self.transaction.prepare_cached("SELECT 1 FROM records WHERE name = ?1")?;
        Ok(rows.exists([name])?)
    }
}

const NOT_SAID: &str = "it does not say whose it is";
