//! The forced reset of a password: an e-mailed code, a new password, and a sign-in with it.

use auth_sandbox::{Sandbox, Users};
use e2e::codes::{app_code, other_than};
use e2e::expect::{self, Form};
use e2e::shell::Shell;

#[test]
fn step_by_step_with_every_mistake_on_the_way() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        expect::needs(form, &form.of(shell.sign_in("reset@example.com", "")).run(), "reset_code", &[]);

        let code = sandbox.last_code("reset@example.com").unwrap();
        let done = form.of(shell.b2auth("signin --resume --code").arg(other_than(&code))).run();
        expect::error(form, &done, 4, "wrong_code");
        let done = form.of(shell.b2auth("signin --resume --code").arg(&code)).run();
        expect::needs(form, &done, "new_password", &[]);

        let weak = form.of(shell.b2auth("signin --resume --new-password-stdin").input("short\n")).run();
        let error = expect::error(form, &weak, 4, "password_refused");
        if form == Form::Json {
            assert_eq!(error["recovery"], "ask_user");
            assert!(error["host_says"][0].as_str().unwrap().contains("at least 8 characters"), "{error}");
        }
        assert!(weak.err.contains("at least 8 characters"), "the host's rule is passed on: {weak:#?}");

        let call = shell.b2auth("signin --resume --new-password-stdin").input("NewSecret456\n");
        expect::signed_in(form, &form.of(call).run(), "reset@example.com", "front");

        // The old password is no good any more, and the new one is.
        let elsewhere = Shell::at_sandbox(&sandbox);
        elsewhere.sign_in("reset@example.com", "").run().exits(4);
        let call =
            elsewhere.b2auth("signin --email reset@example.com --password-stdin").input("NewSecret456\n");
        call.run().exits(0);
    }
}

#[test]
fn code_and_new_password_in_one_call() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in("reset@example.com", "").run().exits(10);
        let code = sandbox.last_code("reset@example.com").unwrap();
        let call =
            shell.b2auth("signin --resume --new-password-stdin --code").arg(code).input("NewSecret456\n");
        expect::signed_in(form, &form.of(call).run(), "reset@example.com", "front");
    }
}

#[test]
fn an_authenticator_user_gives_a_code_after_the_new_password() {
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let users = format!(
        "[[user]]\nemail = \"ann@example.org\"\npassword = \"hers-at-first-1\"\noffice = \"front\"\n\
         methods = [\"google\"]\ntotp_secret = \"{SECRET}\"\nforce_reset = true\n"
    );
    for form in Form::BOTH {
        let sandbox = Sandbox::builder().users(Users::from_toml(&users).unwrap()).start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let call = shell.b2auth("signin --email ann@example.org --password-stdin").input("hers-at-first-1\n");
        expect::needs(form, &form.of(call).run(), "reset_code", &[]);
        let mailed = sandbox.last_code("ann@example.org").unwrap();
        expect::needs(
            form,
            &form.of(shell.b2auth("signin --resume --code").arg(mailed)).run(),
            "new_password",
            &[],
        );
        let call = shell.b2auth("signin --resume --new-password-stdin").input("NewSecret456\n");
        expect::needs(form, &form.of(call).run(), "code", &["google"]);
        let done = form.of(shell.b2auth("signin --resume --code").arg(app_code(SECRET))).run();
        expect::signed_in(form, &done, "ann@example.org", "front");
    }
}

#[test]
fn a_code_is_used_once() {
    let users = "[[user]]\nemail = \"ann@example.org\"\npassword = \"hers-at-first-1\"\noffice = \"front\"\n\
                 methods = [\"sms\"]\nforce_reset = true\n";
    let sandbox = Sandbox::builder().users(Users::from_toml(users).unwrap()).start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell
        .b2auth("signin --email ann@example.org --password-stdin")
        .input("hers-at-first-1\n")
        .run()
        .exits(10);
    let mailed = sandbox.last_code("ann@example.org").unwrap();
    let call = shell.b2auth("signin --resume --json --new-password-stdin --code").arg(mailed);
    // The e-mailed code is not tried again where the code of the SMS is wanted.
    expect::needs(Form::Json, &call.input("NewSecret456\n").run(), "code", &["sms"]);
    assert!(sandbox.requests().iter().all(|request| !request.path.ends_with("/2fa/sms")));
}

#[test]
fn a_reset_ordered_between_two_sign_ins_is_met_at_the_next() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("plain@example.com", "").run().exits(0);
    assert!(sandbox.force_reset("plain@example.com"));
    let done = shell.sign_in("plain@example.com", "--json").run();
    expect::needs(Form::Json, &done, "reset_code", &[]);
    // The session from before is still there.
    shell.b2auth("status").run().exits(0);
}
