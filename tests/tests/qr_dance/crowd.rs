//! Many screens at once in one process.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use auth_client::QrState;

use super::{Screen, client, phone, sandbox};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_approval_reaches_its_own_screen() {
    const SCREENS: usize = 100;
    let sandbox = sandbox();
    let phone = phone(sandbox.url()).await;
    let mut screens = Vec::new();
    for profile in 0..SCREENS {
        let client = client(sandbox.url()).for_profile(format!("screen-{profile}").parse().unwrap());
        screens.push(Screen::show(&client).await);
    }
    // Every third one, from the last on.
    for screen in screens.iter_mut().rev().step_by(3) {
        screen.scan(&phone).await.approve().await.expect("approved");
        screen.goes_through(&["approved", "signed_in"]).await;
    }
    for (at, screen) in screens.iter().rev().enumerate() {
        let state = screen.sign_in.current().expect("a state");
        match state {
            QrState::SignedIn(session) if at % 3 == 0 => {
                let own = format!("screen-{}", SCREENS - 1 - at);
                assert_eq!(session.profile().as_str(), own);
            }
            QrState::Shown(_) if at % 3 != 0 => {}
            other => panic!("{at}: {other:?}"),
        }
    }
}

/// A machine in front of a host that closes each new connection at once when it is full.
fn gate(target: u16, is_full: Arc<AtomicBool>) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            if is_full.load(Ordering::SeqCst) {
                continue;
            }
            thread::spawn(move || {
                let server = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).expect("the sandbox listens");
                let (mut to_server, mut from_client) =
                    (server.try_clone().expect("one more"), client.try_clone().expect("one more"));
                let (mut from_server, mut to_client) = (server, client);
                let up = thread::spawn(move || {
                    let _end = std::io::copy(&mut from_client, &mut to_server);
                    let _closed = to_server.shutdown(std::net::Shutdown::Both);
                });
                let _end = std::io::copy(&mut from_server, &mut to_client);
                let _closed = to_client.shutdown(std::net::Shutdown::Both);
                let _joined = up.join();
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_has_no_connection_left_loses_none_of_those_who_wait() {
    const WAITING: usize = 20;
    let sandbox = sandbox();
    let phone = phone(sandbox.url()).await;
    let is_full = Arc::new(AtomicBool::new(false));
    let port = gate(sandbox.port(), is_full.clone());
    let host = format!("http://127.0.0.1:{port}");
    let mut screens = Vec::new();
    for profile in 0..WAITING {
        let client = client(&host).for_profile(format!("screen-{profile}").parse().unwrap());
        screens.push(Screen::show(&client).await);
    }
    is_full.store(true, Ordering::SeqCst);
    let mut states = client(&host).qr_sign_in().states();
    let refused = states.next().await.expect("an error").expect_err("no connection is left");
    assert!(["interrupted", "unreachable"].contains(&refused.cause.kind()), "{}", refused.cause.kind());
    // Those who wait exchange their approvals by new connections.
    is_full.store(false, Ordering::SeqCst);
    let direct = sandbox.url().to_owned();
    for screen in &mut screens {
        assert!(matches!(screen.sign_in.current(), Some(QrState::Shown(_))));
        let scanned = screen.payload.replace(&host, &direct);
        let request = phone.inspect_qr(&scanned, auth_client::ScanSource::Camera).await.expect("a code");
        request.approve().await.expect("approved");
        screen.goes_through(&["approved", "signed_in"]).await;
    }
}
