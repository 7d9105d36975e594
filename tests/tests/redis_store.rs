//! `b2auth` on a store in Redis, which several machines share.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use auth_client::store::{RedisStore, StorePassphrase};
use auth_client::{AuthClient, Office};
use auth_sandbox::{Act, Endpoint, Fault, Sandbox};
use e2e::expect::{self, Form};
use e2e::past::{self, block_on};
use e2e::redis_server::RedisServer;
use e2e::shell::{Done, Shell};
use e2e::{bearer, waiting};

const EMAIL: &str = "plain@example.com";
const PASSPHRASE: &str = "correct horse";

/// One of several machines with a store: a home of its own.
fn machine(sandbox: &Sandbox, redis: &RedisServer) -> Shell {
    Shell::at_sandbox(sandbox).with("B2AUTH_STORE", redis.url()).with("B2AUTH_STORE_KEY", PASSPHRASE)
}

fn store(redis: &RedisServer) -> RedisStore {
    RedisStore::new(redis.url().parse().expect("a URL"), StorePassphrase::new(PASSPHRASE))
}

fn secret(shell: &Shell, name: &str, text: &str) -> PathBuf {
    let path = shell.home().join(name);
    fs::write(&path, text).expect("written");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).expect("its mode is set");
    path
}

#[test]
fn machines_share_their_sessions_and_nothing_lies_on_their_disks() {
    let (sandbox, redis) = (Sandbox::start().unwrap(), RedisServer::start());
    let (one, other) = (machine(&sandbox, &redis), machine(&sandbox, &redis));
    other.b2auth("token").run().exits(3);
    one.sign_in(EMAIL, "").run().exits(0);
    let token = one.b2auth("token").run().exits(0).out;
    assert_eq!(other.b2auth("token").run().exits(0).out, token);
    other.b2auth("refresh").run().exits(0);
    let token = one.b2auth("token").run().exits(0).out;
    assert_eq!(other.b2auth("token").run().exits(0).out, token);
    one.sign_in("sms@example.com", "--profile second").run().exits(10);
    other.sign_in("root@example.com", "--office back").run().exits(0);
    let listed = one.b2auth("accounts --json").run().exits(0).json();
    assert_eq!(listed["accounts"].as_array().map(Vec::len), Some(3), "{listed}");
    assert!(one.files().is_empty() && other.files().is_empty());
    let wrong = other.b2auth("token --json").env("B2AUTH_STORE_KEY", "battery staple").run();
    expect::error(Form::Json, &wrong, 8, "store_wrong_key");
    one.b2auth("signout --all").run().exits(0);
    assert_eq!(other.b2auth("accounts").run().exits(0).line(), "no accounts");
    other.b2auth("token").run().exits(3);
}

#[test]
fn a_server_that_is_away_signs_nobody_out() {
    let sandbox = Sandbox::start().unwrap();
    let mut redis = RedisServer::start();
    let shell = machine(&sandbox, &redis);
    shell.sign_in(EMAIL, "").run().exits(0);
    let token = shell.b2auth("token").run().exits(0).out;
    let requests = sandbox.requests().len();
    redis.kill();
    for form in Form::BOTH {
        for words in ["token", "status", "accounts", "refresh", "signout"] {
            let done = form.of(shell.b2auth(words)).run();
            expect::error(form, &done, 8, "store_unavailable");
        }
    }
    redis.restart();
    assert_eq!(shell.b2auth("token").run().exits(0).out, token);
    redis.stop();
    let done = shell.b2auth("token --json --timeout 1").run();
    expect::error(Form::Json, &done, 8, "store_unavailable");
    redis.go_on();
    assert_eq!(shell.b2auth("token").run().exits(0).out, token);
    assert_eq!(sandbox.requests().len(), requests, "the host is not asked");
}

#[test]
fn a_password_is_read_from_its_file_and_no_text_shows_one() {
    let sandbox = Sandbox::start().unwrap();
    let redis = RedisServer::with(&["--requirepass", "s3cret-marker"]);
    let shell = machine(&sandbox, &redis);
    let denied = shell.sign_in(EMAIL, "--json").run();
    expect::error(Form::Json, &denied, 8, "store_unavailable");
    assert!(denied.err.contains("user and password"), "what is to be done is said: {denied:#?}");
    let file = secret(&shell, "password", "s3cret-marker\n");
    let by_file = format!("{}?password-file={}", redis.url(), file.display());
    shell.sign_in(EMAIL, "").env("B2AUTH_STORE", &by_file).run().exits(0);
    let in_url = redis.url().replace("://", "://:s3cret-marker@");
    let wrong = redis.url().replace("://", "://:wrong-marker@");
    let mut said = String::new();
    for (url, code) in
        [(&in_url, 0), (&wrong, 8), (&format!("{in_url}/marker"), 2), (&format!("{in_url}#"), 2)]
    {
        for words in ["-vv token", "token --json", "status", "store rekey memory"] {
            let done = shell.b2auth(words).arg("--store").arg(url).run();
            assert!(done.code == code || words.starts_with("store"), "{words}: {done:#?}");
            said.push_str(&done.out);
            said.push_str(&done.err);
        }
    }
    for (url, code) in [(&in_url, 0), (&wrong, 8)] {
        let in_variable = shell.b2auth("-vv run -- env").env("B2AUTH_STORE", url).run().exits(code);
        said.push_str(&in_variable.out);
        said.push_str(&in_variable.err);
    }
    assert!(!said.contains("marker"), "{said}");
    // With its file the command can ask again, and from any folder.
    let asks = shell.b2auth("run -- sh -c").arg("cd / && \"$B2AUTH_PROGRAM\" token");
    let key = secret(&shell, "key", PASSPHRASE);
    let asked =
        asks.env("B2AUTH_STORE", &by_file).env_remove("B2AUTH_STORE_KEY").env("B2AUTH_STORE_KEY_FILE", key);
    assert_eq!(bearer::status(&sandbox, asked.run().exits(0).line()), 200);
}

#[test]
fn over_tls_the_authority_is_named_by_a_file() {
    let (sandbox, redis) = (Sandbox::start().unwrap(), RedisServer::over_tls());
    let shell = machine(&sandbox, &redis);
    for words in ["token --json", "status --json"] {
        expect::error(Form::Json, &shell.b2auth(words).run(), 8, "store_unavailable");
    }
    let shell = shell.with("B2AUTH_STORE_CA_FILE", redis.ca_file());
    shell.b2auth("token").run().exits(3);
    shell.sign_in(EMAIL, "").run().exits(0);
    let token = shell.b2auth("token").run().exits(0).out;
    assert_eq!(bearer::status(&sandbox, token.trim()), 200);
    assert!(shell.b2auth("accounts").run().exits(0).out.contains(EMAIL));
    let missing = shell.b2auth("token --json").env("B2AUTH_STORE_CA_FILE", "none.pem").run();
    expect::error(Form::Json, &missing, 2, "usage");
    let plain = redis.url().replace("rediss", "redis");
    let done = shell.b2auth("token --json").env("B2AUTH_STORE", plain).run();
    expect::error(Form::Json, &done, 8, "store_unavailable");
}

#[test]
fn what_cannot_be_a_store_is_a_wrong_call() {
    let (sandbox, redis) = (Sandbox::start().unwrap(), RedisServer::start());
    let shell = machine(&sandbox, &redis);
    let unsealed = shell.b2auth("token --json").env_remove("B2AUTH_STORE_KEY").run();
    expect::error(Form::Json, &unsealed, 2, "usage");
    assert!(unsealed.err.contains("B2AUTH_STORE_KEY_FILE"), "{unsealed:#?}");
    for url in
        ["redis://", "redis:x", "redis+x://h", "redis://h?x=1", "redis://h?user=ann", "rediss+unix:///x"]
    {
        let done = shell.b2auth("token --json").env("B2AUTH_STORE", url).run();
        expect::error(Form::Json, &done, 2, "usage");
    }
    let aside = shell.sign_in(EMAIL, "--json --set-store-aside").run();
    expect::error(Form::Json, &aside, 2, "usage");
    expect::error(Form::Json, &shell.b2auth("store rekey --json --new-key-file").run(), 2, "usage");
}

#[test]
fn sessions_are_copied_to_it_and_sealed_anew_in_it() {
    let (sandbox, redis) = (Sandbox::start().unwrap(), RedisServer::start());
    let shell = machine(&sandbox, &redis);
    let file = format!("file:{}", shell.home().join("store").display());
    shell.sign_in(EMAIL, "").env("B2AUTH_STORE", &file).run().exits(0);
    let token = shell.b2auth("token").env("B2AUTH_STORE", &file).run().exits(0).out;
    shell.b2auth("store copy").arg(&file).arg(redis.url()).run().exits(0);
    assert_eq!(shell.b2auth("token").run().exits(0).out, token);
    let same = shell.b2auth("store copy --json").arg(redis.url()).arg(format!("{}/0", redis.url())).run();
    expect::error(Form::Json, &same, 2, "usage");

    let next = secret(&shell, "next", "battery staple");
    let done = shell.b2auth("store rekey --json --new-passphrase-file").arg(&next).run().exits(0).json();
    assert!(done["records"].as_u64().is_some_and(|records| records >= 1), "{done}");
    expect::error(Form::Json, &shell.b2auth("token --json").run(), 8, "store_wrong_key");
    assert_eq!(shell.b2auth("token").env("B2AUTH_STORE_KEY", "battery staple").run().exits(0).out, token);
}

/// The server dies between a refresh and the write of what came of it. The process has the new pair, and writes it once it can: the host
/// forgives nothing, so with the old pair the session would be lost.
#[test]
fn a_server_that_dies_in_the_middle_of_a_refresh_loses_no_session() {
    let sandbox = Sandbox::start().unwrap();
    let mut redis = RedisServer::start();
    block_on(async {
        past::sign_in_to(store(&redis), sandbox.url(), EMAIL, Duration::from_secs(16 * 60)).await;
        let client = AuthClient::builder(sandbox.url()).store(store(&redis)).build().unwrap();
        let session = client.session(Office::Front).await.unwrap().expect("somebody is signed in");
        sandbox.fault(Fault::at(Endpoint::Refresh, Act::delay_after(Duration::from_millis(300))).times(1));
        let asks = tokio::spawn({
            let session = session.clone();
            async move { session.access_token().await.map(|token| token.expose().to_owned()) }
        });
        while refreshes(&sandbox) == 0 {
            tokio::task::yield_now().await;
        }
        redis.kill();
        let first = asks.await.unwrap();
        redis.restart();
        let token = session.access_token().await.unwrap().expose().to_owned();
        assert!(first.as_ref().map_or(true, |first| *first == token), "{first:?}");
        assert_eq!(bearer::status(&sandbox, &token), 200);
    });
    let shell = machine(&sandbox, &redis);
    shell.b2auth("refresh").run().exits(0);
    assert_eq!(bearer::status(&sandbox, shell.b2auth("token").run().exits(0).line()), 200);
    assert_eq!(refreshes(&sandbox), 2);
}

/// How many refreshes the host was asked for.
fn refreshes(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count()
}

#[test]
fn four_processes_with_a_thousand_tasks_each_make_one_refresh() {
    let (sandbox, redis) = (Sandbox::start().unwrap(), RedisServer::start());
    let ago = Duration::from_secs(16 * 60);
    block_on(past::sign_in_to(store(&redis), sandbox.url(), EMAIL, ago));
    // The host takes its time, so that they meet.
    sandbox.fault(Fault::at(Endpoint::Refresh, Act::delay_before(Duration::from_millis(500))));
    let mut running: Vec<Child> = (0..4).map(|_| herd(&sandbox, &redis, 1000)).collect();
    for child in &mut running {
        let mut input = child.stdin.take().expect("it has one");
        input.write_all(b"go\n").expect("it reads");
    }
    let done: Vec<Done> = running
        .into_iter()
        .map(|child| Done::of(child.wait_with_output().expect("it ends")).exits(0))
        .collect();
    assert!(done.iter().all(|each| each.out == done[0].out && each.out.lines().count() == 2), "{done:#?}");
    assert_eq!(refreshes(&sandbox), 1);
    let token = done[0].out.lines().last().expect("a token");
    assert_eq!(bearer::status(&sandbox, token), 200);
}

fn herd(sandbox: &Sandbox, redis: &RedisServer, tasks: usize) -> Child {
    let mut herd = Command::new(env!("CARGO_BIN_EXE_herd"));
    herd.args([sandbox.url(), &redis.url(), PASSPHRASE, &tasks.to_string()]);
    herd.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

/// A process that has sent its refresh token and stands still since, and the shell that it is of.
fn frozen_in_its_refresh(sandbox: &Sandbox, redis: &RedisServer) -> (Shell, Child) {
    let ago = Duration::from_secs(16 * 60);
    block_on(past::sign_in_to(store(redis), sandbox.url(), EMAIL, ago));
    let shell = machine(sandbox, redis).with("B2AUTH_STORE", format!("{}?lease=1", redis.url()));
    sandbox.fault(Fault::at(Endpoint::Refresh, Act::delay_after(Duration::from_millis(300))).times(1));
    let frozen = shell.b2auth("token").start();
    waiting::until("its request", || (refreshes(sandbox) == 1).then_some(()));
    e2e::signals::stop(&frozen);
    (shell, frozen)
}

/// As below, at a host that takes the second use of a refresh token for theft: it ends the session, as docs/fleet.md says. Nobody brings
/// the ended session back.
#[test]
fn a_host_that_forgives_no_second_use_ends_the_session_of_a_frozen_holder() {
    let redis = RedisServer::start();
    let sandbox = Sandbox::start().unwrap();
    let (shell, frozen) = frozen_in_its_refresh(&sandbox, &redis);
    let other = shell.b2auth("token --json").run();
    expect::error(Form::Json, &other, 3, "session_ended");
    e2e::signals::go_on(&frozen);
    let late = Done::of(frozen.wait_with_output().expect("it ends"));
    assert_eq!(late.code, 3, "{late:#?}");
    shell.b2auth("token").run().exits(3);
    assert!(refreshes(&sandbox) <= 3, "{:#?}", sandbox.requests());
    shell.sign_in(EMAIL, "").run().exits(0);
    shell.b2auth("token").run().exits(0);
}

/// A process stands still in the middle of its refresh for longer than its lock lives. Another one refreshes meanwhile. The host sees the
/// same refresh token twice, and forgives it or not; in the store one pair wins, and whoever asks has a token that is good.
#[test]
fn a_holder_that_stood_still_beyond_its_lease_overwrites_nobody() {
    let redis = RedisServer::start();
    let sandbox = Sandbox::builder().refresh_grace(Duration::from_secs(3600)).start().unwrap();
    let (shell, frozen) = frozen_in_its_refresh(&sandbox, &redis);
    let other = shell.b2auth("token").run().exits(0);
    assert_eq!(bearer::status(&sandbox, other.line()), 200);
    e2e::signals::go_on(&frozen);
    let late = Done::of(frozen.wait_with_output().expect("it ends")).exits(0);
    assert_eq!(bearer::status(&sandbox, late.line()), 200, "{late:#?}");
    let kept = shell.b2auth("token").run().exits(0);
    assert_eq!(bearer::status(&sandbox, kept.line()), 200);
    shell.b2auth("refresh").run().exits(0);
    assert!(refreshes(&sandbox) <= 3, "{:#?}", sandbox.requests());
}
