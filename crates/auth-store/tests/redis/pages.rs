//! A walk in pages.

use super::*;
use crate::server::Server;
use auth_core::ports::StoreCursor;
use std::collections::HashSet;

const RECORDS: usize = 6000;

/// All keys from a place to the end, the places of the pages growing.
async fn walk(store: &RedisStore, from: StoreCursor) -> (HashSet<RecordKey>, usize) {
    let (mut seen, mut pages, mut from) = (HashSet::new(), 0, from);
    loop {
        let page = store.keys_page(&from, 100).await.unwrap();
        assert!(page.keys.len() < RECORDS / 2, "{}", page.keys.len());
        seen.extend(page.keys);
        pages += 1;
        let Some(next) = page.next else { return (seen, pages) };
        assert!(next > from, "{next:?} {from:?}");
        from = next;
    }
}

#[tokio::test]
async fn a_walk_sees_each_record_and_two_halves_make_a_whole() {
    let server = Server::start();
    let store = open(&server.url());
    let keys: Vec<_> = (0..RECORDS).map(|n| key_of(&format!("user-{n}"), RecordKind::Session)).collect();
    let writes: Vec<_> =
        keys.iter().map(|key| (key.clone(), record(1, "x"), WriteCondition::Unconditional)).collect();
    store.save_all(&writes).await.unwrap();
    let (all, pages) = walk(&store, StoreCursor::start()).await;
    assert!(all.len() == RECORDS && pages > 2, "{} in {pages} pages", all.len());
    let middle = StoreCursor::after([0x80; 16]);
    let (second, _) = walk(&store, middle.clone()).await;
    assert!((RECORDS / 4..RECORDS * 3 / 4).contains(&second.len()), "{}", second.len());
    let mut first = HashSet::new();
    let mut from = StoreCursor::start();
    while from < middle {
        let page = store.keys_page(&from, 100).await.unwrap();
        first.extend(page.keys);
        let Some(next) = page.next else { break };
        from = next;
    }
    assert_eq!(first.union(&second).count(), RECORDS);
}
