//! Records that are taken away, renamed, exchanged or brought back by somebody without the key: the table of the file's records
//! tells, each damage once, and leaves the others usable.

use super::*;

fn other() -> RecordKey {
    key_of("other", RecordKind::Session)
}

/// A session that has been written twice, beside another one: the first form of the file, and the place.
async fn written_twice() -> (Place, Value) {
    let place = Place::new();
    put(&place.open(), &session(), 1, "first").await;
    let first = place.json();
    put(&place.open(), &session(), 1, "second").await;
    put(&place.open(), &other(), 2, "another's").await;
    (place, first)
}

fn records(json: &mut Value) -> &mut serde_json::Map<String, Value> {
    json["records"].as_object_mut().unwrap()
}

/// What the session's record is called in the file.
fn name_of_session(first: &Value) -> String {
    first["records"].as_object().unwrap().keys().next().unwrap().clone()
}

/// Listed, told once as damaged, and then gone; the other record and a new sign-in are not concerned.
async fn is_told_once(place: &Place) {
    let mut listed = place.open().keys().await.unwrap();
    listed.sort_by_key(|key| key.account.profile.as_str().to_owned());
    assert_eq!(listed, [session(), other()], "the list says who it was");
    assert!(is_corrupt(&place.open().load(&session()).await));
    assert!(place.open().load(&session()).await.unwrap().is_none());
    assert_eq!(place.open().keys().await.unwrap(), [other()]);
    assert_eq!(body(&place.open(), &other()).await.as_deref(), Some("another's"));
    put(&place.open(), &session(), 3, "anew").await;
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("anew"));
}

#[tokio::test]
async fn an_earlier_record_of_the_same_session_does_not_come_back() {
    let (place, first) = written_twice().await;
    let name = name_of_session(&first);
    place.edit(|json| json["records"][&name] = first["records"][&name].clone());
    is_told_once(&place).await;
}

#[tokio::test]
async fn a_record_that_was_renamed_is_missed() {
    let (place, first) = written_twice().await;
    let name = name_of_session(&first);
    place.edit(|json| {
        let record = records(json).remove(&name).unwrap();
        let letter = if name.starts_with('a') { 'b' } else { 'a' };
        records(json).insert(format!("{letter}{}", &name[1..]), record);
    });
    let record = place.json()["records"].clone();
    is_told_once(&place).await;
    let kept = place.json()["damaged"][0].clone();
    assert_eq!(kept["name"], name, "a sign-out removes it");
    assert!(record.as_object().unwrap().values().any(|record| *record == kept["record"]));
    place.open().remove(&session()).await.unwrap();
    assert_eq!(place.json().get("damaged"), None);
}

#[tokio::test]
async fn a_record_that_was_taken_away_is_missed() {
    let (place, first) = written_twice().await;
    place.edit(|json| drop(records(json).remove(&name_of_session(&first))));
    is_told_once(&place).await;
}

/// A former user's session comes back neither for a reader nor as what a late write replaces.
#[tokio::test]
async fn a_record_that_was_removed_does_not_come_back() {
    let (place, first) = written_twice().await;
    place.open().remove(&session()).await.unwrap();
    let name = name_of_session(&first);
    place.edit(|json| json["records"][&name] = first["records"][&name].clone());
    let with_it = place.bytes();
    let late = place.open().save(&session(), &record(1, "late"), WriteCondition::SameSession).await;
    assert!(matches!(late, Err(StoreError::SessionReplaced)), "{late:?}");
    assert_eq!(place.open().keys().await.unwrap(), [other()], "nobody has written it here");
    assert!(is_corrupt(&place.open().load(&session()).await));
    assert!(place.open().load(&session()).await.unwrap().is_none());
    // A sign-out of anybody takes it along, as it does with all that has no owner.
    fs::write(place.path(), with_it).unwrap();
    place.open().remove(&other()).await.unwrap();
    assert!(records(&mut place.json()).is_empty());
}

/// Each with its cause; the file stays for `load` to set aside, and then a new one begins.
#[tokio::test]
async fn without_its_table_a_file_is_damaged() {
    let changes: [fn(&mut Value, &Value); 7] = [
        |json, _| drop(json.as_object_mut().unwrap().remove("table")),
        |json, _| json["version"] = 1.into(),
        |json, first| json["table"] = first["table"].clone(),
        |json, _| json["table"]["sealed"] = "AAAA".into(),
        |json, first| json["table"]["nonce"] = first["table"]["nonce"].clone(),
        // A sealed record is no table.
        |json, _| json["table"] = only_record(json).clone(),
        call_it_version_1,
    ];
    for (at, change) in changes.iter().enumerate() {
        let (place, first) = written_twice().await;
        place.edit(|json| change(json, &first));
        let bytes = place.bytes();
        let listed = place.open().keys().await;
        // An older table is true of the records that it knows.
        if at == 2 {
            assert_eq!(listed.unwrap(), [session()]);
            assert!(is_corrupt(&place.open().load(&session()).await));
            assert!(is_corrupt(&place.open().load(&other()).await));
            continue;
        }
        assert!(matches!(listed, Err(StoreError::Corrupt { .. })), "{at}: {listed:?}");
        assert_eq!(place.bytes(), bytes, "{at}");
        let late = place.open().save(&session(), &record(1, "late"), WriteCondition::SameSession).await;
        assert!(matches!(late, Err(StoreError::SessionReplaced)), "{at}: {late:?}");
        assert!(is_corrupt(&place.open().load(&other()).await), "{at}");
        assert_eq!(fs::read(place.beside(".damaged-1")).unwrap(), bytes, "{at}");
        put(&place.open(), &session(), 3, "anew").await;
        assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("anew"), "{at}");
    }
}

/// As a file of the version without a table, in which records did not have to say whose they are.
fn call_it_version_1(json: &mut Value, _: &Value) {
    json["version"] = 1.into();
    json.as_object_mut().unwrap().remove("table");
}

/// Each record of a file without its table that gets one by a write for somebody else is reported once, and nobody is hidden meanwhile.
#[tokio::test]
async fn a_write_for_somebody_else_hides_nobody_in_a_file_that_lost_its_table() {
    let (place, first) = written_twice().await;
    place.edit(|json| call_it_version_1(json, &first));
    put(&place.open(), &key_of("third", RecordKind::Session), 5, "x").await;
    for key in [session(), other()] {
        let listed = place.open().keys().await;
        assert!(matches!(listed, Err(StoreError::Corrupt { .. })), "{listed:?}");
        assert!(is_corrupt(&place.open().load(&key).await), "{key}");
    }
    assert_eq!(place.open().keys().await.unwrap(), [key_of("third", RecordKind::Session)]);
}

#[tokio::test]
async fn a_sign_out_sets_aside_a_file_that_lost_its_table() {
    let (place, first) = written_twice().await;
    place.edit(|json| call_it_version_1(json, &first));
    place.open().remove(&session()).await.unwrap();
    assert!(!place.path().exists() && place.open().keys().await.unwrap().is_empty());
}

/// A write carries along what it has not touched, and vouches for none of it.
#[tokio::test]
async fn a_write_makes_nothing_true_that_was_not() {
    let (place, first) = written_twice().await;
    let name = name_of_session(&first);
    place.edit(|json| json["records"][&name] = first["records"][&name].clone());
    put(&place.open(), &key_of("third", RecordKind::Session), 5, "x").await;
    put(&place.open(), &other(), 6, "another's").await;
    place.open().remove(&key_of("third", RecordKind::Session)).await.unwrap();
    is_told_once(&place).await;
}
