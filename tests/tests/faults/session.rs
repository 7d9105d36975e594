//! The same faults at the endpoints of a session: what was sent, and what is kept. When to ask again is not told here.

use auth_client::{Office, Session, SignInStep};
use e2e::past::block_on;
use e2e::raw_host::{RawHost, wizard};
use e2e::walker::{EndpointCase, Walker};

use super::rows::{QUICK, Row};

async fn session(walker: &Walker) -> (auth_client::AuthClient, Session) {
    let client = walker.device();
    let sign_in = walker.to(&client, EndpointCase::SignIn).await;
    walker.finish(&sign_in, EndpointCase::SignIn).await;
    let SignInStep::SignedIn(session) = sign_in.current() else { panic!("signed in") };
    (client, session)
}

fn sent(walker: &Walker, end: &str) -> usize {
    walker.sandbox.requests().iter().filter(|request| request.path.ends_with(end)).count()
}

fn set(walker: &Walker, endpoint: &str, row: &Row, target: &RawHost) {
    let fault = row.fault.replace("TARGET", &target.url());
    walker.sandbox.fault(format!("{endpoint}:{fault}").parse().expect("a fault"));
}

#[test]
fn refreshing_keeps_the_session_and_asks_once() {
    let walker = Walker::new();
    let target = RawHost::start(|_| wizard());
    for row in &QUICK {
        block_on(async {
            let (client, session) = session(&walker).await;
            let before = sent(&walker, "/refresh");
            set(&walker, "refresh", row, &target);
            let failed = session.refresh().await.expect_err(row.fault);
            assert_eq!(failed.cause.kind(), row.kind, "{}", row.fault);
            assert_eq!(sent(&walker, "/refresh") - before, 1, "{}: a refresh spends its token", row.fault);
            let kept = client.session(Office::Front).await.expect("the store reads");
            assert_eq!(
                kept.as_ref().map(|kept| kept.account()),
                Some(EndpointCase::SignIn.email()),
                "{}",
                row.fault
            );
            assert!(session.access_token().await.is_ok(), "{}: the old token serves on", row.fault);
        });
    }
    assert_eq!(target.requests().len(), 0, "a token never goes to another host");
}

#[test]
fn signing_out_is_done_here_whatever_the_host_does() {
    let walker = Walker::new();
    let target = RawHost::start(|_| wizard());
    for row in &QUICK {
        block_on(async {
            let (client, session) = session(&walker).await;
            let before = sent(&walker, "/signout");
            set(&walker, "sign_out", row, &target);
            session.sign_out().await.expect(row.fault);
            assert!(client.session(Office::Front).await.expect("the store reads").is_none(), "{}", row.fault);
            assert_eq!(sent(&walker, "/signout") - before, 1, "{}", row.fault);
        });
    }
    assert_eq!(target.requests().len(), 0, "a token never goes to another host");
}
