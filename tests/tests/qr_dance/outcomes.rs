//! How a code can end, on both sides.

use std::time::Duration;

use auth_client::{QrExpiry, QrState, ScanSource};
use auth_sandbox::{QrOff, QrSettings, Sandbox};
use e2e::hand_clock::HandClock;
use serde_json::json;

use super::{Screen, client, client_at, phone, refused, sandbox, sign_in};

#[tokio::test]
async fn an_approved_screen_is_signed_in_as_the_phone() {
    let sandbox = sandbox();
    let phone = phone(sandbox.url()).await;
    let mut screen = Screen::show(&client(sandbox.url())).await;
    screen.scan(&phone).await.approve().await.expect("approved");
    screen.goes_through(&["approved"]).await;
    let QrState::SignedIn(session) = screen.next().await else { panic!("not signed in") };
    assert_eq!((session.account(), session.client_id()), (phone.account(), Some("101")));
    let (ours, theirs) = (session.access_token().await, phone.access_token().await);
    assert_ne!(ours.expect("a token").expose(), theirs.expect("a token").expose());
    session.refresh().await.expect("it is a session like others");
}

#[tokio::test]
async fn a_clock_that_is_a_day_off_changes_nothing() {
    for off in [-86_400, 86_400] {
        let sandbox = sandbox();
        let clock = HandClock::default();
        clock.forward(off);
        let phone = sign_in(&client_at(sandbox.url(), clock.clone())).await;
        let mut screen = Screen::show(&client_at(sandbox.url(), clock)).await;
        screen.scan(&phone).await.approve().await.expect("approved");
        screen.goes_through(&["approved", "signed_in"]).await;
    }
}

#[tokio::test]
async fn a_code_that_expires_is_renewed_and_approves_nothing() {
    let sandbox = sandbox();
    let phone = phone(sandbox.url()).await;
    let mut screen = Screen::show(&client(sandbox.url())).await;
    let old = screen.scan(&phone).await;
    sandbox.advance(Duration::from_secs(121));
    assert!(matches!(screen.next().await, QrState::Expired(QrExpiry::Host)));
    screen.goes_through(&["renewed"]).await;
    // Whoever scanned it before is too late.
    assert_eq!(refused(&old).await, "qr_expired");
    screen.scan(&phone).await.approve().await.expect("approved");
    screen.goes_through(&["approved", "signed_in"]).await;
}

#[tokio::test]
async fn a_code_is_good_once() {
    let sandbox = sandbox();
    let (ann, bob) = (phone(sandbox.url()).await, phone(sandbox.url()).await);
    let mut screen = Screen::show(&client(sandbox.url())).await;
    let (first, second) = (screen.scan(&ann).await, screen.scan(&bob).await);
    first.approve().await.expect("approved");
    screen.goes_through(&["approved", "signed_in"]).await;
    assert_eq!(refused(&second).await, "qr_already_used");
}

#[tokio::test]
async fn an_authorization_that_is_not_good_any_more_is_told() {
    let sandbox = sandbox();
    let mut screen = Screen::show(&client(sandbox.url())).await;
    let channel = screen.sign_in.current().unwrap().code().unwrap().channel_name().expose().to_owned();
    let spent = json!({"authorizationToken": "$2y$10$qZqqwQqqEX7X6nsPLfPkte2pB6gSHazY1v2CLutwBGWCeF4J6ZG06"});
    assert_eq!(sandbox.publish_live(&channel, &json!("approved"), &spent), 1);
    screen.goes_through(&["approved"]).await;
    assert_eq!(screen.fails().await, "qr_authorization_used");
}

#[tokio::test]
async fn a_decline_ends_the_screen() {
    let sandbox = sandbox();
    let mut screen = Screen::show(&client(sandbox.url())).await;
    let id = screen.sign_in.current().unwrap().code().unwrap().channel_id().expose().to_owned();
    assert!(sandbox.decline_qr(&id));
    screen.goes_through(&["declined"]).await;
    assert!(screen.states.next().await.is_none());
}

#[tokio::test]
async fn a_host_without_qr_sign_in_says_so_to_both() {
    // A 404 in the host's envelope may be about the code.
    for (off, to_the_phone) in [(QrOff::NotFound, "qr_expired"), (QrOff::MethodNotAllowed, "not_available")] {
        let builder = Sandbox::builder().qr(QrSettings::default().off(off));
        let sandbox = builder.start().unwrap();
        let phone = phone(sandbox.url()).await;
        let screen = Screen::show(&client(sandbox.url())).await;
        let request = screen.scan(&phone).await;
        sandbox.set_qr_available(false);
        assert_eq!(refused(&request).await, to_the_phone);
        let mut states = client(sandbox.url()).qr_sign_in().states();
        assert_eq!(super::next(&mut states).await.name(), "not_available");
    }
}

#[tokio::test]
async fn a_phone_whose_token_has_expired_refreshes_first() {
    let sandbox = Sandbox::builder().token_lifetimes(Duration::from_secs(60), Duration::from_secs(3600));
    let sandbox = sandbox.start().unwrap();
    let clock = HandClock::default();
    let phone = sign_in(&client_at(sandbox.url(), clock.clone())).await;
    clock.forward(90);
    sandbox.advance(Duration::from_secs(90));
    let mut screen = Screen::show(&client(sandbox.url())).await;
    screen.scan(&phone).await.approve().await.expect("approved");
    screen.goes_through(&["approved", "signed_in"]).await;
    let refreshes = sandbox.requests().iter().filter(|request| request.path.ends_with("/my/refresh")).count();
    assert_eq!(refreshes, 1);
}

#[tokio::test]
async fn a_phone_that_was_signed_out_approves_nothing() {
    let sandbox = sandbox();
    let phone = phone(sandbox.url()).await;
    let mut screen = Screen::show(&client(sandbox.url())).await;
    let request = screen.scan(&phone).await;
    phone.clone().sign_out().await.expect("signed out");
    assert_eq!(refused(&request).await, "not_signed_in");
    // The code is as good as before for somebody else.
    let other = super::phone(sandbox.url()).await;
    screen.scan(&other).await.approve().await.expect("approved");
    screen.goes_through(&["approved", "signed_in"]).await;
}

#[tokio::test]
async fn a_code_of_another_host_is_not_asked_about() {
    let (ours, theirs) = (sandbox(), sandbox());
    let phone = phone(ours.url()).await;
    let screen = Screen::show(&client(theirs.url())).await;
    let before = ours.requests().len();
    let refused = phone.inspect_qr(&screen.payload, ScanSource::Camera).await.unwrap_err();
    assert_eq!(refused.cause.kind(), "qr_other_host");
    assert_eq!(ours.requests().len(), before);
}
