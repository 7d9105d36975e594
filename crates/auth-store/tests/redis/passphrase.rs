//! A store that a passphrase opens.

use super::*;
use crate::server::Server;
use auth_store::StorePassphrase;

fn by(server: &Server, passphrase: &str) -> RedisStore {
    RedisStore::new(server.url().parse().unwrap(), StorePassphrase::new(passphrase))
}

#[tokio::test]
async fn a_passphrase_opens_a_store_and_another_one_is_told() {
    let server = Server::start();
    put(&by(&server, "correct horse"), &session(), 1, "x").await;
    assert_eq!(body(&by(&server, "correct horse"), &session()).await.as_deref(), Some("x"));
    let wrong = by(&server, "battery staple").load(&session()).await;
    assert!(matches!(wrong, Err(StoreError::WrongKey)), "{wrong:?}");
    assert!(matches!(open(&server.url()).load(&session()).await, Err(StoreError::WrongKey)));
    assert_eq!(format!("{:?}", auth_store::RedisKey::from(StorePassphrase::new("horse"))), "RedisKey(..)");
}

#[tokio::test]
async fn the_same_passphrase_gives_another_key_in_another_store() {
    let checks: Vec<Vec<u8>> = {
        let (one, other) = (Server::start(), Server::start());
        for server in [&one, &other] {
            put(&by(server, "correct horse"), &session(), 1, "x").await;
        }
        [one, other]
            .iter()
            .map(|server| server.ask::<Vec<u8>>(&["GET", "b2auth:keys"])[29..45].to_vec())
            .collect()
    };
    assert_ne!(checks[0], checks[1]);
}

#[tokio::test]
async fn a_store_goes_from_a_passphrase_to_another_one_and_to_a_key() {
    let server = Server::start();
    let store = by(&server, "correct horse");
    put(&store, &session(), 1, "x").await;
    store.rekey(StorePassphrase::new("battery staple")).await.unwrap();
    assert_eq!(body(&store, &session()).await.as_deref(), Some("x"));
    assert_eq!(body(&by(&server, "battery staple"), &session()).await.as_deref(), Some("x"));
    let old = by(&server, "correct horse").load(&session()).await;
    assert!(matches!(old, Err(StoreError::WrongKey)), "{old:?}");
    by(&server, "battery staple").rekey(sealing_key()).await.unwrap();
    assert_eq!(body(&open(&server.url()), &session()).await.as_deref(), Some("x"));
    assert!(matches!(by(&server, "battery staple").load(&session()).await, Err(StoreError::WrongKey)));
}
