//! A store whose key is lost makes way for a new one, and is kept.

use super::*;

async fn with_a_session() -> (Place, Vec<u8>, Vec<u8>) {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let (store, key) = (place.bytes(), fs::read(place.beside(".key")).unwrap());
    (place, store, key)
}

#[tokio::test]
async fn a_store_without_its_key_file_is_kept_and_a_new_one_begins() {
    let (place, bytes, key) = with_a_session().await;
    fs::remove_file(place.beside(".key")).unwrap();
    assert_eq!(place.open().make_way().await.unwrap(), Some(place.beside(".kept-1")));
    assert_eq!(fs::read(place.beside(".kept-1")).unwrap(), bytes);
    assert!(place.open().load(&session()).await.unwrap().is_none());
    put(&place.open(), &session(), 2, "anew").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("anew"));
    // A sign-out wipes what is in quarantine, and this is not.
    place.open().remove(&session()).await.unwrap();
    // Whoever finds the key has the sessions.
    fs::write(place.beside(".kept-1.key"), key).unwrap();
    let kept = Store::with_key_file(place.beside(".kept-1"));
    assert_eq!(body(&kept, &session()).await.as_deref(), Some("x"));
}

#[tokio::test]
async fn a_store_of_another_key_or_passphrase_is_kept_too() {
    let (place, bytes, _) = with_a_session().await;
    let other = Place::new();
    put(&other.open(), &session(), 1, "y").await;
    let key = fs::read(other.beside(".key")).unwrap();
    fs::write(place.beside(".key"), &key).unwrap();
    assert_eq!(place.open().make_way().await.unwrap(), Some(place.beside(".kept-1")));
    assert_eq!(fs::read(place.beside(".kept-1")).unwrap(), bytes);
    assert_eq!(fs::read(place.beside(".key")).unwrap(), key, "a good key, of another store");

    put(&place.open_with("correct horse"), &session(), 2, "z").await;
    let passphrase = place.open_with("battery staple").make_way().await.unwrap();
    assert_eq!(passphrase, Some(place.beside(".kept-2")));
    let kept = Store::with_passphrase(place.beside(".kept-2"), StorePassphrase::new("correct horse"));
    assert_eq!(body(&kept, &session()).await.as_deref(), Some("z"));
}

#[tokio::test]
async fn a_store_that_opens_or_is_none_stays() {
    let (place, bytes, _) = with_a_session().await;
    assert_eq!(place.open().make_way().await.unwrap(), None);
    assert_eq!(place.bytes(), bytes);
    assert_eq!(Place::new().open().make_way().await.unwrap(), None);

    for foreign in [&b"my notes"[..], br#"{"version":7,"format":"b2auth-store"}"#] {
        let place = Place::new();
        fs::write(place.path(), foreign).unwrap();
        let kind = place.open().make_way().await.unwrap_err().kind();
        assert!(["not_a_store", "store_newer"].contains(&kind), "{kind}");
        assert_eq!(place.bytes(), foreign);
    }
    fs::write(place.beside(".key"), "how to make a key").unwrap();
    assert_eq!(place.open().make_way().await.unwrap_err().kind(), "not_a_store");
    assert_eq!(place.bytes(), bytes);
}
