//! A program that gets no further thread from its system: from the start on, or in the middle of its work. Threads for whose stack there
//! is no room are as good as none; the test that starts this says how large their stacks are.

#![allow(clippy::print_stdout, reason = "what it prints is read by the test")]

use std::process::ExitCode;

use auth_client::secret::Password;
use auth_client::store::FileStore;
use auth_client::{AuthClient, BuildError, Credentials, Office, SignInStep};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the heap may still grow by.
const HEAP: u64 = 300 << 20;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    let [_, when, host, store] = words.as_slice() else { panic!("when, host and store") };
    if when == "from the start" {
        no_more_threads();
    }
    let client = match AuthClient::builder(host).store(FileStore::with_key_file(store)).build() {
        Ok(client) => client,
        Err(BuildError::NoThread) => {
            println!("no thread");
            return ExitCode::SUCCESS;
        }
        Err(error) => panic!("{error}"),
    };
    if when == "in the middle" {
        no_more_threads();
    }
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it needs no thread");
    runtime.block_on(work(&client));
    ExitCode::SUCCESS
}

/// A sign-in, which is saved, a refresh and a sign-out; it says what comes of each.
async fn work(client: &AuthClient) {
    let SignInStep::Start(start) = client.sign_in(Office::Front).current() else { panic!("another step") };
    let form = match start.open().await {
        Ok(SignInStep::Credentials(form)) => form,
        Ok(step) => panic!("another step: {}", step.name()),
        Err(error) => return println!("sign-in: {}: {}", error.cause.kind(), why(&error)),
    };
    let session = match form.submit(Credentials::new("plain@example.com", Password::new("Secret123"))).await {
        Ok(SignInStep::SignedIn(session)) => session,
        Ok(step) => panic!("another step: {}", step.name()),
        Err(error) => return println!("sign-in: {}", error.cause.kind()),
    };
    println!("signed in");
    match session.refresh().await {
        Ok(()) => println!("refreshed"),
        Err(error) => println!("refresh: {}", error.cause.kind()),
    }
    match session.sign_out().await {
        Ok(_) => println!("signed out"),
        Err(error) => println!("sign-out: {}", error.cause.kind()),
    }
}

/// What lies behind an error, for a person.
fn why(error: &dyn std::error::Error) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

/// Lowers the limit until no thread is to be had: one that has just ended may still give its stack back.
fn no_more_threads() {
    let maximum = getrlimit(Resource::As).maximum;
    loop {
        let pages = std::fs::read_to_string("/proc/self/statm").expect("it runs on Linux");
        let pages: u64 =
            pages.split(' ').next().and_then(|number| number.parse().ok()).expect("a number of pages");
        let limit = Rlimit { current: Some(pages * 4096 + HEAP), maximum };
        setrlimit(Resource::As, limit).expect("it is lowered");
        match std::thread::Builder::new().spawn(|| ()) {
            Ok(thread) => thread.join().expect("it does nothing"),
            Err(_) => return,
        }
    }
}
