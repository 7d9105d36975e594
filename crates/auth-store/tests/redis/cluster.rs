//! A cluster of three masters.

use super::*;
use crate::server::{Server, free_port};

struct Cluster {
    masters: Vec<Server>,
}

const NODE: [&str; 6] =
    ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "1000"];

fn node() -> (Server, u16) {
    let bus = free_port();
    (Server::with(&[&NODE[..], &["--cluster-port", &bus.to_string()]].concat()), bus)
}

impl Cluster {
    fn start() -> Self {
        let nodes: Vec<_> = (0..3).map(|_| node()).collect();
        for (n, (server, _)) in nodes.iter().enumerate() {
            let (first, last) = (n * 16384 / 3, (n + 1) * 16384 / 3 - 1);
            let _: String = server.ask(&["CLUSTER", "ADDSLOTSRANGE", &first.to_string(), &last.to_string()]);
        }
        let (port, bus) = (nodes[0].0.port, nodes[0].1);
        for (server, _) in &nodes[1..] {
            meet(server, port, bus);
        }
        let cluster = Self { masters: nodes.into_iter().map(|(server, _)| server).collect() };
        for server in &cluster.masters {
            wait_until("the cluster", || {
                server.ask::<String>(&["CLUSTER", "INFO"]).contains("cluster_state:ok")
            });
        }
        cluster
    }

    fn url(&self) -> String {
        format!("redis+cluster://127.0.0.1:{}", self.masters[0].port)
    }

    /// Lets a user in with the least rights and these.
    fn add_user(&self, more: &str) {
        for server in &self.masters {
            let words = [vec!["ACL", "SETUSER", "service", "on", ">secret"], rights(), vec![more]].concat();
            let _: String = server.ask(&words);
        }
    }

    fn store(&self) -> RedisStore {
        open_with(&self.url(), RedisOptions::default().command_timeout(Duration::from_secs(30)))
    }
}

fn meet(server: &Server, port: u16, bus: u16) {
    let _: String = server.ask(&["CLUSTER", "MEET", "127.0.0.1", &port.to_string(), &bus.to_string()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_is_a_store_as_any_other() {
    let cluster = Cluster::start();
    auth_store::conformance::check_all(async || {
        for server in &cluster.masters {
            let _: String = server.ask(&["FLUSHALL"]);
        }
        cluster.store()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_records_of_an_account_are_on_one_node_and_those_of_many_on_all() {
    let cluster = Cluster::start();
    let store = cluster.store();
    for n in 0..60 {
        let profile = format!("p{n}");
        let write = |kind| (key_of(&profile, kind), record(1, "x"), WriteCondition::Unconditional);
        store.save_all(&RecordKind::ALL.map(write)).await.unwrap();
    }
    for server in &cluster.masters {
        let names: Vec<_> = server.names().into_iter().filter(|name| name.contains('{')).collect();
        assert!(!names.is_empty() && names.len() % RecordKind::ALL.len() == 0, "{}", names.len());
    }
    assert_eq!(store.keys().await.unwrap().len(), 300);
    assert_eq!(store.load_all().await.unwrap().len(), 300);
    store.rekey(StoreKey::from_bytes([8; 32])).await.unwrap();
    assert_eq!(store.load_all().await.unwrap().len(), 300);
    assert!(matches!(cluster.store().keys().await, Err(StoreError::WrongKey)));
    // All of an account or none, in one script.
    let writes = [
        (key_of("p1", RecordKind::Attempts), record(0, "new"), WriteCondition::Unconditional),
        (key_of("p1", RecordKind::Session), record(9, "new"), WriteCondition::SameSession),
    ];
    assert!(matches!(store.save_all(&writes).await, Err(StoreError::SessionReplaced)));
    assert_eq!(body(&store, &key_of("p1", RecordKind::Attempts)).await.unwrap(), "x");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_master_of_a_cluster_that_dies_is_followed_by_its_replica() {
    let mut cluster = Cluster::start();
    let id: String = cluster.masters[1].ask(&["CLUSTER", "MYID"]);
    let (replica, bus) = node();
    meet(&cluster.masters[0], replica.port, bus);
    wait_until("the replica's joining", || {
        let words = ["CLUSTER", "REPLICATE", &id];
        server::command(&words).query::<String>(&mut replica.plain()).is_ok()
    });
    for server in &cluster.masters {
        wait_until("the replica's being known", || {
            server.ask::<String>(&["CLUSTER", "NODES"]).contains("slave")
        });
    }
    let store = cluster.store();
    for n in 0..30 {
        put(&store, &key_of(&format!("p{n}"), RecordKind::Session), 1, "before").await;
    }
    let replicated = cluster.masters[1].names().len();
    wait_until("replication", || {
        let count: i64 = replica.ask(&["DBSIZE"]);
        usize::try_from(count).unwrap() == replicated
    });
    cluster.masters[1].kill();
    for n in 0..30 {
        let key = key_of(&format!("p{n}"), RecordKind::Session);
        // Those that wait for the vote may be told that it is not over.
        wait_for("the write", async || {
            match store.save(&key, &record(1, "after"), WriteCondition::SameSession).await {
                Ok(()) => true,
                Err(StoreError::Unavailable { .. }) => false,
                other => panic!("{other:?}"),
            }
        })
        .await;
        assert_eq!(body(&store, &key).await.unwrap(), "after");
    }
    assert_eq!(store.keys().await.unwrap().len(), 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_least_rights_are_enough() {
    let cluster = Cluster::start();
    cluster.add_user("+cluster|slots");
    let store = open(&cluster.url().replace("://", "://service:secret@"));
    for n in 0..10 {
        put(&store, &key_of(&format!("p{n}"), RecordKind::Session), 1, "x").await;
    }
    assert_eq!(store.keys().await.unwrap().len(), 10);
    assert!(store.try_lock(&session()).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_of_a_cluster_that_was_named_as_one_server_says_how_to_name_it() {
    let cluster = Cluster::start();
    let mut told = 0;
    for server in &cluster.masters {
        let store = open(&server.url());
        if let Err(error) = store.save(&session(), &record(1, "x"), WriteCondition::Unconditional).await {
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
            assert!(error.to_string().contains("redis+cluster://"), "{error}");
            told += 1;
        }
    }
    // All but the node that happens to have the marker, and perhaps the record.
    assert!(told >= 2, "{told}");
}
