//! What is kept over a restart, and what is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use auth_sandbox::{Builder, Limits, Sandbox, StartError, StateError, Users};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Rig};

const ANN: &str = r#"
    [[user]]
    email = "ann@example.org"
    password = "Secret123"
    office = "front"
    methods = ["google"]
"#;

/// A folder of the test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("auth-sandbox-{name}-{}", std::process::id()));
        let _left = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn state(&self) -> PathBuf {
        self.0.join("state.json")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

fn kept(folder: &Folder) -> Builder {
    Sandbox::builder().state_file(folder.state())
}

fn users(toml: &str) -> Users {
    Users::from_toml(toml).unwrap()
}

#[tokio::test]
async fn sessions_go_on_with_their_rotation() {
    let folder = Folder::new("sessions");
    let (first, second, over) = {
        let rig = Rig::with(kept(&folder));
        let first = rig.enter("plain@example.com").await.tokens();
        let second = rig.refresh(&first.1).await.tokens();
        let over = rig.enter("plain@example.com").await.tokens();
        assert_eq!(rig.post_bearer("/api/v2/my/signout", &over.0).await.status, 200);
        (first, second, over)
    };
    let rig = Rig::with(kept(&folder));
    assert_eq!(rig.who_am_i(&second.0).await, 200);
    assert_eq!(rig.sandbox.owner_of(&second.0).as_deref(), Some("plain@example.com"));
    assert_eq!((rig.who_am_i(&over.0).await, rig.refresh(&over.1).await.status), (401, 401));
    let third = rig.refresh(&second.1).await.tokens();
    assert_eq!(rig.who_am_i(&third.0).await, 200);
    // A token that was spent before the restart ends the session.
    assert_eq!(rig.refresh(&first.1).await.status, 401);
    assert_eq!((rig.who_am_i(&third.0).await, rig.refresh(&third.1).await.status), (401, 401));
}

#[tokio::test]
async fn tokens_end_when_they_would_have_ended() {
    let folder = Folder::new("ends");
    let tokens = Rig::with(kept(&folder)).enter("plain@example.com").await.tokens();
    let rig = Rig::with(kept(&folder));
    rig.seconds(15 * 60 - 1);
    assert_eq!(rig.who_am_i(&tokens.0).await, 200);
    rig.seconds(1);
    assert_eq!(rig.who_am_i(&tokens.0).await, 401);
    rig.seconds(45 * 60);
    assert_eq!(rig.refresh(&tokens.1).await.status, 401);
}

async fn set_password(rig: &Rig, password: &str) {
    let uuid = rig.enter("reset@example.com").await.uuid();
    let code = rig.sandbox.last_code("reset@example.com").unwrap();
    let restore = json!({ "uuid": uuid, "action": "code", "code": code });
    let uuid = rig.post("/api/v2/my/signin/password/restore", restore).await.uuid();
    let reset = json!({ "uuid": uuid, "password": password, "passwordConfirmation": password });
    assert_eq!(rig.post("/api/v2/my/signin/password/reset", reset).await.status, 200);
}

#[tokio::test]
async fn a_password_that_was_set_stays() {
    let folder = Folder::new("password");
    set_password(&Rig::with(kept(&folder)), "Another456").await;
    for _ in 0..2 {
        let rig = Rig::with(kept(&folder));
        assert_eq!(rig.enter("reset@example.com").await.status, 400);
        let uuid = rig.wizard().await;
        rig.sign_in(&uuid, "reset@example.com", "Another456").await.tokens();
        rig.enter("plain@example.com").await.tokens();
    }
    let text = fs::read_to_string(folder.state()).unwrap();
    assert!(!text.contains("Another456") && !text.contains(PASSWORD), "{text}");
}

#[tokio::test]
async fn a_block_lasts_and_attempts_count() {
    let folder = Folder::new("block");
    let limits = || Limits::default().sign_in(3);
    {
        let rig = Rig::with(kept(&folder).limits(limits()));
        for status in [400, 400] {
            let uuid = rig.wizard().await;
            assert_eq!(rig.sign_in(&uuid, "plain@example.com", "wrong").await.status, status);
        }
    }
    {
        let rig = Rig::with(kept(&folder).limits(limits()));
        rig.enter("plain@example.com").await.tokens();
        assert_eq!(rig.enter("plain@example.com").await.status, 429);
    }
    let rig = Rig::with(kept(&folder).limits(limits()));
    rig.seconds(10);
    let blocked = rig.enter("plain@example.com").await;
    assert_eq!((blocked.status, &blocked.headers["retry-after"]), (429, &"590".parse().unwrap()));
    rig.seconds(590);
    rig.enter("plain@example.com").await.tokens();
}

#[tokio::test]
async fn an_authenticator_that_was_made_up_stays_and_its_codes_are_spent() {
    let folder = Folder::new("totp");
    let (secret, code) = {
        let rig = Rig::with(kept(&folder).users(users(ANN)));
        let (secret, code) = (rig.sandbox.totp_secret("ann@example.org"), rig.totp("ann@example.org"));
        let uuid = rig.enter("ann@example.org").await.uuid();
        assert_eq!(rig.code("google", &uuid, &code).await.status, 200);
        (secret, code)
    };
    let rig = Rig::with(kept(&folder).users(users(ANN)));
    assert_eq!(rig.sandbox.totp_secret("ann@example.org"), secret);
    let uuid = rig.enter("ann@example.org").await.uuid();
    assert_eq!(rig.code("google", &uuid, &code).await.status, 400, "it was used before the restart");
    drop(rig);
    // One that somebody has chosen since counts more.
    let chosen = ANN.replace("methods", "totp_secret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n methods");
    let rig = Rig::with(kept(&folder).users(users(&chosen)));
    let secret = rig.sandbox.totp_secret("ann@example.org");
    assert_eq!(secret.as_deref(), Some("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
}

#[tokio::test]
async fn users_that_there_are_no_more_are_forgotten_with_their_sessions() {
    let folder = Folder::new("users");
    let tokens = Rig::with(kept(&folder)).enter("plain@example.com").await.tokens();
    let rig = Rig::with(kept(&folder).users(users(ANN)));
    assert_eq!(rig.who_am_i(&tokens.0).await, 401);
    assert_eq!(rig.sandbox.unrevoked_sessions(), 0);
}

#[tokio::test]
async fn a_change_is_in_the_file_soon_and_the_file_is_private() {
    let folder = Folder::new("soon");
    let rig = Rig::with(kept(&folder));
    let before = fs::read_to_string(folder.state()).unwrap();
    rig.enter("plain@example.com").await.tokens();
    let started = std::time::Instant::now();
    while fs::read_to_string(folder.state()).unwrap() == before {
        assert!(started.elapsed() < Duration::from_secs(60), "it is not written");
        tokio::task::yield_now().await;
    }
    #[cfg(unix)]
    for file in fs::read_dir(&folder.0).unwrap() {
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.unwrap().metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[track_caller]
fn refused(path: &Path) -> StateError {
    match Sandbox::builder().state_file(path).start() {
        Err(StartError::State(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn what_does_not_read_is_refused_and_left_as_it_is() {
    let folder = Folder::new("refused");
    Rig::with(kept(&folder)).enter("plain@example.com").await.tokens();
    let good = fs::read_to_string(folder.state()).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut state = serde_json::from_str(&good).unwrap();
        change(&mut state);
        state.to_string()
    };
    let cases = [
        (String::new(), false),
        ("my notes".to_owned(), false),
        (good[..good.len() / 2].to_owned(), false),
        ("{\"format\": \"another\", \"version\": 1}".to_owned(), false),
        (changed(&|state| state["version"] = json!(2)), true),
        (changed(&|state| state["more"] = json!(1)), false),
        (changed(&|state| state["sessions"]["tokens"][0]["digest"] = json!("AAAA")), false),
        (changed(&|state| state["sessions"]["families"] = json!([])), false),
        (changed(&|state| state["users"][0]["password"] = json!("AAAA")), false),
    ];
    for (text, is_newer) in cases {
        write_private(&folder.state(), &text);
        let why = refused(&folder.state());
        let is_told = match &why {
            StateError::Newer { version: 2 } => is_newer,
            StateError::Unreadable { .. } => !is_newer,
            _ => false,
        };
        assert!(is_told, "{why:?}: {text}");
        assert_eq!(fs::read_to_string(folder.state()).unwrap(), text);
    }
    write_private(&folder.state(), &good);
    fs::set_permissions(folder.state(), std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
    assert!(matches!(refused(&folder.state()), StateError::Open));
    write_private(&folder.0.join("copy"), &good);
    assert!(matches!(refused(&folder.0.join("missing/state")), StateError::Write(_)));
    assert!(Sandbox::builder().state_file(folder.0.join("copy")).start().is_ok());
}

#[tokio::test]
async fn two_sandboxes_cannot_have_the_same_file() {
    let folder = Folder::new("two");
    let first = kept(&folder).start().unwrap();
    assert!(matches!(refused(&folder.state()), StateError::InUse));
    drop(first);
    kept(&folder).start().unwrap();
}

/// As the first version wrote it.
const FORMAT_1: &str = r#"{
  "format": "b2core-auth-sandbox-state",
  "version": 1,
  "users": [{
    "office": "front", "email": "plain@example.com", "password": null, "force_reset": true, "totp_secret": null, "spent_steps": []
  }],
  "sessions": {
    "families": [{"id": 7, "office": "front", "email": "plain@example.com", "revoked": false}],
    "tokens": [{
      "digest": "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
      "family": 7, "good_for": "access", "expires": "2025-03-01T12:10:00Z", "spent": null
    }]
  },
  "attempts": [{
    "office": "front", "group": "sign_in", "account": "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", "ip": "127.0.0.1",
    "times": ["2025-03-01T12:00:00Z"], "blocked_until": null
  }]
}"#;

#[cfg(unix)]
#[tokio::test]
async fn format_1_stays_readable() {
    let folder = Folder::new("format-1");
    write_private(&folder.state(), FORMAT_1);
    let rig = Rig::with(kept(&folder));
    // The token is the text `hello`.
    assert_eq!(rig.sandbox.owner_of("hello").as_deref(), Some("plain@example.com"));
    assert_eq!(rig.enter("plain@example.com").await.workflow(), "reset_password_email");
}
