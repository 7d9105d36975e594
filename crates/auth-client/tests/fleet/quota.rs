//! A quota of refreshes that all processes share.

use crate::fleet::{Fleet, Kind, WITHIN, profile};
use auth_client::{Office, RefreshQuota, RoundStop};
use std::time::{Duration, Instant};
use tokio::{task::JoinSet, time::timeout};

/// More than any of these may take.
const BOUND: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_and_eight_processes_together_keep_to_it_and_come_to_their_end() {
    const QUOTA: u32 = 50;
    for processes in [2, 8] {
        let fleet = Fleet::with(&[(Kind::Due, 100)]).await;
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for _ in 0..processes {
            let client = fleet.client(Some(RefreshQuota::per_second(QUOTA)));
            tasks.spawn(async move { client.refresh_due(Office::Front, WITHIN, 8).await });
        }
        let reports = timeout(BOUND, tasks.join_all()).await.expect("nobody waits for ever");
        let asked = fleet.host.asked();
        assert_eq!(asked.len(), 100, "{reports:?}");
        assert!(reports.iter().all(|report| report.stopped.is_none()), "{reports:?}");
        // Sent by a time is what was taken by then: of each second that had begun, at most the share of the background.
        for (sent, at) in (1..).zip(&asked) {
            let seconds = at.duration_since(started).as_secs() + 1;
            assert!(sent <= seconds * u64::from(QUOTA) * 4 / 5, "{sent} in {seconds} s, {processes}");
        }
        assert_eq!(fleet.host.reused(), [""; 0]);
    }
}

#[tokio::test]
async fn who_waits_goes_before_the_background_and_beyond_the_quota_after_five_seconds() {
    let fleet = Fleet::with(&[(Kind::Due, 20)]).await;
    let quota = Some(RefreshQuota::per_minute(10));
    let background = fleet.client(quota);
    let report = background.refresh_due(Office::Front, Duration::from_secs(40), 1).await;
    assert!(matches!(report.stopped, Some(RoundStop::Quota)), "{report:?}");
    assert_eq!((report.refreshed, fleet.host.asked().len()), (8, 8), "{report:?}");
    assert!(report.remaining >= 1 && report.call_again_in > Duration::from_secs(30), "{report:?}");

    // Another process, whose users wait.
    fleet.clock.advance(Duration::from_secs(31));
    let service = fleet.client(quota);
    let mut waiting = Vec::new();
    for n in 0..20 {
        let stored = fleet.stored(n).await.unwrap();
        if stored.tokens.access.token.expose().contains("~0~") {
            waiting.push(service.for_profile(profile(n)).session(Office::Front).await.unwrap().unwrap());
        }
    }
    for session in &waiting[..2] {
        timeout(BOUND, session.access_token()).await.expect("in time").unwrap();
    }
    assert_eq!((fleet.host.asked().len(), fleet.clock.ahead()), (10, Duration::from_secs(31)), "at once");
    let third = waiting[2].clone();
    let third = tokio::spawn(async move { third.access_token().await });
    let before = fleet.clock.ahead();
    for _ in 0..100_000 {
        if third.is_finished() {
            break;
        }
        if fleet.clock.ahead() - before < Duration::from_millis(4500) {
            assert_eq!(fleet.host.asked().len(), 10, "not yet");
        }
        fleet.clock.advance(Duration::from_millis(2));
        tokio::task::yield_now().await;
    }
    assert!(third.is_finished(), "nobody waits for ever");
    assert!(third.await.unwrap().is_ok());
    assert_eq!(fleet.host.asked().len(), 11);
}

#[tokio::test]
async fn the_share_of_a_process_that_dies_comes_back() {
    let fleet = Fleet::with(&[(Kind::Due, 40)]).await;
    let quota = Some(RefreshQuota::per_minute(100));
    // Its second slice is larger than what it sends.
    let dying = fleet.client(quota);
    for n in 0..2 {
        let session = dying.for_profile(profile(n)).session(Office::Front).await.unwrap().unwrap();
        session.refresh().await.unwrap();
    }
    drop(dying);
    let report = fleet.client(quota).refresh_due(Office::Front, WITHIN, 4).await;
    assert_eq!((report.refreshed, report.stopped.is_none()), (38, true), "{report:?}");
}
