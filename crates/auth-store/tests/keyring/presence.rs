//! An absent, locked or empty keyring never means "signed out".

use super::*;
use crate::desktop::{Desktop, until};

const ENTRIES: &str = "does not have this store's entries";

#[tokio::test]
async fn a_keyring_that_never_had_a_store_has_no_record() {
    let desktop = Desktop::new().await;
    assert_eq!(body(&desktop.open(), &session()).await, None);
    assert!(!desktop.marker().exists());
}

#[tokio::test]
async fn no_bus_and_no_service_is_unavailable() {
    let desktop = Desktop::bare();
    is_unavailable(desktop.open().load(&session()).await, "no keyring is running");
    is_unavailable(desktop.open().probe(), "no keyring is running");
    let nowhere = desktop::open("unix:path=/nonexistent/bus", &desktop.marker());
    is_unavailable(nowhere.load(&session()).await, "no keyring is running");
    let saved = nowhere.save(&session(), &record(1, "x"), WriteCondition::Unconditional).await;
    is_unavailable(saved, "no keyring is running");
    is_unavailable(nowhere.remove(&session()).await, "no keyring is running");
    is_unavailable(nowhere.keys().await, "no keyring is running");
}

#[tokio::test]
async fn a_keyring_that_dies_is_unavailable_and_its_records_are_back_with_it() {
    let mut desktop = Desktop::new().await;
    let store = desktop.open();
    put(&store, &session(), 1, "tokens").await;
    desktop.kill_keyring();
    is_unavailable(store.load(&session()).await, "");
    is_unavailable(desktop.open().load(&session()).await, "no keyring is running");
    desktop.start_keyring("data");
    let found = until("the keyring", async || store.load(&session()).await.ok()).await;
    assert!(found.is_some(), "the instance that has seen it die has a new connection");
    assert_eq!(body(&desktop.open(), &session()).await.as_deref(), Some("tokens"));
}

#[tokio::test]
async fn a_locked_keyring_is_unavailable_and_nobody_is_asked() {
    let desktop = Desktop::new().await;
    let store = desktop.open();
    put(&store, &session(), 1, "tokens").await;
    let mut prompts = prompts(&desktop).await;
    desktop.lock().await;
    for store in [&store, &desktop.open()] {
        is_unavailable(store.load(&session()).await, "is locked");
        is_unavailable(store.keys().await, "is locked");
        is_unavailable(store.remove(&session()).await, "is locked");
        is_unavailable(store.probe(), "is locked");
        let saved = store.save(&session(), &record(1, "x"), WriteCondition::SameSession).await;
        is_unavailable(saved, "is locked");
        is_unavailable(store.make_way().await, "is locked");
    }
    assert_eq!(calls(&mut prompts).await, 0);
    // Who may be asked is asked: the count above can be another.
    let asked = tokio::time::timeout(std::time::Duration::from_millis(500), async {
        let _ = desktop.open().may_prompt(true).load(&session()).await;
    });
    let _nobody_answers = asked.await;
    assert_ne!(calls(&mut prompts).await, 0);
}

/// All that is sent on the bus.
async fn prompts(desktop: &Desktop) -> zbus::MessageStream {
    let bus = zbus::connection::Builder::address(desktop.address()).unwrap().build().await.unwrap();
    let stream = zbus::MessageStream::from(&bus);
    let monitor = zbus::fdo::MonitoringProxy::new(&bus).await.unwrap();
    monitor.become_monitor(&[], 0).await.unwrap();
    stream
}

/// How many calls were seen by now that unlock or ask for something.
async fn calls(stream: &mut zbus::MessageStream) -> usize {
    let mut found = 0;
    while let Some(message) = next(stream).await {
        let header = message.header();
        let member = header.member().map(|member| member.as_str().to_owned());
        found += usize::from(matches!(member.as_deref(), Some("Unlock" | "Prompt" | "PerformPrompt")));
    }
    found
}

/// The next message, if one comes before the bus is silent.
async fn next(stream: &mut zbus::MessageStream) -> Option<zbus::Message> {
    use std::{future::poll_fn, pin::Pin};
    let message = poll_fn(|cx| zbus::export::futures_core::Stream::poll_next(Pin::new(&mut *stream), cx));
    tokio::time::timeout(std::time::Duration::from_millis(300), message).await.ok()?.transpose().unwrap()
}

#[tokio::test]
async fn a_keyring_that_was_started_anew_and_empty_is_no_sign_out() {
    let mut desktop = Desktop::with_activation(true).await;
    let store = desktop.open();
    put(&store, &session(), 1, "tokens").await;
    desktop.kill_keyring();
    let new = desktop.open();
    until("the empty keyring", async || new.probe().ok()).await;
    assert_eq!(desktop.entries().await, [""; 0], "the keyring is empty and works");
    for store in [&store, &new] {
        is_unavailable(store.load(&session()).await, ENTRIES);
        is_unavailable(store.keys().await, ENTRIES);
        is_unavailable(store.load_all().await, ENTRIES);
        is_unavailable(store.remove(&session()).await, ENTRIES);
        is_unavailable(store.remove_unchanged(&session(), None).await, ENTRIES);
        let saved = store.save(&session(), &record(2, "x"), WriteCondition::Unconditional).await;
        is_unavailable(saved, ENTRIES);
    }
    // The way out.
    assert!(new.make_way().await.unwrap());
    assert!(!new.make_way().await.unwrap(), "there is nothing more to give up");
    assert_eq!(body(&new, &session()).await, None);
    put(&new, &session(), 2, "new tokens").await;
    assert_eq!(body(&store, &session()).await.as_deref(), Some("new tokens"));
}

#[tokio::test]
async fn a_keyring_that_was_started_anew_and_locked_is_no_sign_out() {
    let mut desktop = Desktop::with_activation(false).await;
    let store = desktop.open();
    put(&store, &session(), 1, "tokens").await;
    desktop.kill_keyring();
    is_unavailable(store.load(&session()).await, "");
    is_unavailable(desktop.open().keys().await, "");
    is_unavailable(desktop.open().probe(), "");
}

#[tokio::test]
async fn another_store_in_its_place_is_no_sign_out() {
    let desktop = Desktop::new().await;
    put(&desktop.open(), &session(), 1, "tokens").await;
    desktop.spoil("store", None).await;
    let elsewhere = desktop::open(desktop.address(), &desktop.path("home").join("elsewhere"));
    put(&elsewhere, &key_of("other", RecordKind::Session), 2, "x").await;
    is_unavailable(desktop.open().load(&session()).await, "another store's");
    assert!(desktop.open().make_way().await.unwrap());
    assert_eq!(desktop.open().keys().await.unwrap(), [key_of("other", RecordKind::Session)]);
}

#[tokio::test]
async fn a_store_without_its_marker_gets_it_back() {
    let desktop = Desktop::new().await;
    put(&desktop.open(), &session(), 1, "tokens").await;
    std::fs::remove_file(desktop.marker()).unwrap();
    assert_eq!(body(&desktop.open(), &session()).await.as_deref(), Some("tokens"));
    desktop.spoil("store", None).await;
    is_unavailable(desktop.open().load(&session()).await, ENTRIES);
}

#[tokio::test]
async fn a_marker_of_another_program_is_left_alone() {
    let desktop = Desktop::new().await;
    std::fs::write(desktop.marker(), "notes").unwrap();
    let saved = desktop.open().save(&session(), &record(1, "x"), WriteCondition::Unconditional).await;
    assert!(matches!(saved, Err(StoreError::NotAStore { .. })), "{saved:?}");
    assert_eq!(std::fs::read(desktop.marker()).unwrap(), b"notes");
}
