//! The vendor's sample answers lead where its documents say, and the requests are the documented ones.

use crate::scenario::{UUID, act, after, at, body_of, cause, change, login, now, ok, short, workflow};
use auth_core::{
    ClockReading, DeviceFingerprint, Endpoint, Office,
    attempts::Limits,
    secret::{OneTimeCode, Password},
    session::{RefreshOutcome, StoredSession, refresh},
    sign_in::{Credentials, Step, TwoFactorMethod},
};
use serde_json::json;

macro_rules! sample {
    ($name:literal) => {
        include_str!(concat!("../wire/", $name, ".json"))
    };
}

#[test]
fn the_tutorial_signs_in_with_the_authenticator() {
    let credentials = after(Step::begin(Office::Front, now()), sample!("tutorial_wizard"));
    let choice = after(credentials, sample!("tutorial_2fa"));
    let Step::NeedMethod(step) = &choice else { panic!("{}", choice.name()) };
    assert_eq!(step.options().len(), 2, "an empty list options both");
    let code = after(choice, sample!("tutorial_2fa_chosen"));
    let Step::NeedCode(step) = &code else { panic!("{}", code.name()) };
    assert_eq!(step.methods(), [TwoFactorMethod::Google, TwoFactorMethod::Sms]);
    let Step::SignedIn(signed_in) = after(code, sample!("tutorial_signed_in")) else {
        panic!("not signed in")
    };
    let session = signed_in.session();
    assert_eq!((session.account.as_str(), session.office), ("jdoe@example.com", Office::Front));
    assert_eq!(
        session.access_token_expires_at(),
        Some("2026-01-01T12:15:00Z".parse().unwrap()),
        "15 minutes from now"
    );
    assert_eq!(
        session.refresh_token_expires_at(),
        Some("2026-01-01T13:00:00Z".parse().unwrap()),
        "an hour from now"
    );
}

#[test]
fn the_references_sign_in_without_a_second_factor() {
    let credentials = after(Step::begin(Office::Front, now()), sample!("front_wizard"));
    let Step::NeedCredentials(form) = &credentials else { panic!("{}", credentials.name()) };
    assert_eq!(form.info().qr_available, Some(true));
    assert_eq!(form.info().password_recovery_available, Some(true));
    assert!(!form.info().recaptcha_required);
    assert_eq!(after(credentials, sample!("front_signed_in")).name(), "signed_in");
    // The back office's samples: a code is demanded, then confirmed.
    let mailed = after(at("back_credentials"), sample!("back_2fa"));
    let Step::NeedMailedCode(step) = &mailed else { panic!("{}", mailed.name()) };
    assert_eq!(step.provider(), "email");
    assert!(step.expires_at() > now(), "a date long past is no end told");
    assert_eq!(after(mailed, sample!("back_confirmed")).name(), "signed_in");
}

#[test]
fn the_reference_lists_the_methods_with_captions() {
    let Step::NeedMethod(step) = after(at("credentials"), sample!("front_2fa")) else { panic!("no choice") };
    let options: Vec<_> = step.options().iter().map(|o| (o.method, o.caption.as_deref())).collect();
    assert_eq!(
        options,
        [(TwoFactorMethod::Sms, Some("SMS")), (TwoFactorMethod::Google, Some("Google Authenticator"))]
    );
}

#[test]
fn a_forced_reset_ends_at_a_new_sign_in() {
    let reset_code = after(at("credentials"), &workflow("reset_password_email"));
    let new_password = after(reset_code, sample!("front_restore"));
    let Step::Start(start) = after(new_password, sample!("front_reset")) else { panic!("no new start") };
    assert!(start.password_changed());
    assert_eq!(start.account(), Some("jdoe@example.com"));
    let Step::NeedCredentials(form) = after(start.into(), sample!("front_wizard")) else { panic!("no form") };
    assert!(form.password_changed());
}

#[test]
fn a_refresh_takes_the_documented_pair_and_the_one_under_data() {
    let Step::SignedIn(signed_in) = after(at("credentials"), sample!("front_signed_in")) else { panic!() };
    for office in [Office::Front, Office::Back] {
        let old = StoredSession { office, ..signed_in.session().clone() };
        for body in
            [sample!("front_refresh").to_owned(), format!(r#"{{"data":{}}}"#, sample!("back_refresh"))]
        {
            let (request, in_flight) = refresh(&old);
            assert_eq!(request.endpoint(), Endpoint::Refresh(office));
            assert!(body_of(request)["refreshToken"].as_str().unwrap().starts_with("eyJ0"));
            let outcome =
                in_flight.resume(ok(&body), &ClockReading::wall_clock_only(now()), &Limits::default());
            let RefreshOutcome::Refreshed(new) = outcome else { panic!("{outcome:?}") };
            assert!(new.tokens.access.token.expose().starts_with("wyJ0"));
            assert_eq!(new.account, old.account);
        }
        for half in
            [r#"{"refreshToken":{"token":"r"}}"#, r#"{"accessToken":{"token":"a"},"refreshToken":5}"#, "{}"]
        {
            let outcome =
                refresh(&old).1.resume(ok(half), &ClockReading::wall_clock_only(now()), &Limits::default());
            assert!(matches!(outcome, RefreshOutcome::Kept { was_not_sent: false, .. }), "{half}");
        }
    }
}

#[test]
fn requests_have_the_documented_fields() {
    let Step::NeedCredentials(form) = at("credentials") else { panic!() };
    let print = DeviceFingerprint::new("test/1");
    let (request, _) = form
        .clone()
        .submit(Credentials::new(" jdoe@example.com ", Password::new(" spaces count ")), &print)
        .unwrap();
    let body = body_of(request);
    assert_eq!(
        body,
        json!({"uuid": UUID, "email": "jdoe@example.com", "password": " spaces count ",
               "device_fingerprint": print.encode()})
    );
    let body = body_of(form.submit(login(), &print).unwrap().0);
    assert_eq!(body["recaptchaResponse"], "recaptcha-proof");

    let Step::NeedCredentials(form) = at("back_credentials") else { panic!() };
    let body = body_of(form.submit(login(), &print).unwrap().0);
    assert_eq!(body, json!({"email": "jdoe@example.com", "password": "Secret123"}));

    let Step::NeedMethod(step) = at("choose_method") else { panic!() };
    assert_eq!(
        body_of(step.choose(TwoFactorMethod::Google).unwrap().0),
        json!({"uuid": UUID, "type": "google"})
    );
    let code = OneTimeCode::new("123-456 ");
    let Step::NeedCode(step) = at("code") else { panic!() };
    assert_eq!(body_of(step.submit(&code).unwrap().0), json!({"uuid": UUID, "code": "123456"}));
    let Step::NeedMailedCode(step) = at("mailed_code") else { panic!() };
    let token = "b2fcf999-2b0b-451d-9888-094a79117aa5";
    assert_eq!(body_of(step.submit(&code).unwrap().0), json!({"token": token, "code": "123456"}));
    let Step::NeedResetCode(step) = at("reset_code") else { panic!() };
    assert_eq!(
        body_of(step.submit(&code).unwrap().0),
        json!({"uuid": UUID, "action": "code", "code": "123456"})
    );
    let Step::NeedNewPassword(step) = at("new_password") else { panic!() };
    assert_eq!(
        body_of(step.submit(&Password::new("1234567As")).unwrap().0),
        json!({"uuid": UUID, "password": "1234567As", "passwordConfirmation": "1234567As"})
    );
}

#[test]
fn each_step_calls_its_endpoint() {
    for (step, endpoint, path) in [
        ("start", Endpoint::Wizard, "/api/v2/my/signin/wizard"),
        ("credentials", Endpoint::SignIn(Office::Front), "/api/v2/my/signin"),
        ("back_credentials", Endpoint::SignIn(Office::Back), "/api/v2/signin"),
        ("choose_method", Endpoint::ChooseMethod, "/api/v2/my/signin/2fa"),
        ("code", Endpoint::CheckCode(TwoFactorMethod::Sms), "/api/v2/my/2fa/sms"),
        ("mailed_code", Endpoint::ConfirmMailedCode, "/api/v2/2fa/confirm"),
        ("reset_code", Endpoint::RestorePassword, "/api/v2/my/signin/password/restore"),
        ("new_password", Endpoint::ResetPassword, "/api/v2/my/signin/password/reset"),
    ] {
        let mut place = at(step);
        if step == "code" {
            place = change(place, TwoFactorMethod::Sms, ok(&workflow("2fa_sms_auth"))).unwrap();
        }
        assert_eq!(act(place, ok("{}")).0, Some(endpoint), "{step}");
        assert_eq!(endpoint.path(), path);
    }
}

#[test]
fn input_that_cannot_be_right_is_refused_before_anything_is_sent() {
    let print = DeviceFingerprint::new("test/1");
    let Step::NeedCredentials(form) = at("credentials") else { panic!() };
    for (email, password) in [("", "x"), ("jdoe", "x"), ("j doe@example.com", "x"), ("jdoe@example.com", "")]
    {
        let refused =
            form.clone().submit(Credentials::new(email, Password::new(password)), &print).unwrap_err();
        assert_eq!(short(Err(refused)), "credentials: invalid_input", "{email:?} {password:?}");
    }
    let Step::NeedCode(step) = at("code") else { panic!() };
    for code in ["", "  ", "12a456", "１２３４５６", &"1".repeat(65)] {
        let refused = step.clone().submit(&OneTimeCode::new(code)).unwrap_err();
        assert_eq!(short(Err(refused)), "code: invalid_input", "{code:?}");
    }
    let Step::NeedCredentials(form) =
        after(Step::begin(Office::Front, now()), &crate::scenario::wizard_with_recaptcha())
    else {
        panic!()
    };
    let bare = Credentials::new("jdoe@example.com", Password::new("Secret123"));
    let refused = form.submit(bare, &print).unwrap_err();
    assert_eq!(cause(Err(refused)).kind(), "recaptcha_required");
}
