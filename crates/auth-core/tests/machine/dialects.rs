//! Documents and hosts disagree; each known way of saying a thing leads to the same place.

use crate::scenario::{PAIR, act, after, answer, at, change, leads, ok, short, workflow};
use auth_core::{
    ports::TransportError,
    sign_in::{Step, StepRejected, TwoFactorMethod},
};

#[test]
fn a_complete_pair_signs_in_whatever_the_hints_say() {
    for from in ["credentials", "back_credentials", "code", "mailed_code"] {
        for body in [
            format!("{{{PAIR}}}"),
            format!(r#"{{"data":{{{PAIR}}},"code":202,"done":true,"workflow":"Terminate"}}"#),
            format!(r#"{{"data":{{{PAIR}}},"code":200,"done":false,"workflow":"2fa"}}"#),
            format!(r#"{{"data":{{{PAIR}}},"done":true,"workflow":"login","later":{{"x":[1]}}}}"#),
            format!(r#"{{"data":[],"2faRequired":false,"2faDetails":null,{PAIR}}}"#),
        ] {
            for status in [200, 201, 202] {
                assert_eq!(leads(from, answer(status, &body)), "signed_in", "{from} {status} {body}");
            }
        }
    }
}

#[test]
fn a_pair_from_an_endpoint_that_issues_none_is_not_looked_at() {
    let body = format!(r#"{{"data":{{{PAIR}}},"code":202,"done":true,"uuid":"u","workflow":"login"}}"#);
    assert_eq!(leads("start", ok(&body)), "credentials");
    assert_eq!(leads("new_password", ok(&body)), "start");
    for from in ["choose_method", "reset_code"] {
        assert_eq!(leads(from, ok(&body)), format!("{from}: protocol"));
    }
}

#[test]
fn no_token_is_said_in_many_ways_and_never_signs_in() {
    for none in ["null", "{}", "[]", r#"{"token":null}"#, r#"{"token":""}"#] {
        let data = format!(r#"{{"accessToken":{none},"refreshToken":{none},"tfaProviders":[]}}"#);
        let choice = format!(r#"{{"code":200,"data":{data},"done":false,"uuid":"u2","workflow":"2fa"}}"#);
        assert_eq!(leads("credentials", ok(&choice)), "choose_method", "{none}");
        for finished in [r#""Terminate""#, r#""terminate""#, r#""login""#] {
            let body =
                format!(r#"{{"code":202,"data":{data},"done":true,"uuid":"u","workflow":{finished}}}"#);
            for from in ["credentials", "code"] {
                assert_eq!(leads(from, ok(&body)), format!("{from}: protocol"), "{none} {finished}");
            }
        }
        assert_eq!(leads("mailed_code", ok(&data)), "mailed_code: protocol");
    }
}

#[test]
fn workflows_lead_to_their_steps() {
    for (from, name, to) in [
        ("start", "login", "credentials"),
        ("credentials", "2fa", "choose_method"),
        ("credentials", "2FA_Google_Auth", "code"),
        ("credentials", "2fa_sms_auth", "code"),
        ("credentials", "reset_password_email", "reset_code"),
        ("credentials", "login", "credentials: wrong_credentials"),
        ("credentials", "2fa_email_auth", "unsupported"),
        ("choose_method", "2fa_sms_auth", "code"),
        ("choose_method", "2fa", "choose_method: refused"),
        ("choose_method", "login", "start: sign_in_expired"),
        ("code", "2fa_google_auth", "code: wrong_code"),
        ("code", "2fa_sms_auth", "code"),
        ("code", "2fa", "choose_method: wrong_code"),
        ("code", "login", "start: sign_in_expired"),
        ("code", "reset_password_email", "reset_code"),
        ("code", "kyc_form", "unsupported"),
        ("reset_code", "reset_password_email", "reset_code: wrong_code"),
        ("reset_code", "reset_password", "new_password"),
        ("new_password", "reset_password", "new_password: password_refused"),
        ("new_password", "login", "start"),
        ("new_password", "terminate", "start"),
        ("start", "maintenance", "unsupported"),
    ] {
        assert_eq!(leads(from, ok(&workflow(name))), to, "{from} --{name}-->");
    }
}

#[test]
fn an_unsupported_workflow_keeps_its_name_and_the_account() {
    let Step::Unsupported(place) = after(at("credentials"), &workflow("2fa_email_auth")) else { panic!() };
    assert_eq!((place.workflow(), place.account()), ("2fa_email_auth", Some("jdoe@example.com")));
}

#[test]
fn the_uuid_of_each_answer_is_taken_over() {
    let moved = workflow("2fa_google_auth").replace(crate::scenario::UUID, "second");
    let Step::NeedCode(step) = after(at("choose_method"), &moved) else { panic!() };
    let body = |step: auth_core::sign_in::NeedCode| {
        crate::scenario::body_of(step.submit(&auth_core::secret::OneTimeCode::new("123456")).unwrap().0)
    };
    assert_eq!(body(step.clone())["uuid"], "second");
    // Also from the answer to a wrong code, which is a step again.
    let again = workflow("2fa_google_auth").replace(crate::scenario::UUID, "third");
    let StepRejected { step, cause } = act(step.into(), ok(&again)).1.unwrap_err();
    assert_eq!(cause.kind(), "wrong_code");
    let Step::NeedCode(step) = *step else { panic!() };
    assert_eq!(body(step)["uuid"], "third");
}

#[test]
fn providers_are_read_with_all_their_oddities() {
    let methods = |providers: &str| {
        let body = format!(r#"{{"data":{{"tfaProviders":{providers}}},"uuid":"u","workflow":"2fa"}}"#);
        match after(at("credentials"), &body) {
            Step::NeedMethod(step) => {
                step.options().iter().map(|o| o.method.to_string()).collect::<Vec<_>>().join(" ")
            }
            other => other.name().to_owned(),
        }
    };
    assert_eq!(methods(r#"[{"name":"sms","enabled":true},{"name":"google","enabled":false}]"#), "sms");
    assert_eq!(methods(r#"[{"type":"google","enabled":1}]"#), "google");
    assert_eq!(methods(r#"{"1":{"name":"SMS","enabled":"1"}}"#), "sms");
    assert_eq!(methods(r#"[{"name":"whatsapp","enabled":true},{"name":"sms"}]"#), "sms");
    assert_eq!(methods(r#"[{"name":"whatsapp","enabled":true}]"#), "unsupported");
    assert_eq!(methods(r#"{"google":{"enabled":false},"sms":{"enabled":true}}"#), "sms");
    assert_eq!(methods(r#"{"google":true,"sms":false}"#), "google");
    assert_eq!(methods(r#"["sms"]"#), "sms");
    assert_eq!(methods(r#"[{"name":null,"type":"sms"}]"#), "sms");
    for empty in ["[]", "{}", "null", "7", "[null]", r#"[{"name":"sms","enabled":false}]"#] {
        assert_eq!(methods(empty), "google sms", "{empty}");
    }
}

#[test]
fn another_enabled_method_can_be_chosen_at_the_code_step() {
    let step = change(at("code"), TwoFactorMethod::Sms, ok(&workflow("2fa_sms_auth"))).unwrap();
    let Step::NeedCode(code) = &step else { panic!("{}", step.name()) };
    assert_eq!(code.methods(), [TwoFactorMethod::Sms, TwoFactorMethod::Google]);
    let direct = after(at("credentials"), &workflow("2fa_google_auth"));
    let refused = change(direct, TwoFactorMethod::Sms, ok("{}"));
    assert_eq!(short(refused), "code: method_not_available");
    let failed = change(at("code"), TwoFactorMethod::Sms, Err(TransportError::TimedOut)).unwrap_err();
    let Step::NeedCode(code) = *failed.step else { panic!() };
    assert_eq!(code.method(), TwoFactorMethod::Google, "a choice that failed changes nothing");
}

#[test]
fn the_back_office_needs_a_token_to_ask_for_a_code() {
    let details = r#"{"2faRequired":true,"2faDetails":{"token":"t","provider":"email"}}"#;
    assert_eq!(leads("back_credentials", ok(details)), "mailed_code");
    assert_eq!(leads("back_credentials", ok(&format!(r#"{{"data":{details}}}"#))), "mailed_code");
    for bad in
        [r#"{"2faRequired":true}"#, r#"{"2faRequired":true,"2faDetails":[]}"#, r#"{"2faRequired":false}"#]
    {
        assert_eq!(leads("back_credentials", ok(bad)), "credentials: protocol", "{bad}");
    }
    assert_eq!(leads("mailed_code", ok(details)), "mailed_code: wrong_code");
}
