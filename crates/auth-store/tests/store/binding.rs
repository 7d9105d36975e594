//! A sealed record opens in its own place and under its own session id only.

use super::*;

#[tokio::test]
async fn a_changed_session_id_does_not_open() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    place.edit(|json| only_record(json)[SESSION_ID] = 2.into());
    assert!(is_corrupt(&place.open().load(&session()).await));
}

/// Else a forged session id would let a late answer through.
#[tokio::test]
async fn a_changed_session_id_meets_no_condition() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    place.edit(|json| only_record(json)[SESSION_ID] = 2.into());
    let late = place.open().save(&session(), &record(2, "late"), WriteCondition::SameSession).await;
    assert!(matches!(late, Err(StoreError::SessionReplaced)), "{late:?}");
    assert!(is_corrupt(&place.open().load(&session()).await), "it is still there to be reported");
}

#[tokio::test]
async fn swapped_records_do_not_open() {
    let other_host = {
        let mut key = session();
        key.account.host = Host::parse("https://broker.example/base").unwrap();
        key
    };
    let other_office = {
        let mut key = session();
        key.account.office = Office::Back;
        key
    };
    let other_kind = key_of("default", RecordKind::Pending);
    for other in [key_of("other", RecordKind::Session), other_kind, other_host, other_office] {
        let place = Place::new();
        put(&place.open(), &session(), 1, "mine").await;
        put(&place.open(), &other, 1, "theirs").await;
        place.edit(|json| {
            let mut records = json["records"].as_object_mut().unwrap().values_mut();
            let (one, two) = (records.next().unwrap(), records.next().unwrap());
            std::mem::swap(one, two);
        });
        assert!(is_corrupt(&place.open().load(&session()).await), "{other:?}");
        assert!(is_corrupt(&place.open().load(&other).await), "{other:?}");
    }
}

#[tokio::test]
async fn every_changed_letter_is_seen() {
    let place = Place::new();
    put(&place.open(), &session(), 1, "x").await;
    let (good, mut json) = (place.bytes(), place.json());
    for part in ["nonce", "sealed"] {
        let length = only_record(&mut json)[part].as_str().unwrap().len();
        for at in 0..length {
            fs::write(place.path(), &good).unwrap();
            place.edit(|json| {
                let text = only_record(json)[part].as_str().unwrap().to_owned();
                let other = if text.as_bytes()[at] == b'A' { "Q" } else { "A" };
                only_record(json)[part] = format!("{}{other}{}", &text[..at], &text[at + 1..]).into();
            });
            assert!(is_corrupt(&place.open().load(&session()).await), "{part} at {at}");
        }
    }
}
