//! Real processes at a real host: this test binary runs again as one of a service's processes.

use crate::fleet::{profile, user};
use auth_client::{
    AuthClient, Credentials, Limits, Office, RefreshQuota, SignInStep, TestClock, secret::Password,
    store::SqliteStore,
};
use auth_sandbox::{Sandbox, Users};
use std::{
    env,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const STORE: &str = "AUTH_CLIENT_TEST_FLEET_STORE";
const HOST: &str = "AUTH_CLIENT_TEST_FLEET_HOST";

const USERS: usize = 60;
const PER_SECOND: u32 = 20;
const LIFE: Duration = Duration::from_secs(120);
const WITHIN: Duration = Duration::from_secs(60);
/// Nothing here may take longer.
const BOUND: Duration = Duration::from_secs(120);

fn client(host: &str, store: &Path, clock: TestClock) -> AuthClient {
    AuthClient::builder(host)
        .store(SqliteStore::with_key_file(store))
        .clock(clock)
        .limits(Limits::unlimited())
        .refresh_quota(RefreshQuota::per_second(PER_SECOND))
        .build()
        .expect("a client")
}

async fn sign_in(client: &AuthClient, n: usize) {
    let sign_in = client.for_profile(profile(n)).sign_in(Office::Front);
    loop {
        match sign_in.current() {
            SignInStep::Start(step) => step.open().await,
            SignInStep::Credentials(step) => {
                let account = format!("{}@example.com", user(n));
                step.submit(Credentials::new(account, Password::new("Secret123"))).await
            }
            _ => break,
        }
        .expect("signed in");
    }
}

/// What a process of the service does; in the test run itself there is nothing for it to do.
#[tokio::test]
async fn process() {
    let (Some(store), Ok(host)) = (env::var_os(STORE), env::var(HOST)) else { return };
    let clock = TestClock::default();
    // By now all tokens are due.
    clock.advance(WITHIN + Duration::from_secs(1));
    let client = client(&host, store.as_ref(), clock);
    loop {
        let round = client.refresh_due(Office::Front, WITHIN, 4).await;
        if round.stopped.is_none() && round.due == 0 && round.failed.is_empty() {
            assert_eq!(round.sessions, USERS);
            return;
        }
        tokio::time::sleep(round.call_again_in).await;
    }
}

fn start(host: &str, store: &Path) -> Child {
    let (_, module) = module_path!().split_once("::").expect("in a module");
    Command::new(env::current_exe().expect("a path"))
        .args(["--exact", &format!("{module}::process")])
        .env(STORE, store)
        .env(HOST, host)
        .stdout(Stdio::null())
        .spawn()
        .expect("a process")
}

fn refreshes(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count()
}

#[tokio::test]
async fn four_processes_of_which_one_is_killed_refresh_all_sessions_within_the_quota() {
    let users: String = (0..USERS)
        .map(|n| {
            let email = format!("{}@example.com", user(n));
            format!("[[user]]\nemail = \"{email}\"\npassword = \"Secret123\"\noffice = \"front\"\n")
        })
        .collect();
    // The one that is killed may have been given a pair that it could not save.
    let sandbox = Sandbox::builder()
        .users(Users::from_toml(&users).unwrap())
        .limits(auth_sandbox::Limits::off())
        .token_lifetimes(LIFE, Duration::from_secs(3600))
        .refresh_grace(Duration::from_secs(600))
        .start()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("sessions.sqlite");
    let clock = TestClock::default();
    let here = client(sandbox.url(), &store, clock.clone());
    for n in 0..USERS {
        sign_in(&here, n).await;
    }
    let started = Instant::now();
    let mut processes: Vec<Child> = (0..4).map(|_| start(sandbox.url(), &store)).collect();
    while refreshes(&sandbox) < 5 {
        assert!(started.elapsed() < BOUND, "the processes are at work");
        tokio::task::yield_now().await;
    }
    let mut killed = processes.pop().unwrap();
    killed.kill().unwrap();
    killed.wait().unwrap();
    for mut process in processes {
        let status = tokio::task::spawn_blocking(move || process.wait());
        let status = tokio::time::timeout(BOUND, status).await.expect("nobody waits for ever");
        assert!(status.unwrap().unwrap().success());
    }
    let sent = refreshes(&sandbox);
    // At most four were under way in the one that was killed, and are sent once more.
    assert!((USERS..=USERS + 4).contains(&sent), "{sent}");
    let seconds = usize::try_from(started.elapsed().as_secs()).unwrap() + 1;
    assert!(sent <= seconds * PER_SECOND as usize * 4 / 5, "{sent} in {seconds} s");
    // As late as it is for them.
    clock.advance(WITHIN + Duration::from_secs(1));
    for n in 0..USERS {
        let session = here.for_profile(profile(n)).session(Office::Front).await.unwrap().unwrap();
        assert!(session.access_token().await.is_ok());
    }
    assert_eq!(refreshes(&sandbox), sent, "all are fresh");
}
