//! Many changes at once, from many tasks and processes, and changes that are cut off.

use super::{processes::Helper, *};
use auth_core::ports::StoreCursor;
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_two_tasks_read_and_write_without_waiting_in_vain() {
    let place = Place::new();
    let store = Arc::new(place.open());
    let mut tasks = JoinSet::new();
    for n in 0..32 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let key = key_of(&format!("user{n}"), RecordKind::Session);
            for round in 0..5 {
                put(&*store, &key, n, &round.to_string()).await;
                assert_eq!(body(&*store, &key).await, Some(round.to_string()));
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(place.open().keys().await.unwrap().len(), 32);
}

#[tokio::test]
async fn several_records_are_written_all_or_none() {
    let place = Place::new();
    let store = place.open();
    put(&store, &session(), 1, "x").await;
    let other = key_of("other", RecordKind::Session);
    let outcome = store
        .save_all(&[
            (other.clone(), record(2, "new"), WriteCondition::Unconditional),
            (session(), record(5, "late"), WriteCondition::SameSession),
        ])
        .await;
    assert!(matches!(outcome, Err(StoreError::SessionReplaced)), "{outcome:?}");
    assert!(store.load(&other).await.unwrap().is_none());
    assert_eq!(body(&store, &session()).await.as_deref(), Some("x"));
}

/// Killed at any instant: the database is whole, and has what was said to be saved.
#[tokio::test]
async fn a_database_outlives_kills_at_any_instant() {
    let place = Place::new();
    // Of a seed, so that a failure can be had again as far as the machine lets it.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..12 {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let mut helper = Helper::start("save until killed", &place);
        let mut last = 0_u64;
        for _ in 0..=seed % 7 {
            last = helper.hear("saved ").parse().unwrap();
        }
        for _ in 0..seed >> 16 & 0xffff {
            std::hint::spin_loop();
        }
        helper.child.kill().unwrap();
        helper.child.wait().unwrap();
        let found = place.open().load(&session()).await.unwrap().unwrap();
        assert!(found.session_id.0 >= last && found.body.expose().len() == 50_000, "round {round}");
        let check = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        let whole = Connection::open(place.path()).unwrap().query_row("PRAGMA integrity_check", [], check);
        assert_eq!(whole.unwrap(), "ok", "round {round}");
    }
}

#[tokio::test]
async fn a_walk_in_pages_finds_every_key_once_from_any_place() {
    let place = Place::new();
    let store = place.open();
    let names: Vec<String> = (0..50).map(|n| format!("user{n}")).collect();
    for name in &names {
        put(&store, &key_of(name, RecordKind::Session), 1, "x").await;
    }
    let walk = async |mut from: StoreCursor, size: usize| {
        let mut found = Vec::new();
        loop {
            let page = store.keys_page(&from, size).await.unwrap();
            assert!(page.keys.len() <= size);
            found.extend(page.keys);
            match page.next {
                Some(next) => from = next,
                None => return found,
            }
        }
    };
    let sorted = |keys: Vec<RecordKey>| {
        let mut names: Vec<_> = keys.iter().map(|key| key.account.profile.to_string()).collect();
        names.sort_unstable();
        names
    };
    let all = sorted(store.keys().await.unwrap());
    for size in [1, 7, 50, 1000] {
        assert_eq!(sorted(walk(StoreCursor::start(), size).await), all, "{size}");
    }
    let half = walk(StoreCursor::after([128; 16]), 7).await.len();
    assert!((5..45).contains(&half), "{half}: names are spread evenly");
    // A place that does not read is left out; all others are found.
    Connection::open(place.path())
        .unwrap()
        .execute("UPDATE places SET whose = x'00' WHERE name = (SELECT min(name) FROM places)", [])
        .unwrap();
    assert_eq!(walk(StoreCursor::start(), 7).await.len(), 49);
}
