//! A service with very many tasks that want a token of one session at once, over a store in Redis. It says `ready`, waits for a line, and
//! says then which different tokens its tasks have got, a line each.

#![allow(clippy::print_stdout, reason = "what it prints is read by the test")]

use std::collections::BTreeSet;
use std::io::BufRead;

use auth_client::store::{RedisStore, StorePassphrase};
use auth_client::{AuthClient, Office};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    let [_, host, store, passphrase, tasks] = words.as_slice() else {
        panic!("host, store, passphrase, tasks")
    };
    let url = store.parse().expect("the URL of a store");
    let store = RedisStore::new(url, StorePassphrase::new(passphrase.as_str()));
    let client = AuthClient::builder(host).store(store).build().expect("a client");
    println!("ready");
    std::io::stdin().lock().lines().next();
    let running: Vec<_> = (0..tasks.parse().expect("a number"))
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let session = client.session(Office::Front).await.expect("the store answers");
                session
                    .expect("somebody is signed in")
                    .access_token()
                    .await
                    .expect("a token")
                    .expose()
                    .to_owned()
            })
        })
        .collect();
    let mut tokens = BTreeSet::new();
    for task in running {
        tokens.insert(task.await.expect("no task panics"));
    }
    for token in tokens {
        println!("{token}");
    }
}
