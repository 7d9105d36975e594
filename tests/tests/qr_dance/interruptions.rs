//! The network is cut between any two steps, on either side.

use auth_client::{QrExpiry, QrState};
use auth_sandbox::Sandbox;

use super::{Screen, client, phone, refused, sandbox};

fn cut(sandbox: &Sandbox, fault: &str) {
    sandbox.fault(fault.parse().unwrap_or_else(|_| panic!("{fault}")));
}

#[tokio::test]
async fn a_live_channel_that_is_cut_brings_a_new_code() {
    let sandbox = sandbox();
    let phone = phone(sandbox.url()).await;
    let mut screen = Screen::show(&client(sandbox.url())).await;
    let old = screen.scan(&phone).await;
    assert_eq!(sandbox.drop_live(), 1);
    assert!(matches!(screen.next().await, QrState::Expired(QrExpiry::ConnectionLost)));
    // An approval of the old code is lost to this screen, which does not wait for it.
    old.approve().await.expect("the host takes it");
    screen.goes_through(&["renewed"]).await;
    screen.scan(&phone).await.approve().await.expect("approved");
    screen.goes_through(&["approved", "signed_in"]).await;
}

#[tokio::test]
async fn a_first_code_that_cannot_be_had_is_an_error_of_its_kind() {
    for (fault, kind) in [
        ("qr_channel:drop=before", "interrupted"),
        ("qr_channel:status=503", "host_failed"),
        ("qr_channel:html=502", "host_failed"),
    ] {
        let sandbox = sandbox();
        cut(&sandbox, fault);
        let mut states = client(sandbox.url()).qr_sign_in().states();
        let error = states.next().await.expect("an error").expect_err("no state");
        assert_eq!(error.cause.kind(), kind, "{fault}");
    }
}

#[tokio::test]
async fn a_live_channel_that_does_not_answer_at_first_is_waited_for() {
    let sandbox = sandbox();
    let phone = phone(sandbox.url()).await;
    cut(&sandbox, "live_handshake:html=502,times=2");
    let mut screen = Screen::show(&client(sandbox.url())).await;
    screen.scan(&phone).await.approve().await.expect("approved");
    screen.goes_through(&["approved", "signed_in"]).await;
}

#[tokio::test]
async fn an_exchange_whose_answer_is_lost_is_told_and_not_repeated() {
    for (fault, kind) in [
        ("qr_exchange:drop=before", "interrupted"),
        ("qr_exchange:drop=after", "interrupted"),
        ("qr_exchange:status=503", "host_failed"),
        ("qr_exchange:html=200", "not_b2core"),
    ] {
        let sandbox = sandbox();
        let phone = phone(sandbox.url()).await;
        let mut screen = Screen::show(&client(sandbox.url())).await;
        cut(&sandbox, fault);
        screen.scan(&phone).await.approve().await.expect("approved");
        screen.goes_through(&["approved"]).await;
        assert_eq!(screen.fails().await, kind, "{fault}");
        let posts = sandbox.requests();
        let posts = posts.iter().filter(|r| r.method == "POST" && r.path.ends_with("/my/signin/qrcodes"));
        assert!(posts.count() <= 1, "{fault}");
        // The way is free for another try.
        sandbox.clear_faults();
        let mut again = Screen::show(&client(sandbox.url())).await;
        again.scan(&phone).await.approve().await.expect("approved");
        again.goes_through(&["approved", "signed_in"]).await;
    }
}

#[tokio::test]
async fn an_approval_whose_answer_is_lost_is_uncertain_and_the_screen_shows_what_happened() {
    let sandbox = sandbox();
    let phone = phone(sandbox.url()).await;
    let mut screen = Screen::show(&client(sandbox.url())).await;
    let request = screen.scan(&phone).await;
    // The host has taken it, and the phone does not know.
    cut(&sandbox, "qr_approve:drop=after");
    assert_eq!(refused(&request).await, "qr_uncertain");
    screen.goes_through(&["approved", "signed_in"]).await;

    sandbox.clear_faults();
    let mut screen = Screen::show(&client(sandbox.url())).await;
    let request = screen.scan(&phone).await;
    // It has not, and the phone does not know either.
    cut(&sandbox, "qr_approve:drop=before");
    assert_eq!(refused(&request).await, "qr_uncertain");
    assert_eq!(refused(&request).await, "qr_already_decided", "never by itself, nor by a second tap");
    sandbox.clear_faults();
    screen.scan(&phone).await.approve().await.expect("scanned again");
    screen.goes_through(&["approved", "signed_in"]).await;
}

#[tokio::test]
async fn a_double_event_signs_in_once() {
    let sandbox = sandbox();
    sandbox.set_live_twice(true);
    let phone = phone(sandbox.url()).await;
    let mut screen = Screen::show(&client(sandbox.url())).await;
    screen.scan(&phone).await.approve().await.expect("approved");
    screen.goes_through(&["approved", "signed_in"]).await;
    assert!(screen.states.next().await.is_none());
}

#[tokio::test]
async fn where_there_is_polling_only_it_polls() {
    let builder = Sandbox::builder().live_polling_only(true);
    let sandbox = builder.start().unwrap();
    let phone = phone(sandbox.url()).await;
    let mut screen = Screen::show(&client(sandbox.url())).await;
    screen.scan(&phone).await.approve().await.expect("approved");
    screen.goes_through(&["approved", "signed_in"]).await;
}
