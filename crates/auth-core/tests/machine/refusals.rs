//! Refusals: which step they lead to, and what is said of them.

use crate::scenario::{
    WAITING, act, after, answer, at, cause, leads, ok, short, with_header, wizard_with_recaptcha, workflow,
};
use auth_core::{
    CallError, LockedOutBy, Office, Recovery,
    ports::TransportError,
    sign_in::{SignInError, Step, StepRejected},
};
use std::time::Duration;

#[test]
fn a_refusal_is_the_ordinary_one_of_its_step() {
    let refusals = [
        (400, r#"{"error":{"code":0,"message":"No","details":[{"issue":"No"}]}}"#),
        (422, r#"{"message":"The given data was invalid."}"#),
        (422, r#"{"message":"No","errors":{"email":["No"],"password":["No"],"code":["No"]}}"#),
        (401, ""),
        (400, ""),
        (401, r#"{"error":{"code":0,"message":"No"}}"#),
        (200, r#"{"status":401,"meta":{"behaviours":[],"status":401},"data":{}}"#),
    ];
    for (status, body) in refusals {
        for (from, to) in [
            ("credentials", "credentials: wrong_credentials"),
            ("back_credentials", "credentials: wrong_credentials"),
            ("choose_method", "choose_method: refused"),
            ("code", "code: wrong_code"),
            ("mailed_code", "mailed_code: wrong_code"),
            ("reset_code", "reset_code: wrong_code"),
            ("new_password", "new_password: password_refused"),
        ] {
            assert_eq!(leads(from, answer(status, body)), to, "{from} {status} {body}");
        }
    }
}

#[test]
fn a_dead_wizard_is_told_apart_from_a_wrong_code() {
    let dead = [
        (404, r#"{"error":{"code":0,"message":"Not found"}}"#),
        (410, r#"{"message":"Gone"}"#),
        (422, r#"{"message":"Invalid","errors":{"uuid":["The selected uuid is invalid."]}}"#),
        (400, r#"{"error":{"code":0,"message":"Bad","details":[{"issue":"Wizard has expired"}]}}"#),
        (400, r#"{"error":{"code":0,"details":[{"issue":"?","field":"uuid"}]}}"#),
    ];
    for (status, body) in dead {
        for from in ["credentials", "choose_method", "code", "reset_code", "new_password"] {
            let result = act(at(from), answer(status, body)).1;
            assert_eq!(short(result), "start: sign_in_expired", "{from} {status} {body}");
        }
    }
    let StepRejected { step, cause } = act(at("code"), answer(404, dead[0].1)).1.unwrap_err();
    assert_eq!(step.account(), Some("jdoe@example.com"), "who it was is not forgotten");
    assert_eq!(cause.recovery(), Recovery::Restart);
    for (status, body) in
        [(404, r#"{"error":{"code":0,"message":"No such token"}}"#), (410, r#"{"message":"Gone"}"#)]
    {
        assert_eq!(leads("mailed_code", answer(status, body)), "credentials: sign_in_expired");
    }
    // A text about the code is about the code, even where it names the sign-in too.
    for body in ["Invalid code for this wizard", "The code has expired, token kept"] {
        let body = format!(r#"{{"error":{{"code":0,"message":"{body}"}}}}"#);
        for from in ["code", "mailed_code", "reset_code"] {
            assert_eq!(leads(from, answer(400, &body)), format!("{from}: wrong_code"), "{from} {body}");
        }
    }
}

#[test]
fn recaptcha_that_is_refused_is_asked_for_again() {
    let refusal = answer(422, r#"{"message":"Invalid","errors":{"recaptchaResponse":["Required"]}}"#);
    let StepRejected { step, cause } = act(at("credentials"), refusal).1.unwrap_err();
    assert_eq!(cause.kind(), "recaptcha_refused");
    let Step::NeedCredentials(form) = *step else { panic!() };
    assert!(form.info().recaptcha_required);
    let Step::NeedCredentials(form) =
        after(Step::begin(Office::Front, crate::scenario::now()), &wizard_with_recaptcha())
    else {
        panic!()
    };
    assert!(form.info().recaptcha_required);
}

#[test]
fn a_lock_out_keeps_every_step_and_tells_the_wait() {
    for from in WAITING {
        let locked = || auth_core::HttpResponse {
            status: 429,
            headers: vec![("Retry-After".into(), "90".into())],
            body: auth_core::secret::SecretBytes::new(Vec::new()),
        };
        let error = cause(act(at(from), Ok(locked())).1);
        let SignInError::Call(CallError::LockedOut(lock)) = &error else { panic!("{from}: {error:?}") };
        assert_eq!((lock.retry_after, lock.by), (Duration::from_secs(90), LockedOutBy::Host));
        assert_eq!(error.recovery(), Recovery::Wait { retry_after: Duration::from_secs(90) });
        let untold = cause(act(at(from), answer(429, "")).1);
        assert_eq!(
            untold.recovery(),
            Recovery::Wait { retry_after: Duration::from_secs(600) },
            "the default block"
        );
    }
}

#[test]
fn what_is_no_answer_keeps_every_step() {
    for from in WAITING {
        let place = at(from).name();
        for (outcome, kind) in [
            (Err(TransportError::Unreachable), "unreachable"),
            (Err(TransportError::TimedOut), "timed_out"),
            (Err(TransportError::Interrupted), "interrupted"),
            (Err(TransportError::Tls), "tls"),
            (Err(TransportError::PinMismatch), "pin_mismatch"),
            (Err(TransportError::TooLarge), "too_large"),
            (answer(502, "<html>"), "host_failed"),
            (answer(302, ""), "redirected"),
            (answer(200, "<html>Sign in to the hotel</html>"), "not_b2core"),
            (answer(200, ""), "not_b2core"),
            (answer(405, ""), "not_b2core"),
            (answer(404, "<html>"), "not_b2core"),
            (answer(415, r#"{"message":"Unsupported"}"#), "protocol"),
            (answer(407, "<html>"), "blocked_by_gateway"),
            (answer(511, "<html>Sign in to the hotel</html>"), "blocked_by_gateway"),
            (with_header(403, "<html>", ("cf-mitigated", "challenge")), "blocked_by_gateway"),
            (with_header(403, "<html>", ("Server", "AkamaiGHost")), "blocked_by_gateway"),
        ] {
            assert_eq!(leads(from, outcome), format!("{place}: {kind}"), "{from}");
        }
    }
}

#[test]
fn words_decide_what_no_status_tells() {
    let error = |text: &str| format!(r#"{{"error":{{"code":0,"message":"{text}"}}}}"#);
    for text in [
        "Sign-in session has expired. Please enter your credentials again",
        "Sign-in process expired",
        "Credentials session is expired",
        "Your login has timed out, please start again",
        "wizard_expired",
    ] {
        assert_eq!(leads("code", answer(400, &error(text))), "start: sign_in_expired", "{text}");
    }
    assert_eq!(
        leads("new_password", answer(410, &error("Password reset session has expired"))),
        "start: sign_in_expired"
    );
    for (status, text) in
        [(404, "User not found"), (401, "No account for that login"), (409, "Wrong password")]
    {
        assert_eq!(
            leads("credentials", answer(status, &error(text))),
            "credentials: wrong_credentials",
            "{text}"
        );
    }
    // The e-mail is no hint, whatever it is made of.
    let wizard = leads("credentials", answer(401, &error("No jdoe@example.com here")));
    assert_eq!(wizard, "credentials: wrong_credentials");
    for body in [r#"{"errors":{"data.uuid":["x"]}}"#, r#"{"error":{"details":{"uuid":["x"]}}}"#] {
        assert_eq!(leads("code", answer(422, body)), "start: sign_in_expired", "{body}");
    }
    let fingerprint = r#"{"message":"Invalid","errors":{"device_fingerprint":["bad"]}}"#;
    assert_eq!(leads("credentials", answer(422, fingerprint)), "credentials: refused");
    let policy = r#"{"message":"Invalid","errors":{"password":["It has too many repeated characters."]}}"#;
    assert_eq!(leads("new_password", answer(422, policy)), "new_password: password_refused");
}

#[test]
fn what_is_gone_is_gone_in_any_form_once_the_wizard_had_answered() {
    for (status, body) in
        [(404, ""), (404, "{}"), (410, ""), (410, "gone"), (419, "<html>Page expired</html>")]
    {
        for from in ["choose_method", "code", "reset_code", "new_password"] {
            assert_eq!(leads(from, answer(status, body)), "start: sign_in_expired", "{from} {status} {body}");
        }
        assert_eq!(leads("credentials", answer(status, body)), "credentials: not_b2core", "{status} {body}");
    }
}

#[test]
fn a_refusal_may_give_a_new_uuid_too() {
    for (status, code) in [(200, 400), (400, 400)] {
        let body = format!(
            r#"{{"code":{code},"uuid":"second","workflow":"2fa_google_auth","message":"Wrong code"}}"#
        );
        let StepRejected { step, cause } = act(at("code"), answer(status, &body)).1.unwrap_err();
        assert_eq!(cause.kind(), "wrong_code");
        let Step::NeedCode(step) = *step else { panic!() };
        let request = step.submit(&auth_core::secret::OneTimeCode::new("123456")).unwrap().0;
        assert_eq!(crate::scenario::body_of(request)["uuid"], "second");
    }
}

#[test]
fn a_step_that_is_a_refusal_keeps_the_hosts_words() {
    let body =
        workflow("2fa_google_auth").replace("\"data\":null", "\"data\":{\"message\":\"123456 is wrong\"}");
    let error = cause(act(at("code"), ok(&body)).1);
    assert_eq!(error.server_message().unwrap().lines(), ["… is wrong"]);
}

#[test]
fn recaptcha_that_was_not_announced_becomes_a_demand() {
    let refusal = || answer(422, r#"{"message":"Invalid","errors":{"recaptchaResponse":["Required"]}}"#);
    let Step::NeedCredentials(form) = at("credentials") else { panic!() };
    let bare = auth_core::sign_in::Credentials::new(
        "jdoe@example.com",
        auth_core::secret::Password::new("Secret123"),
    );
    let (_, in_flight) = form.submit(bare, &auth_core::DeviceFingerprint::new("test/1")).unwrap();
    let limits = auth_core::attempts::Limits::default();
    let StepRejected { step, cause } =
        in_flight.resume(refusal(), crate::scenario::now(), &limits).unwrap_err();
    assert_eq!(cause.kind(), "recaptcha_required");
    let Step::NeedCredentials(form) = *step else { panic!() };
    assert!(form.info().recaptcha_required);
}

#[test]
fn a_refusal_outside_the_documents_is_told_in_the_hosts_words() {
    for status in [402, 426, 451] {
        for from in ["credentials", "back_credentials", "choose_method", "code", "mailed_code", "reset_code"]
        {
            let place = at(from).name();
            let result = act(at(from), answer(status, r#"{"message":"Not in your country"}"#)).1;
            let rejected = result.unwrap_err();
            assert_eq!(rejected.step.name(), place);
            assert_eq!(rejected.cause.kind(), "refused", "{from} {status}");
            assert_eq!(rejected.cause.server_message().unwrap().lines(), ["Not in your country"]);
        }
    }
}
