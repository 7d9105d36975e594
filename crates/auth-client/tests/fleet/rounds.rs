//! One round through all that is due.

use crate::{
    counting::Counting,
    fleet::{Fleet, Kind, WITHIN, key},
    issuer::Answer,
};
use auth_client::{
    Office, RefreshRound, RoundStop,
    ports::{RecordKind, SessionStore},
    store::MemoryStore,
};
use std::time::Duration;
use tokio::task::JoinSet;

async fn round(client: &auth_client::AuthClient, at_most: usize) -> RefreshRound {
    client.refresh_due(Office::Front, WITHIN, at_most).await
}

/// Every session that was due came to one thing.
fn adds_up(report: &RefreshRound) -> bool {
    let RefreshRound { due, refreshed, elsewhere, ended, reauthentication_required, remaining, .. } = report;
    let failed: usize = report.failed.values().sum();
    *due == refreshed + elsewhere + ended + reauthentication_required + remaining + failed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_processes_refresh_each_session_once() {
    let fleet = Fleet::with(&[(Kind::Due, 300), (Kind::Fresh, 100), (Kind::UnknownLifetime, 10)]).await;
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let client = fleet.client(None);
        tasks.spawn(async move { round(&client, 8).await });
    }
    let reports = tasks.join_all().await;
    assert_eq!(reports.iter().map(|report| report.refreshed).sum::<usize>(), 300, "{reports:?}");
    assert_eq!(fleet.host.asked().len(), 300);
    assert_eq!(fleet.host.reused(), [""; 0]);
    for report in &reports {
        assert!(adds_up(report) && report.failed.is_empty() && report.stopped.is_none(), "{report:?}");
        assert_eq!(report.sessions, 410);
    }
    let again = round(&fleet.client(None), 8).await;
    assert_eq!((again.sessions, again.due), (410, 0), "nothing is due any more");
    assert!(again.call_again_in <= WITHIN / 2 && again.call_again_in > WITHIN / 3, "{again:?}");
}

#[tokio::test]
async fn a_host_that_fails_is_not_asked_for_each_and_by_no_other_process() {
    // Sessions that are not due come in between.
    let fleet = Fleet::with(&[(Kind::Due, 30), (Kind::Fresh, 600)]).await;
    fleet.host.answer_all(Answer::Status(503, 20));
    let report = round(&fleet.client(None), 4).await;
    assert!(matches!(report.stopped, Some(RoundStop::HostUnavailable)), "{report:?}");
    let asked = fleet.host.asked().len();
    assert!((3..=7).contains(&asked), "{asked}");
    assert_eq!(report.failed.get("host_failed"), Some(&asked), "{report:?}");
    assert!(adds_up(&report));
    assert!(report.call_again_in > Duration::from_secs(18), "{report:?}");
    let other = fleet.client(None);
    let left_alone = round(&other, 4).await;
    assert!(matches!(left_alone.stopped, Some(RoundStop::HostLeftAlone)), "{left_alone:?}");
    assert_eq!(fleet.host.asked().len(), asked);

    fleet.host.answer_all(Answer::Pair);
    fleet.clock.advance(Duration::from_secs(30));
    let report = round(&other, 4).await;
    assert!(report.stopped.is_none() && report.refreshed == 30, "{report:?}");
}

#[tokio::test]
async fn one_account_s_own_trouble_stops_nobody_else() {
    let fleet = Fleet::with(&[(Kind::Due, 50)]).await;
    fleet.host.answer("user7", Answer::Status(429, 600));
    fleet.host.answer("user8", Answer::Ended);
    let report = round(&fleet.client(None), 1).await;
    assert!(report.stopped.is_none(), "{report:?}");
    assert_eq!((report.due, report.refreshed, report.ended), (50, 48, 1), "{report:?}");
    assert_eq!(report.failed.get("locked_out"), Some(&1), "{report:?}");
    assert!(fleet.stored(8).await.is_none() && fleet.stored(7).await.is_some());
}

#[tokio::test]
async fn what_is_not_limited_is_not_written_down_and_a_block_is() {
    let fleet = Fleet::with(&[(Kind::Due, 3)]).await;
    let client = fleet.client(None);
    let attempts = || async {
        let keys = fleet.store().keys().await.unwrap();
        keys.iter().filter(|key| key.kind == RecordKind::Attempts).count()
    };
    fleet.host.answer("user2", Answer::Status(429, 600));
    let session = |n| {
        let user = client.for_profile(crate::fleet::profile(n));
        async move { user.session(Office::Front).await.unwrap().unwrap() }
    };
    session(0).await.refresh().await.unwrap();
    assert_eq!(attempts().await, 0);
    assert!(session(2).await.refresh().await.is_err());
    assert_eq!(attempts().await, 1);
    let asked = fleet.host.asked().len();
    let other = fleet.client(None).for_profile(crate::fleet::profile(2));
    let theirs = other.session(Office::Front).await.unwrap().unwrap();
    assert!(theirs.refresh().await.is_err(), "another process knows of the block");
    assert_eq!(fleet.host.asked().len(), asked);
}

#[tokio::test]
async fn a_host_that_limits_everybody_stops_the_round() {
    let fleet = Fleet::with(&[(Kind::Due, 50)]).await;
    fleet.host.answer_all(Answer::Status(429, 600));
    let report = round(&fleet.client(None), 1).await;
    assert!(matches!(report.stopped, Some(RoundStop::HostLimits)), "{report:?}");
    assert_eq!(fleet.host.asked().len(), 3);
    assert_eq!(report.call_again_in, Duration::from_secs(60), "as long as all are left alone, at most");
}

#[tokio::test]
async fn what_somebody_else_refreshes_is_left_to_them_at_once() {
    let fleet = Fleet::with(&[(Kind::Due, 20)]).await;
    let _theirs = fleet.store().lock(&key(3)).await.unwrap();
    let report = round(&fleet.client(None), 4).await;
    assert_eq!((report.refreshed, report.elsewhere), (19, 1), "{report:?}");
    assert!(fleet.stored(3).await.unwrap().tokens.access.token.expose().contains("~0~"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_that_is_dropped_leaves_nothing_half_done() {
    let fleet = Fleet::with(&[(Kind::Due, 100)]).await;
    let client = fleet.client(None);
    let task = tokio::spawn({
        let client = client.clone();
        async move { round(&client, 4).await }
    });
    while fleet.host.asked().len() < 10 && !task.is_finished() {
        tokio::task::yield_now().await;
    }
    task.abort();
    assert!(task.await.is_err(), "dropped before its end");
    let rest = round(&client, 4).await;
    assert!(rest.stopped.is_none() && adds_up(&rest), "{rest:?}");
    let mut left = 100;
    // Those that were begun by the first round come to their end by themselves.
    for _ in 0..10_000 {
        let mut at_first = 0;
        for n in 0..100 {
            let stored = fleet.stored(n).await.unwrap();
            let is_old = stored.tokens.access.token.expose().contains("~0~");
            at_first += usize::from(is_old || stored.refresh_history.in_flight_or_lost);
        }
        left = at_first;
        if left == 0 {
            break;
        }
    }
    assert_eq!((left, fleet.host.asked().len()), (0, 100));
    assert_eq!(fleet.host.reused(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_round_reads_what_may_be_due_and_not_all() {
    let fleet = Fleet::with(&[(Kind::Due, 20), (Kind::Fresh, 600)]).await;
    let store = Counting::new(fleet.store());
    let client = fleet.builder().store(store.clone()).build().unwrap();
    let first = round(&client, 16).await;
    assert_eq!((first.sessions, first.refreshed), (620, 20), "{first:?}");
    let (loads, listings) = store.take();
    assert!(loads >= 620 && listings == 0, "{loads} {listings}");
    let second = round(&client, 16).await;
    assert_eq!((second.sessions, second.due, store.take()), (620, 0, (0, 0)));
    // Hints last for ten minutes; then all are read again, and refreshed when they are due.
    fleet.clock.advance(Duration::from_secs(601));
    assert_eq!(round(&client, 16).await.due, 0);
    assert_eq!(store.take().0, 620);
    fleet.clock.advance(Duration::from_secs(200));
    assert_eq!(round(&client, 16).await.refreshed, 620);
}

#[tokio::test]
async fn a_store_that_cannot_walk_in_pages_is_walked_all_the_same() {
    let fleet = Fleet::with(&[(Kind::Due, 30), (Kind::Fresh, 5)]).await;
    let memory = MemoryStore::new();
    for (key, record) in fleet.store().load_all().await.unwrap() {
        memory.save(&key, &record, auth_client::ports::WriteCondition::Unconditional).await.unwrap();
    }
    let client = fleet.builder().store(memory).build().unwrap();
    let report = round(&client, 4).await;
    assert_eq!((report.sessions, report.due, report.refreshed), (35, 30, 30), "{report:?}");
    let nobody = client.refresh_due(Office::Back, WITHIN, 4).await;
    assert_eq!((nobody.sessions, nobody.due), (0, 0), "another office's");
}
