//! Keys, as far as it is about what the file says of them.

use super::{keys::refuses, *};

#[tokio::test]
async fn an_open_store_notices_what_becomes_of_its_key_file() {
    let place = Place::new();
    let store = place.open();
    put(&store, &session(), 1, "x").await;
    assert_eq!(body(&store, &session()).await.as_deref(), Some("x"));
    let (key, away) = (place.beside(".key"), place.beside(".away"));
    fs::rename(&key, &away).unwrap();
    refuses(&place, &store, "store_key_missing").await;
    let other = Place::new();
    put(&other.open(), &session(), 1, "y").await;
    fs::copy(other.beside(".key"), &key).unwrap();
    refuses(&place, &store, "store_wrong_key").await;
    // With the store that it belongs to, the other key is the right one.
    fs::copy(other.path(), place.path()).unwrap();
    assert_eq!(body(&store, &session()).await.as_deref(), Some("y"));
    fs::rename(&away, &key).unwrap();
    refuses(&place, &store, "store_wrong_key").await;
}

#[tokio::test]
async fn a_newer_store_is_left_alone() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    for (version, found) in [(3_u64, 3), (u64::MAX, u32::MAX)] {
        let newer =
            format!(r#"{{"version": {version}, "format": "b2auth-store", "all": ["else", "differs"]}}"#);
        fs::write(place.path(), newer).unwrap();
        refuses(&place, &place.open(), "store_newer").await;
        refuses(&place, &place.open_with("x"), "store_newer").await;
        let error = place.open().load(&session()).await.unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: f, supported: 2 } if f == found), "{error:?}");
    }
}

#[tokio::test]
async fn the_same_record_is_never_sealed_alike() {
    let place = Place::new();
    let store = place.open();
    let mut seen = Vec::new();
    for _ in 0..3 {
        put(&store, &session(), 1, "the same").await;
        let sealed = only_record(&mut place.json())["sealed"].clone();
        assert!(!seen.contains(&sealed));
        seen.push(sealed);
    }
}
