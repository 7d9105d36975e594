//! Changes that are cut off between any two of their steps. What lies in a real keyring then is looked at by `tests/keyring`; here the
//! number of the step is in the test's hand.

use super::{
    content::{self, Removal, Seen},
    entries::{Entries, MAX_ENTRY_BYTES},
    marker::KIND,
};
use crate::local::paths::StorePaths;
use auth_core::{
    ports::{Record, SessionId, StoreError, WriteCondition},
    secret::SecretBytes,
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use zeroize::Zeroizing;

/// Entries in memory that are gone after so many writes and removals.
#[derive(Default)]
struct Breaking {
    entries: Mutex<BTreeMap<String, Vec<u8>>>,
    steps: Mutex<usize>,
    /// All entries are gone once so many steps are left, as in a keyring that was started anew.
    empty_at: Mutex<Option<usize>>,
}

impl Breaking {
    fn step(&self) -> Result<(), StoreError> {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        *steps = steps.checked_sub(1).ok_or(StoreError::unavailable("cut off"))?;
        if *self.empty_at.lock().unwrap_or_else(PoisonError::into_inner) == Some(*steps) {
            self.entries.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        Ok(())
    }

    fn allow(&self, steps: usize) {
        *self.steps.lock().unwrap() = steps;
    }

    fn all(&self) -> Vec<String> {
        self.entries.lock().unwrap().keys().cloned().collect()
    }
}

impl Entries for Breaking {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(self.entries.lock().unwrap().get(name).cloned().map(Zeroizing::new))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), StoreError> {
        self.step()?;
        assert!(secret.len() <= MAX_ENTRY_BYTES);
        self.entries.lock().unwrap().insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.step()?;
        self.entries.lock().unwrap().remove(name);
        Ok(())
    }

    fn names(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.all())
    }
}

const MANY: usize = 10_000;

struct Place {
    _folder: tempfile::TempDir,
    paths: StorePaths,
    keyring: Breaking,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths = StorePaths::resolve(&folder.path().join("marker"), &KIND).unwrap();
        Self { _folder: folder, paths, keyring: Breaking::default() }
    }

    fn save(&self, names: &[&str], body: &[u8]) -> Result<(), StoreError> {
        let record = Record { session_id: SessionId(1), body: SecretBytes::new(body.to_vec()) };
        let of = |name: &&str| ((*name).to_owned(), record.clone(), WriteCondition::Unconditional);
        content::save(&self.keyring, &self.paths, &names.iter().map(of).collect::<Vec<_>>())
    }

    /// As whoever comes next reads it: without the lock, and with it where that does not do.
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        self.keyring.allow(MANY);
        let found = match content::read(&self.keyring, &self.paths, name).unwrap() {
            Seen::Now(found) => found,
            Seen::Unsure => content::read_again(&self.keyring, &self.paths, name).unwrap(),
        };
        found.map(|record| record.body.expose().to_vec())
    }
}

/// Makes a change with more and more steps, until it is not cut off any more. `looks` is what holds after each.
fn cut_off_everywhere(
    before: impl Fn(&Place),
    change: impl Fn(&Place) -> Result<(), StoreError>,
    looks: impl Fn(&Place, Result<(), StoreError>),
) {
    for steps in 0..MANY {
        let place = Place::new();
        place.keyring.allow(MANY);
        before(&place);
        place.keyring.allow(steps);
        let done = change(&place);
        let is_whole = *place.keyring.steps.lock().unwrap() > 0;
        looks(&place, done);
        if is_whole {
            assert!(steps > 3, "it was cut off at each of several steps");
            return;
        }
    }
    panic!("it never ends");
}

/// Some more than the root has room for.
const LONG: &str = "a-record-with-a-very-long-name-so-that-the-list-of-records-does-not-fit-into-the-root";

fn many() -> Vec<String> {
    (0..20).map(|n| format!("{LONG}-{n}")).collect()
}

#[test]
fn a_write_leaves_the_old_records_or_the_new_ones() {
    let names = many();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for names in [&names[..1], &names[..]] {
        let (old, new) = ([1_u8; 5000], [2_u8; 7000]);
        cut_off_everywhere(
            |place| place.save(names, &old).unwrap(),
            |place| place.save(names, &new),
            |place, done| {
                let found: Vec<_> = names.iter().map(|name| place.load(name).expect("a record")).collect();
                assert!(found.iter().all(|body| *body == old) || found.iter().all(|body| *body == new));
                assert!(done.is_err() || found[0] == new, "what was saved is there");
                // The next change finds and removes all that was in vain.
                place.save(names, &old).unwrap();
                let parts = 3 * names.len() + usize::from(names.len() > 1) * 5;
                let there = place.keyring.all().iter().filter(|name| name.starts_with("part-")).count();
                assert!(there <= parts, "{there} parts, and {parts} are needed");
                place.keyring.allow(MANY);
                for name in names {
                    content::remove(&place.keyring, &place.paths, name, &Removal::Any).unwrap();
                }
                assert_eq!(place.keyring.all(), [""; 0]);
            },
        );
    }
}

#[test]
fn what_two_changes_in_a_row_wrote_in_vain_is_removed() {
    for steps in 5..9 {
        let place = Place::new();
        place.keyring.allow(MANY);
        place.save(&["one"], &[1; 100]).unwrap();
        place.keyring.allow(4);
        place.save(&["one"], &[2; 9000]).unwrap_err();
        // Writes one part, and is cut off while it removes the others of the first.
        place.keyring.allow(steps - 4);
        let _cut_off = place.save(&["one"], &[3; 100]);
        assert!(place.load("one").is_some());
        place.keyring.allow(MANY);
        place.save(&["one"], &[4; 100]).unwrap();
        assert_eq!(place.keyring.all().len(), 2, "{:?}", place.keyring.all());
    }
}

/// A keyring that is started anew without its entries in the middle of a change gets no root that would call all other records damaged.
#[test]
fn a_keyring_that_loses_its_entries_in_a_change_has_lost_the_store() {
    // Two parts and the root; it is lost before each of them.
    for left in [MANY - 1, MANY - 2] {
        let place = Place::new();
        place.keyring.allow(MANY);
        place.save(&["one", "two"], &[1; 100]).unwrap();
        place.keyring.allow(MANY);
        *place.keyring.empty_at.lock().unwrap() = Some(left);
        let saved = place.save(&["one"], &[2; 3000]);
        assert!(matches!(saved, Err(StoreError::Unavailable { .. })), "{saved:?}");
        assert!(!place.keyring.all().iter().any(|name| name == "store"), "{:?}", place.keyring.all());
    }
}

#[test]
fn the_first_write_leaves_nothing_or_the_record() {
    cut_off_everywhere(
        |_| {},
        |place| place.save(&["one"], &[1; 9000]),
        |place, done| {
            let found = place.load("one");
            assert!(found.is_some() || done.is_err());
            assert!(found.is_none_or(|body| body == [1; 9000]));
            place.save(&["one"], &[2; 100]).unwrap();
            assert_eq!(place.keyring.all().len(), 2);
        },
    );
}

#[test]
fn a_removal_that_is_cut_off_leaves_a_store_and_can_be_repeated() {
    cut_off_everywhere(
        |place| place.save(&["one"], &[1; 9000]).unwrap(),
        |place| content::remove(&place.keyring, &place.paths, "one", &Removal::Any),
        |place, done| {
            let found = place.load("one");
            assert!(found.is_none() || done.is_err());
            assert!(found.is_none_or(|body| body == [1; 9000]), "never less than all of it");
            content::remove(&place.keyring, &place.paths, "one", &Removal::Any).unwrap();
            assert_eq!(place.keyring.all(), [""; 0]);
            assert!(!place.paths.store_file().exists());
        },
    );
}
