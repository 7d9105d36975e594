//! Borrowing a token that is fresh, beside the least that can be done: a guard of an `ArcSwap` and a look at a coarse clock.

use arc_swap::ArcSwap;
use auth_client::{AuthClient, Office, ports::Clock, store::MemoryStore};
use floor::{
    Counting,
    contend::{self, Case},
    figure, sample,
};
use rustix::time::{ClockId, clock_gettime};
use std::{hint::black_box, sync::Arc, time::Duration};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn coarse() -> i64 {
    let now = clock_gettime(ClockId::RealtimeCoarse);
    now.tv_sec * 1000 + now.tv_nsec / 1_000_000
}

fn main() {
    let store = MemoryStore::new();
    let host = "http://127.0.0.1:9";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let session = runtime.block_on(async {
        sample::put(&store, host, &sample::session(1, true, Duration::ZERO)).await;
        let client = AuthClient::builder(host).store(store).build().expect("a client");
        client.session(Office::Front).await.expect("read").expect("there")
    });
    let ends = auth_client::SystemClock.coarse_now() + 3_600_000;
    let bare = ArcSwap::new(Arc::new((sample::token(1, true), ends)));
    let borrow = |calls: u64| {
        for _ in 0..calls {
            let token = session.cached_access_token().expect("fresh");
            black_box(token.expose());
        }
    };
    let condition = |calls: u64| {
        for _ in 0..calls {
            let token = bare.load();
            assert!(coarse() < token.1);
            black_box(token.0.as_str());
        }
    };
    borrow(10);
    let before = Counting::calls();
    borrow(100_000);
    let allocations = Counting::calls() - before;
    println!("a fresh token, borrowed");
    let mut cases = [
        Case::new("ArcSwap condition and coarse clock", 1, &condition),
        Case::new("Session::cached_access_token", 1, &borrow),
        Case::new("ArcSwap condition and coarse clock", 2, &condition),
        Case::new("Session::cached_access_token", 2, &borrow),
    ];
    contend::run(&mut cases);
    let [condition, ours, _, both] = &cases;
    figure("token borrowed, allocations in 100000 borrows", allocations as f64, 0.0);
    figure("token borrowed, times an ArcSwap condition", ours.ratio_to(condition), 1.5);
    figure("token borrowed on 2 threads, times on 1", both.ratio_to(ours), 1.3);
}
