//! What is damaged goes into quarantine with its cause, is reported once, and never takes the rest along.

use super::*;

/// Begins as a store does, and is none.
const DAMAGED: &[u8] = br#"{"format":"b2auth-store","version":1,"se"#;

/// Ways in which the whole file can be unreadable, made from a good one.
fn broken(good: &[u8]) -> Vec<Vec<u8>> {
    let json: Value = serde_json::from_slice(good).unwrap();
    let edited = |change: fn(&mut Value)| {
        let mut json = json.clone();
        change(&mut json);
        serde_json::to_vec(&json).unwrap()
    };
    vec![
        good[..30].to_vec(),
        good[..good.len() / 2].to_vec(),
        good[..good.len() - 2].to_vec(),
        [good, b"more"].concat(),
        edited(|json| json["version"] = 0.into()),
        edited(|json| json["version"] = "1".into()),
        edited(|json| json["records"] = 1.into()),
        edited(|json| json["check"] = Value::Null),
        edited(|json| json["seal"] = serde_json::json!({})),
    ]
}

async fn good_bytes() -> (Place, Vec<u8>) {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let good = place.bytes();
    (place, good)
}

#[tokio::test]
async fn a_damaged_file_is_quarantined_and_reported_once() {
    let (place, good) = good_bytes().await;
    let broken = broken(&good);
    for (n, bytes) in (1..).zip(&broken) {
        fs::write(place.path(), bytes).unwrap();
        let reader = place.open();
        let outcome = reader.load(&session()).await;
        assert!(is_corrupt(&outcome), "{n}: {outcome:?}");
        assert!(!place.path().exists());
        assert_eq!(&fs::read(place.beside(&format!(".damaged-{n}"))).unwrap(), bytes);
        assert!(reader.load(&session()).await.unwrap().is_none());
        assert!(place.open().load(&session()).await.unwrap().is_none());
    }
    for (n, bytes) in (1..).zip(&broken) {
        assert_eq!(&fs::read(place.beside(&format!(".damaged-{n}"))).unwrap(), bytes, "kept as it was");
    }
    put(&place.open(), &session(), 2, "anew").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("anew"));
}

#[tokio::test]
async fn two_readers_of_a_damaged_file_get_one_report() {
    let place = Place::new();
    fs::write(place.path(), DAMAGED).unwrap();
    let (one, two) = (place.open(), place.open());
    let key = session();
    let outcomes = tokio::join!(one.load(&key), two.load(&key));
    assert_eq!(
        usize::from(is_corrupt(&outcomes.0)) + usize::from(is_corrupt(&outcomes.1)),
        1,
        "{outcomes:?}"
    );
    assert!(place.beside(".damaged-1").exists() && !place.beside(".damaged-2").exists());
}

#[tokio::test]
async fn saving_over_a_damaged_file_sets_it_aside() {
    let (place, good) = good_bytes().await;
    for (n, bytes) in (1..).zip(broken(&good)) {
        fs::write(place.path(), &bytes).unwrap();
        let late = place.open().save(&session(), &record(1, "late"), WriteCondition::SameSession).await;
        assert!(matches!(late, Err(StoreError::SessionReplaced)), "{late:?}");
        assert_eq!(place.bytes(), bytes);
        put(&place.open(), &session(), 2, "anew").await;
        assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("anew"));
        assert_eq!(fs::read(place.beside(&format!(".damaged-{n}"))).unwrap(), bytes);
    }
}

#[tokio::test]
async fn removing_wipes_damaged_files_and_leftovers() {
    let (place, good) = good_bytes().await;
    for bytes in [&good[..40], DAMAGED] {
        fs::write(place.path(), bytes).unwrap();
        assert!(is_corrupt(&place.open().load(&session()).await));
    }
    let foreign = [".damaged-notes", ".damaged-", ".damaged-1.txt", ".bak"];
    for suffix in foreign {
        fs::write(place.beside(suffix), "x").unwrap();
    }
    fs::write(place.beside(".writing-aB3xYz"), &good[..10]).unwrap();
    fs::write(place.beside(".key.writing-aB3xYz"), "MDEyMzQ1").unwrap();
    fs::create_dir(place.beside(".damaged-9")).unwrap();
    place.open().remove(&session()).await.unwrap();
    assert!(place.beside(".damaged-9").is_dir());
    for gone in [".damaged-1", ".damaged-2", ".writing-aB3xYz", ".key.writing-aB3xYz"] {
        assert!(!place.beside(gone).exists(), "{gone}");
    }
    for stays in foreign.iter().chain(&[".key"]) {
        assert!(place.beside(stays).exists(), "{stays}");
    }

    fs::write(place.path(), &good[..50]).unwrap();
    place.open().remove(&session()).await.unwrap();
    assert!(!place.path().exists() && !place.beside(".damaged-1").exists());
}

#[tokio::test]
async fn a_damaged_record_leaves_the_others_usable() {
    let changes: [fn(&mut Value); 6] = [
        |record| record[SESSION_ID] = 99.into(),
        |record| record["sealed"] = "AAAA".into(),
        |record| record["sealed"] = "!".into(),
        |record| record["nonce"] = "AAAA".into(),
        |record| *record = Value::Null,
        |record| *record = serde_json::json!({ SESSION_ID: -1 }),
    ];
    for change in changes {
        let place = Place::new();
        put(&place.open(), &session(), 1, "x").await;
        place.edit(|json| change(only_record(json)));
        let damaged = only_record(&mut place.json()).clone();
        let other = key_of("other", RecordKind::Session);
        put(&place.open(), &other, 1, "fine").await;

        assert_eq!(body(&place.open(), &other).await.as_deref(), Some("fine"));
        let outcome = place.open().load(&session()).await;
        assert!(is_corrupt(&outcome), "{outcome:?}");
        assert!(place.open().load(&session()).await.unwrap().is_none(), "reported once");
        assert_eq!(body(&place.open(), &other).await.as_deref(), Some("fine"));

        let kept = place.json()["damaged"][0].clone();
        assert_eq!(kept["record"], damaged, "kept as it was");
        let StoreError::Corrupt { cause } = outcome.unwrap_err() else { unreachable!() };
        assert_eq!(kept["cause"], cause);

        place.open().remove(&other).await.unwrap();
        assert_eq!(place.json()["damaged"][0], kept, "belongs to another key");
        place.open().remove(&session()).await.unwrap();
        assert_eq!(place.json().get("damaged"), None);
    }
}

#[tokio::test]
async fn saving_over_a_damaged_record_sets_it_aside() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    place.edit(|json| only_record(json)[SESSION_ID] = 99.into());
    put(&place.open(), &session(), 2, "anew").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("anew"));
    assert_eq!(place.json()["damaged"][0]["record"][SESSION_ID], 99);
}

#[tokio::test]
async fn a_hostile_key_derivation_is_not_run() {
    let place = Place::new();
    put(&place.open_with("correct horse"), &session(), 1, "x").await;
    let good = place.bytes();
    let hostile = [
        ("m_kib", Value::from(u32::MAX)),
        ("m_kib", 1_000_000.into()),
        ("m_kib", 7.into()),
        ("m_kib", u64::MAX.into()),
        ("t", u32::MAX.into()),
        ("t", 0.into()),
        ("p", u32::MAX.into()),
        ("p", 0.into()),
        ("salt", "AAAA".into()),
        ("salt", "A".repeat(400).into()),
        ("kdf", "md5".into()),
    ];
    for (part, value) in hostile {
        fs::write(place.path(), &good).unwrap();
        place.edit(|json| json["seal"][part] = value.clone());
        let outcome = place.open_with("correct horse").load(&session()).await;
        assert!(is_corrupt(&outcome), "{part} {value}: {outcome:?}");
    }
}
