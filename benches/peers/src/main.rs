//! A fresh token, borrowed: ours beside what the token libraries of others do, by turns in one run on one thread.

mod others;

use auth_client::{AuthClient, Office, store::MemoryStore};
use floor::{
    contend::{self, Case},
    figure, sample,
};
use others::{Aws, Azure, Gcp, Google, OAuth2, Peer};
use std::{hint::black_box, time::Duration};
use tokio::runtime::Runtime;

/// Each call asks for a token; the runtime is entered once a batch.
fn asking<'a, P: Peer>(runtime: &'a Runtime, peer: &'a P) -> impl Fn(u64) + Sync + 'a {
    move |calls| {
        runtime.handle().block_on(async {
            for _ in 0..calls {
                black_box(peer.token().await);
            }
        });
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let url = others::endpoint();
    let session = runtime.block_on(async {
        let (store, host) = (MemoryStore::new(), "http://127.0.0.1:9");
        sample::put(&store, host, &sample::session(1, true, Duration::ZERO)).await;
        let client = AuthClient::builder(host).store(store).build().expect("a client");
        client.session(Office::Front).await.expect("read").expect("there")
    });
    let borrow = |calls: u64| {
        for _ in 0..calls {
            let token = session.cached_access_token().expect("fresh");
            black_box(token.expose());
        }
    };
    let _inside = runtime.enter();
    let (azure, gcp, google) = (Azure::new(&url), Gcp::new(&url), Google::new(&url));
    let (aws, oauth2) = (Aws::new(&url), OAuth2::new(&url));
    let (azure, gcp, google) = (asking(&runtime, &azure), asking(&runtime, &gcp), asking(&runtime, &google));
    let (aws, oauth2) = (asking(&runtime, &aws), asking(&runtime, &oauth2));
    println!("a fresh token, borrowed");
    let mut cases = [
        Case::new("Session::cached_access_token", 1, &borrow),
        Case::new("azure_identity 1.0.0, ClientSecretCredential", 1, &azure),
        Case::new("gcp_auth 0.12.7, CustomServiceAccount", 1, &gcp),
        Case::new("google-cloud-auth 1.18.0, user account", 1, &google),
        Case::new("aws-smithy-runtime 1.16.2, IdentityCache::lazy", 1, &aws),
        Case::new("oauth2 5.0.0 and a tokio RwLock", 1, &oauth2),
    ];
    contend::run(&mut cases);
    let (ours, peers) = cases.split_first().expect("some cases");
    let (recipe, sdks) = peers.split_last().expect("some peers");
    let most = sdks.iter().map(|peer| ours.ratio_to(peer)).fold(0.0, f64::max);
    figure("token borrowed, times the fastest of four SDKs", most, 0.1);
    // Not ten times faster: the clock and the lock-free guard alone are a fifth of it.
    figure("token borrowed, times oauth2 and a tokio RwLock", ours.ratio_to(recipe), 0.25);
}
