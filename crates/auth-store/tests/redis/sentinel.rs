//! A master, a replica and three Sentinels, and what becomes of writes when the master dies.

use super::*;
use crate::{locks::Helper, server::Server};

struct Group {
    master: Server,
    replica: Server,
    sentinels: Vec<Server>,
}

impl Group {
    fn start() -> Self {
        let master = Server::start();
        let replica = Server::with(&["--replicaof", "127.0.0.1", &master.port.to_string()]);
        wait_until("replication", || info(&replica, "replication").contains("master_link_status:up"));
        let port = master.port.to_string();
        let sentinels: Vec<_> = (0..3).map(|_| Server::sentinel()).collect();
        for sentinel in &sentinels {
            let _: String =
                sentinel.ask(&["SENTINEL", "DEBUG", "info-period", "1000", "publish-period", "500"]);
            let _: String = sentinel.ask(&["SENTINEL", "MONITOR", "sessions", "127.0.0.1", &port, "2"]);
            // A replica that has received nothing for ten times as long is not promoted.
            for (setting, value) in [("down-after-milliseconds", "1500"), ("failover-timeout", "3000")] {
                let _: String = sentinel.ask(&["SENTINEL", "SET", "sessions", setting, value]);
            }
        }
        for sentinel in &sentinels {
            wait_until("the Sentinels' finding each other", || {
                let known = info(sentinel, "sentinel");
                known.contains("slaves=1") && known.contains("sentinels=3") && known.contains("status=ok")
            });
        }
        Self { master, replica, sentinels }
    }

    fn url(&self) -> String {
        let hosts: Vec<_> =
            self.sentinels.iter().map(|sentinel| format!("127.0.0.1:{}", sentinel.port)).collect();
        format!("redis+sentinel://{}/sessions", hosts.join(","))
    }

    fn store(&self) -> RedisStore {
        open_with(&self.url(), RedisOptions::default().command_timeout(Duration::from_secs(30)))
    }
}

impl Group {
    /// From here on the replica receives nothing: neither of a lock nor of a write.
    fn cut_replication(&self) {
        let _: String = self.master.ask(&["ACL", "SETUSER", "default", "-psync", "-sync"]);
        let _: i64 = self.master.ask(&["CLIENT", "KILL", "TYPE", "replica"]);
        wait_until("the replica's being cut off", || {
            info(&self.master, "replication").contains("connected_slaves:0")
        });
    }
}

fn info(server: &Server, section: &str) -> String {
    server.ask(&["INFO", section])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failover_writes_go_to_the_new_master_and_nothing_acknowledged_by_it_is_lost() {
    let mut group = Group::start();
    let store = group.store();
    put(&store, &session(), 1, "before").await;
    assert_eq!(group.master.ask::<i64>(&["WAIT", "1", "30000"]), 1);
    wait_until("replication", || group.replica.names().len() == 2);
    group.master.kill();
    // It waits for the new master.
    store.save(&session(), &record(1, "after"), WriteCondition::SameSession).await.unwrap();
    assert!(info(&group.replica, "replication").contains("role:master"));
    assert_eq!(body(&store, &session()).await.unwrap(), "after");
    assert_eq!(body(&group.store(), &session()).await.unwrap(), "after");
    // The old master comes back as a replica, and gets no write.
    group.master.restart();
    wait_until("the old master's turning replica", || {
        info(&group.master, "replication").contains("role:slave")
    });
    store.save(&session(), &record(1, "later"), WriteCondition::SameSession).await.unwrap();
    assert_eq!(body(&group.store(), &session()).await.unwrap(), "later");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failover_to_a_replica_that_lags_a_holder_of_the_lost_lock_does_not_win() {
    let mut group = Group::start();
    let new = group.store();
    put(&new, &session(), 1, "before").await;
    wait_until("replication", || group.replica.names().len() == 2);
    group.cut_replication();
    let mut old = Helper::start(&group.url());
    assert_eq!(old.hear(), "held");
    old.go_on();
    assert_eq!(old.hear(), "saved");
    old.signal("-STOP");
    group.master.kill();
    let next = new.lock(&session()).await.unwrap();
    assert_eq!(body(&new, &session()).await.unwrap(), "before");
    new.save(&session(), &record(1, "of the next"), WriteCondition::SameSession).await.unwrap();
    old.signal("-CONT");
    old.go_on();
    assert_eq!(old.hear(), "store_unavailable");
    assert_eq!(body(&new, &session()).await.unwrap(), "of the next");
    drop(next);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_a_failover_has_lost_is_taken_again_by_its_holder() {
    let mut group = Group::start();
    let (store, other) = (group.store(), group.store());
    put(&store, &session(), 1, "before").await;
    wait_until("replication", || group.replica.names().len() == 2);
    group.cut_replication();
    let held = store.lock(&session()).await.unwrap();
    group.master.kill();
    wait_for("the lease's extension at the new master", async || {
        group.replica.names().iter().any(|name| name.ends_with(":lease"))
    })
    .await;
    assert!(other.try_lock(&session()).await.unwrap().is_none());
    drop(held);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_least_rights_are_enough() {
    let group = Group::start();
    let words = [vec!["ACL", "SETUSER", "service", "on", ">secret"], rights(), vec!["+role"]].concat();
    let _: String = group.master.ask(&words);
    for sentinel in &group.sentinels {
        let words = ["ACL", "SETUSER", "watcher", "on", ">another", "-@all", "+role", "+sentinel|masters"];
        let _: String = sentinel.ask(&words);
        let _: String = sentinel.ask(&["ACL", "SETUSER", "default", "off"]);
    }
    let url = group.url().replace("://", "://service:secret@");
    let options = RedisOptions::default().sentinel_login(Some("watcher".to_owned()), "another".to_owned());
    let store = open_with(&url, options);
    put(&store, &session(), 1, "x").await;
    assert_eq!(body(&store, &session()).await.unwrap(), "x");
}
