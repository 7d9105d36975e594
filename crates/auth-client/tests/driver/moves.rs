//! Moving from step to step.

use crate::ports::{BOTH, CODE, Reply, WIZARD, World, pair};
use crate::sessions::form_with;
use auth_client::{
    AuthClient, CallError, Credentials, CredentialsStep, LockedOutBy, Office, ResumeError, SignIn,
    SignInError, SignInStep, TwoFactorMethod,
    ports::TransportError,
    secret::{OneTimeCode, Password},
};
use std::time::Duration;

fn login() -> Credentials {
    Credentials::new("ann@example.com", Password::new("Secret123"))
}

async fn at_credentials(world: &World) -> (SignIn, CredentialsStep) {
    let (sign_in, form) = form_with(&world.client(), world).await;
    (sign_in, form)
}

async fn at_code(world: &World) -> SignIn {
    let (sign_in, form) = at_credentials(world).await;
    world.host.say(CODE);
    form.submit(login()).await.expect("it moves on");
    sign_in
}

fn code_step(sign_in: &SignIn) -> auth_client::CodeStep {
    match sign_in.current() {
        SignInStep::Code(code) => code,
        other => panic!("at {}", other.name()),
    }
}

#[tokio::test]
async fn wrong_code_then_right_code_on_the_same_step() {
    let world = World::default();
    let sign_in = at_code(&world).await;
    world.host.next(Reply::Say(400, r#"{"error":{"code":0,"message":"No"}}"#.into()));
    let failed = code_step(&sign_in).submit(OneTimeCode::new("000000")).await.unwrap_err();
    assert!(matches!(failed.cause, SignInError::WrongCode { .. }));
    assert!(failed.correlation_id.is_some());
    world.host.say(pair("one", 900, 3600));
    let SignInStep::SignedIn(session) = code_step(&sign_in).submit(OneTimeCode::new("123456")).await.unwrap()
    else {
        panic!()
    };
    assert_eq!(session.access_token().await.unwrap().expose(), "one-access");
    assert!(world.client().session(Office::Front).await.unwrap().is_some(), "kept in the store");
    assert!(matches!(world.client().resume_sign_in(Office::Front).await, Err(ResumeError::NothingPending)));
}

#[tokio::test]
async fn a_second_submit_answers_busy_and_a_used_step_says_so() {
    let world = World::default();
    let (_, form) = at_credentials(&world).await;
    world.host.hold(CODE);
    let first = tokio::spawn({
        let form = form.clone();
        async move { form.submit(login()).await }
    });
    world.host.arrived.notified().await;
    let second = form.submit(login()).await.unwrap_err();
    assert!(matches!(second.cause, SignInError::Busy));
    world.host.release.notify_one();
    assert_eq!(first.await.unwrap().unwrap().name(), "code");
    let third = form.submit(login()).await.unwrap_err();
    assert!(matches!(third.cause, SignInError::StaleStep));
    assert_eq!(world.host.asked().len(), 2, "the wizard and one sign-in");
}

#[tokio::test]
async fn cancelling_a_submit_leaves_the_step_usable() {
    let world = World::default();
    let (sign_in, form) = at_credentials(&world).await;
    world.host.hold(CODE);
    let call = tokio::spawn({
        let form = form.clone();
        async move { form.submit(login()).await }
    });
    world.host.arrived.notified().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(sign_in.current().name(), "credentials");
    // The host may have moved the old wizard on: a new one costs nothing.
    world.host.say(WIZARD.replace("u1", "u2"));
    world.host.say(CODE);
    assert_eq!(form.submit(login()).await.unwrap().name(), "code");
    let asked = ["/api/v2/my/signin/wizard", "/api/v2/my/signin"];
    assert_eq!(world.host.asked(), [asked, asked].concat());
}

#[tokio::test]
async fn a_host_that_opens_wizards_by_post_is_asked_that_way_from_then_on() {
    let not_by_get =
        || Reply::Say(405, r#"{"message":"The GET method is not supported for this route."}"#.into());
    let world = World::default();
    let start = |client: &AuthClient| {
        let SignInStep::Start(start) = client.sign_in(Office::Front).current() else { panic!() };
        start
    };
    let client = world.client();
    world.host.next(not_by_get());
    world.host.say(WIZARD);
    assert_eq!(start(&client).open().await.unwrap().name(), "credentials");
    assert_eq!(world.host.methods(), ["GET", "POST"]);
    // Another sign-in of this client begins with what is known.
    world.host.say(WIZARD);
    let SignInStep::Credentials(form) = start(&client).open().await.unwrap() else { panic!() };
    assert_eq!(world.host.methods(), ["GET", "POST", "POST"]);
    // A client in another process has it from the step that it resumes.
    world.host.say(CODE);
    form.submit(login()).await.unwrap();
    let other = world.client();
    let SignInStep::Code(_) = other.resume_sign_in(Office::Front).await.unwrap().current() else { panic!() };
    world.host.say(WIZARD);
    start(&other).open().await.unwrap();
    assert_eq!(world.host.methods(), ["GET", "POST", "POST", "POST", "POST"]);

    // It is asked once more, not for ever, and an answer that is none teaches nothing.
    let world = World::default();
    let client = world.client();
    for _ in 0..2 {
        world.host.next(not_by_get());
        world.host.next(Reply::Say(405, String::new()));
        let error = start(&client).open().await.unwrap_err();
        assert_eq!(error.cause.kind(), "not_b2core");
    }
    assert_eq!(world.host.methods(), ["GET", "POST", "GET", "POST"]);
}

#[tokio::test]
async fn the_only_method_is_chosen_by_itself() {
    let world = World::default();
    let (_, form) = at_credentials(&world).await;
    world
        .host
        .say(r#"{"data":{"tfaProviders":[{"name":"sms","enabled":true}]},"uuid":"u1","workflow":"2fa"}"#);
    world.host.say(CODE.replace("google", "sms"));
    assert_eq!(form.submit(login()).await.unwrap().name(), "code");
    assert_eq!(world.host.asked().last(), Some(&"/api/v2/my/signin/2fa"));

    let (_, form) = at_credentials(&world).await;
    world.host.say(BOTH);
    let SignInStep::ChooseMethod(choice) = form.submit(login()).await.unwrap() else { panic!() };
    assert_eq!(choice.options().len(), 2, "with two there is a choice to make");
    world.host.next(Reply::Fail(TransportError::Interrupted));
    choice.choose(TwoFactorMethod::Google).await.unwrap_err();
    world.host.say(CODE);
    assert_eq!(choice.choose(TwoFactorMethod::Google).await.unwrap().name(), "code");
}

#[tokio::test]
async fn a_reset_opens_the_next_wizard_by_itself() {
    let world = World::default();
    let (sign_in, form) = at_credentials(&world).await;
    let workflow = |name: &str| format!(r#"{{"uuid":"u1","workflow":"{name}","done":false,"data":null}}"#);
    world.host.say(workflow("reset_password_email"));
    let SignInStep::ResetCode(code) = form.submit(login()).await.unwrap() else { panic!() };
    world.host.say(workflow("reset_password"));
    let SignInStep::NewPassword(new) = code.submit(OneTimeCode::new("761522")).await.unwrap() else {
        panic!()
    };
    world.host.say(r#"{"code":202,"data":{"client":{"id":1}},"done":true,"uuid":"u1","workflow":"login"}"#);
    world.host.next(Reply::Fail(TransportError::TimedOut));
    // The password is changed, whatever becomes of the wizard after it.
    let SignInStep::Start(start) = new.submit(Password::new("1234567As")).await.unwrap() else { panic!() };
    assert!(start.password_changed());
    let resumed = world.client().resume_sign_in(Office::Front).await.unwrap();
    assert_eq!(resumed.current().name(), "start", "even in another process");
    world.host.say(WIZARD);
    let SignInStep::Credentials(form) = start.open().await.unwrap() else { panic!() };
    assert!(form.password_changed() && form.account() == Some("ann@example.com"));
    world.host.say(pair("new", 900, 3600));
    form.submit(login()).await.unwrap();
    assert_eq!(sign_in.current().name(), "signed_in");
}

#[tokio::test]
async fn a_pending_step_resumes_in_another_client_and_expires() {
    let world = World::default();
    drop(at_code(&world).await);
    let resumed = world.client().resume_sign_in(Office::Front).await.unwrap();
    assert_eq!(code_step(&resumed).account(), "ann@example.com");
    world.clock.forward(31 * 60);
    assert!(matches!(world.client().resume_sign_in(Office::Front).await, Err(ResumeError::Expired)));
    assert!(matches!(world.client().resume_sign_in(Office::Front).await, Err(ResumeError::NothingPending)));
}

#[tokio::test]
async fn a_dead_wizard_clears_the_pending_step() {
    let world = World::default();
    let sign_in = at_code(&world).await;
    world.host.next(Reply::Say(404, r#"{"error":{"code":0,"message":"Not found"}}"#.into()));
    let failed = code_step(&sign_in).submit(OneTimeCode::new("123456")).await.unwrap_err();
    assert!(matches!(failed.cause, SignInError::WizardEnded));
    assert_eq!(sign_in.current().name(), "start");
    assert!(matches!(world.client().resume_sign_in(Office::Front).await, Err(ResumeError::NothingPending)));
}

#[tokio::test]
async fn a_cancelled_sign_in_is_not_pending_and_a_new_one_leaves_an_older_step_alone() {
    let world = World::default();
    let first = at_code(&world).await;
    let (second, _) = at_credentials(&world).await;
    second.abandon().await.unwrap();
    assert!(
        world.client().resume_sign_in(Office::Front).await.is_ok(),
        "the older step is not the new one's to remove"
    );
    first.abandon().await.unwrap();
    assert!(matches!(world.client().resume_sign_in(Office::Front).await, Err(ResumeError::NothingPending)));
}

#[tokio::test]
async fn a_sign_in_that_was_abandoned_under_way_leaves_nothing_behind() {
    // The answer that comes afterwards asks for a code, or signs in.
    for answer in [CODE.to_owned(), pair("late", 900, 3600)] {
        let world = World::default();
        let (sign_in, form) = at_credentials(&world).await;
        let signs_in = answer != CODE;
        world.host.hold(answer);
        let under_way = tokio::spawn(async move { form.submit(login()).await.map(|step| step.name()) });
        world.host.arrived.notified().await;
        let again = sign_in.clone();
        sign_in.abandon().await.unwrap();
        if signs_in {
            world.host.next(Reply::Say(204, String::new()));
        }
        world.host.release.notify_one();
        let late = under_way.await.unwrap().unwrap_err();
        assert!(matches!(late.cause, SignInError::StaleStep));
        assert!(world.client().session(Office::Front).await.unwrap().is_none());
        assert!(matches!(
            world.client().resume_sign_in(Office::Front).await,
            Err(ResumeError::NothingPending)
        ));
        assert_eq!(world.host.asked().last() == Some(&"/api/v2/my/signout"), signs_in, "tokens are revoked");
        let SignInStep::Credentials(form) = again.current() else { panic!() };
        let refused = form.submit(login()).await.unwrap_err();
        assert!(matches!(refused.cause, SignInError::StaleStep), "it stays given up");
    }
}

#[tokio::test]
async fn five_attempts_and_no_more_whoever_makes_them() {
    let world = World::default();
    let refusal = || Reply::Say(400, r#"{"error":{"code":0,"message":"No"}}"#.into());
    for _ in 0..5 {
        let (_, form) = at_credentials(&world).await;
        world.host.next(refusal());
        form.submit(login()).await.unwrap_err();
    }
    let asked = world.host.asked().len();
    let (_, form) = at_credentials(&world).await;
    let failed = form.submit(login()).await.unwrap_err();
    let SignInError::Call(CallError::LockedOut(lock)) = failed.cause else { panic!("{failed:?}") };
    assert_eq!((lock.by, lock.retry_after.as_secs()), (LockedOutBy::RateLimiter, 62));
    assert!(failed.correlation_id.is_none(), "nothing was sent");
    // With the account known beforehand not even the wizard is asked for.
    let sign_in = world.client().sign_in(Office::Front);
    sign_in.set_account("ANN@example.com");
    let SignInStep::Start(start) = sign_in.current() else { panic!() };
    assert!(matches!(start.open().await.unwrap_err().cause, SignInError::Call(CallError::LockedOut(_))));
    assert_eq!(world.host.asked().len(), asked + 1, "only the one wizard");
    world.clock.forward(62);
    world.host.say(pair("one", 900, 3600));
    assert_eq!(form.submit(login()).await.unwrap().name(), "signed_in");
}

#[tokio::test]
async fn an_attempt_counts_from_its_answer_on_or_from_when_it_is_given_up() {
    let refusal = || Reply::Say(400, r#"{"error":{"code":0,"message":"No"}}"#.into());
    for is_given_up in [false, true] {
        let world = World::default();
        let client = world.client();
        let (_, form) = form_with(&client, &world).await;
        world.host.next(Reply::Hold(Box::new(refusal())));
        let call = tokio::spawn(async move { form.submit(login()).await });
        world.host.arrived.notified().await;
        world.clock.forward(25);
        if is_given_up {
            call.abort();
            assert!(call.await.unwrap_err().is_cancelled());
        } else {
            world.host.release.notify_one();
            call.await.unwrap().unwrap_err();
        }
        for _ in 0..4 {
            let (_, form) = form_with(&client, &world).await;
            world.host.next(refusal());
            form.submit(login()).await.unwrap_err();
        }
        let sign_in = client.sign_in(Office::Front);
        sign_in.set_account("ann@example.com");
        let SignInStep::Start(start) = sign_in.current() else { panic!() };
        let SignInError::Call(CallError::LockedOut(lock)) = start.open().await.unwrap_err().cause else {
            panic!()
        };
        assert_eq!(lock.retry_after.as_secs(), 62, "the host may have counted it just before");
    }
}

#[tokio::test]
async fn what_never_reached_the_host_costs_no_attempt() {
    let world = World::default();
    let (_, form) = at_credentials(&world).await;
    for _ in 0..20 {
        world.host.next(Reply::Fail(TransportError::Unreachable));
        let failed = form.submit(login()).await.unwrap_err();
        assert!(matches!(failed.cause, SignInError::Call(CallError::Transport(TransportError::Unreachable))));
    }
    for lost in 0..5 {
        if lost > 0 {
            world.host.say(WIZARD);
        }
        world.host.next(Reply::Fail(TransportError::TimedOut));
        form.submit(login()).await.unwrap_err();
    }
    let failed = form.submit(login()).await.unwrap_err();
    assert!(
        matches!(failed.cause, SignInError::Call(CallError::LockedOut(_))),
        "a timed-out one may have counted"
    );
}

#[tokio::test]
async fn the_hosts_block_is_remembered_until_it_ends() {
    let world = World::default();
    let sign_in = at_code(&world).await;
    world.host.next(Reply::Say(429, String::new()));
    let code = code_step(&sign_in);
    for seconds in [0, 599] {
        world.clock.forward(seconds);
        let failed = code.submit(OneTimeCode::new("123456")).await;
        let failed = failed.map(|step| step.name()).unwrap_err();
        let SignInError::Call(CallError::LockedOut(lock)) = failed.cause else { panic!() };
        assert_eq!(lock.by, LockedOutBy::Host);
    }
    assert_eq!(world.host.asked().len(), 3, "asked once");
    world.clock.forward(1);
    world.host.say(pair("one", 900, 3600));
    assert_eq!(code_step(&sign_in).submit(OneTimeCode::new("123456")).await.unwrap().name(), "signed_in");
}

#[tokio::test]
async fn a_question_that_changes_nothing_is_asked_again_once() {
    let world = World::default();
    let sign_in = world.client().sign_in(Office::Front);
    let SignInStep::Start(start) = sign_in.current() else { panic!() };
    world.host.next(Reply::Fail(TransportError::Interrupted));
    world.host.say(WIZARD);
    let SignInStep::Credentials(form) = start.open().await.unwrap() else { panic!() };
    world.host.next(Reply::Fail(TransportError::Interrupted));
    form.submit(login()).await.unwrap_err();
    assert_eq!(world.host.asked().len(), 3, "a sign-in is never repeated by itself");
}

#[tokio::test]
async fn a_choice_that_failed_by_itself_is_said_and_not_repeated() {
    let world = World::default();
    let (sign_in, form) = at_credentials(&world).await;
    world
        .host
        .say(r#"{"data":{"tfaProviders":[{"name":"sms","enabled":true}]},"uuid":"u1","workflow":"2fa"}"#);
    world.host.next(Reply::Fail(TransportError::Interrupted));
    let failed = form.submit(login()).await.unwrap_err();
    assert!(matches!(failed.cause, SignInError::Call(CallError::Transport(TransportError::Interrupted))));
    assert_eq!(world.host.asked().iter().filter(|path| path.ends_with("/signin/2fa")).count(), 1);
    let SignInStep::ChooseMethod(choice) = sign_in.current() else { panic!() };
    world.host.say(CODE.replace("google", "sms"));
    assert_eq!(choice.choose(TwoFactorMethod::Sms).await.unwrap().name(), "code");
}

#[tokio::test]
async fn a_block_met_at_the_wizard_is_about_every_account() {
    let world = World::default();
    let open = |email: Option<&'static str>| {
        let sign_in = world.client().sign_in(Office::Front);
        if let Some(email) = email {
            sign_in.set_account(email);
        }
        async move {
            let SignInStep::Start(start) = sign_in.current() else { panic!() };
            start.open().await.map(|step| step.name()).unwrap_err().cause
        }
    };
    world.host.next(Reply::Say(429, String::new()));
    for email in [Some("ann@example.com"), Some("bob@example.com"), None] {
        assert!(matches!(open(email).await, SignInError::Call(CallError::LockedOut(_))), "{email:?}");
    }
    assert_eq!(world.host.asked().len(), 1);
}

#[tokio::test]
async fn a_pending_step_belongs_to_the_sign_in_that_keeps_it() {
    let world = World::default();
    let refusal = || Reply::Say(400, r#"{"error":{"code":0,"message":"No"}}"#.into());
    let dead = || Reply::Say(404, r#"{"error":{"code":0,"message":"Not found"}}"#.into());
    let code = || OneTimeCode::new("123456");
    let pending = || async { world.client().resume_sign_in(Office::Front).await };

    // The newer sign-in has the place: the older one neither writes nor removes there.
    let older = at_code(&world).await;
    let newer = at_code(&world).await;
    world.host.next(refusal());
    code_step(&older).submit(code()).await.unwrap_err();
    world.host.next(dead());
    code_step(&older).submit(code()).await.unwrap_err();
    assert!(pending().await.is_ok(), "the newer one's step is still there");

    // After a sign-out a late refusal does not bring the step back.
    world.client().sign_out(Office::Front).await.unwrap();
    world.host.next(refusal());
    code_step(&newer).submit(code()).await.unwrap_err();
    assert!(matches!(pending().await, Err(ResumeError::NothingPending)));
}

#[tokio::test]
async fn a_sign_out_gives_up_the_sign_ins_that_were_begun() {
    for answered_before in [false, true] {
        let world = World::default();
        let client = world.client();
        let (_, form) = form_with(&client, &world).await;
        if answered_before {
            // Through an old object, afterwards.
            assert!(client.sign_out(Office::Front).await.is_err(), "nobody is signed in");
            assert!(matches!(form.submit(login()).await.unwrap_err().cause, SignInError::StaleStep));
            continue;
        }
        world.host.hold(pair("one", 900, 3600));
        let submitting = tokio::spawn(async move { form.submit(login()).await });
        world.host.arrived.notified().await;
        assert!(client.sign_out(Office::Front).await.is_err(), "nobody is signed in yet");
        world.host.say("");
        world.host.release.notify_one();
        let _given_up = submitting.await.unwrap();
        assert!(client.session(Office::Front).await.unwrap().is_none());
        assert_eq!(world.host.asked().last(), Some(&"/api/v2/my/signout"), "its tokens are revoked");
        // The next one is another matter.
        let (_, form) = form_with(&client, &world).await;
        world.host.say(pair("two", 900, 3600));
        assert_eq!(form.submit(login()).await.unwrap().name(), "signed_in");
    }
}

#[tokio::test]
async fn when_another_code_can_be_asked_for_is_known_after_a_block() {
    let world = World::default();
    let (_, form) = at_credentials(&world).await;
    world.host.say(CODE);
    let SignInStep::Code(code) = form.submit(login()).await.unwrap() else { panic!() };
    assert_eq!(code.another_code_after().await.unwrap(), Duration::ZERO);
    world.host.next(Reply::Say(429, r#"{"message":"Try again in 90 seconds"}"#.into()));
    assert!(code.choose(TwoFactorMethod::Google).await.is_err());
    assert!(!code.another_code_after().await.unwrap().is_zero());
    world.clock.forward(700);
    assert_eq!(code.another_code_after().await.unwrap(), Duration::ZERO);
}
