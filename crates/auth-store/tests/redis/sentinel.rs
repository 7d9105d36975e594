//! A master, a replica and three Sentinels, and what becomes of writes when the master dies.

use super::*;
use crate::server::Server;

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
            for (setting, value) in [("down-after-milliseconds", "500"), ("failover-timeout", "3000")] {
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
    let (old, new) = (group.store(), group.store());
    put(&old, &session(), 1, "before").await;
    wait_until("replication", || group.replica.names().len() == 2);
    // From here on the replica hears nothing: neither of the lock nor of the write.
    group.replica.signal("-STOP");
    let held = old.lock(&session()).await.unwrap();
    old.save(&session(), &record(1, "lost"), WriteCondition::SameSession).await.unwrap();
    group.master.kill();
    group.replica.signal("-CONT");
    let next = new.lock(&session()).await.unwrap();
    assert_eq!(body(&new, &session()).await.unwrap(), "before");
    new.save(&session(), &record(1, "of the next"), WriteCondition::SameSession).await.unwrap();
    let late = old.save(&session(), &record(1, "late"), WriteCondition::SameSession).await;
    assert!(matches!(late, Err(StoreError::Unavailable { .. })), "{late:?}");
    assert_eq!(body(&old, &session()).await.unwrap(), "of the next");
    drop((held, next));
}
