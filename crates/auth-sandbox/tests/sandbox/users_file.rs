//! Users from TOML: what they can be, and how mistakes are told.

use auth_sandbox::{Office, Sandbox, Users, UsersError};
use serde_json::json;

use crate::support::Rig;

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

#[tokio::test]
async fn users_of_a_file_can_sign_in() {
    let text = format!(
        r#"
        [[user]]
        email = "Ann@Example.org"
        password = "annsword"
        office = "front"
        methods = ["google", "sms"]
        totp_secret = "{SECRET}"
        phone = "+441"
        client_id = 87

        [[user]]
        email = "bob@example.org"
        password = "bobsword"
        office = "front"
        methods = ["google"]
        force_reset = true

        [[user]]
        email = "ann@example.org"
        password = "staffsword"
        office = "back"
        mailed_code = true
        "#
    );
    let rig = Rig::with(Sandbox::builder().users(Users::from_toml(&text).unwrap()));
    let uuid = rig.wizard().await;
    let entered = rig.sign_in(&uuid, "ann@example.org", "annsword").await;
    assert_eq!(entered.workflow(), "2fa");
    assert_eq!(rig.choose(&uuid, "sms").await.status, 200);
    assert_eq!(rig.sandbox.outbox()[0].to, "+441");
    assert_eq!(rig.choose(&uuid, "google").await.status, 200);
    assert_eq!(rig.code("google", &uuid, &rig.totp("ann@example.org")).await.json()["done"], true);

    let uuid = rig.wizard().await;
    let reset = rig.sign_in(&uuid, "bob@example.org", "bobsword").await;
    assert_eq!(reset.workflow(), "reset_password_email");
    assert_eq!(rig.back_sign_in("ann@example.org", "staffsword").await.json()["2faRequired"], true);
    assert_eq!(rig.enter("plain@example.com").await.status, 400, "no built-in users beside them");

    let users = rig.sandbox.users();
    assert_eq!(rig.sandbox.totp_secret("ann@example.org").unwrap(), SECRET);
    assert_eq!(rig.sandbox.totp_secret("bob@example.org").unwrap().len(), 32, "made up");
    assert_eq!((users[0].client_id, users[1].client_id, users[2].office), (87, 1, Office::Back));
    assert_eq!(rig.get("/_sandbox/users").await.json()[1]["client_id"], json!(1));
}

/// The error of a file whose second user, from line 5 on, ends with `line`.
fn mistake(line: &str) -> String {
    let text = format!(
        "[[user]]\nemail = \"a@example.org\"\npassword = \"hunter22\"\noffice = \"front\"\n\
         [[user]]\npassword = \"hunter22\"\n{line}"
    );
    let error = Users::from_toml(&text).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hunter22"));
    error.to_string()
}

#[test]
fn mistakes_are_told_with_line_and_field() {
    let front = "email = \"b@example.org\"\noffice = \"front\"\n";
    for (lines, message) in [
        ("office = \"front\"", "line 5: the user has no `email`"),
        ("email = \"b@example.org\"", "line 5: the user has no `office`"),
        ("email = 7", "line 7: `email` must be a text"),
        ("email = \"b\"\noffice = \"front\"", "line 7: `email` must be an e-mail address"),
        ("email = \"b@example.org\"\noffice = \"side\"", "line 8: `office` must be \"front\" or \"back\""),
        (
            "email = \"A@example.org\"\noffice = \"front\"",
            "line 5: another user of this office has the e-mail A@example.org",
        ),
        (&format!("{front}nickname = \"b\""), "line 9: unknown field `nickname`"),
        (
            &format!("{front}methods = [\"pigeon\"]"),
            "line 9: `methods` must be a list of \"google\" and \"sms\", each at most once",
        ),
        (
            &format!("{front}methods = \"sms\""),
            "line 9: `methods` must be a list of \"google\" and \"sms\", each at most once",
        ),
        (
            &format!("{front}methods = [\"google\"]\ntotp_secret = \"AAAA\""),
            "line 10: `totp_secret` must be base32 of at least 16 bytes",
        ),
        (
            &format!("{front}totp_secret = \"{SECRET}\""),
            "line 9: `totp_secret` must be left out without the method \"google\"",
        ),
        (&format!("{front}force_reset = \"yes\""), "line 9: `force_reset` must be true or false"),
        (&format!("{front}mailed_code = true"), "line 9: `mailed_code` must be left out in the front office"),
        (&format!("{front}client_id = -1"), "line 9: `client_id` must be a whole number above 0"),
        (&format!("{front}client_id = 1"), "line 5: another user of this office has the client id 1"),
        (
            "email = \"b@example.org\"\noffice = \"back\"\nmethods = [\"sms\"]",
            "line 9: `methods` must be left out in the back office (there is mailed_code)",
        ),
        (&format!("{front}\n[host]\nname = \"x\""), "line 10: unknown field `host`"),
        (&format!("{front}= ="), "line 9: not valid TOML"),
    ] {
        assert_eq!(mistake(lines), message);
    }
}

#[test]
fn a_file_needs_users() {
    assert_eq!(Users::from_toml("").unwrap_err(), UsersError::NoUsers);
    let error = Users::from_toml("user = 5").unwrap_err();
    assert_eq!(error.to_string(), "line 1: `user` must be a list of tables: [[user]]");
}
