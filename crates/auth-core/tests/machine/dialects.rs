//! Documents and hosts disagree; each known way of saying a thing leads to the same place.

use crate::scenario::{WAITING, WIZARD, act, after, answer, at, cause, change, leads, ok, short, workflow};
use auth_core::{
    CallError, LockedOutBy, Office, Recovery,
    ports::TransportError,
    sign_in::{SignInError, Step, StepRejected, TwoFactorMethod},
};
use std::time::Duration;

const PAIR: &str = r#""accessToken":{"token":"a"},"refreshToken":{"token":"r"}"#;

pub(crate) fn wizard_with_recaptcha() -> String {
    WIZARD.replacen("\"enabled\": false", "\"enabled\": true", 1)
}

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
fn the_hosts_words_are_kept_as_data_without_the_secrets_that_were_sent() {
    let echo = r#"{"error":{"code":0,"message":"Bad","details":[{"issue":"Secret123 is wrong for jdoe"}]}}"#;
    let error = cause(act(at("credentials"), answer(400, echo)).1);
    assert_eq!(error.server_message().unwrap().lines(), ["… is wrong for jdoe", "Bad"]);
    assert_eq!(error.to_string(), "wrong e-mail or password");
    assert!(!format!("{error:?}").contains("jdoe"));
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
fn texts_that_are_shown_carry_no_control_characters() {
    let steer = "\\u001b]0;x\\u0007\\u009b2J\\u202e";
    let body = format!(r#"{{"2faRequired":true,"2faDetails":{{"token":"t","provider":"{steer}mail"}}}}"#);
    let Step::NeedMailedCode(step) = after(at("back_credentials"), &body) else { panic!() };
    assert!(!step.provider().contains(|c: char| c.is_control() || c == '\u{202e}'), "{:?}", step.provider());
    let body = format!(
        r#"{{"data":{{"tfaProviders":[{{"name":"sms","localizedCaption":"{steer}SMS"}}]}},"uuid":"u","workflow":"2fa"}}"#
    );
    let Step::NeedMethod(step) = after(at("credentials"), &body) else { panic!() };
    let caption = step.options()[0].caption.clone().unwrap();
    assert!(!caption.contains(|c: char| c.is_control() || c == '\u{202e}'), "{caption:?}");
    let kyc = after(at("credentials"), &workflow("pw Secret123"));
    let Step::Unsupported(place) = kyc else { panic!() };
    assert!(!place.workflow().contains("Secret123") && !place.workflow().contains("secret123"));
}

#[test]
fn a_host_s_names_for_things_do_not_give_back_what_was_sent() {
    // In the case that a host likes, in Base64, and with a mark inside that nobody sees.
    for echo in ["Secret123", "SECRET123", "Sec\\u202eret123", "U2VjcmV0MTIz"] {
        let body = format!(
            r#"{{"2faRequired":true,"2faDetails":{{"token":"two-factor","provider":"{echo} two-factor"}}}}"#
        );
        let Step::NeedMailedCode(step) = after(at("back_credentials"), &body) else { panic!() };
        let shown = step.provider();
        assert_eq!(shown, "… …", "{echo}");
        let body = format!(
            r#"{{"data":{{"tfaProviders":[{{"name":"sms","localizedCaption":"{echo}"}}]}},"uuid":"u","workflow":"2fa"}}"#
        );
        let Step::NeedMethod(step) = after(at("credentials"), &body) else { panic!() };
        assert_eq!(step.options()[0].caption.as_deref(), Some("…"), "{echo}");
        let Step::Unsupported(place) =
            after(at("credentials"), &workflow(&format!("{}{echo}", "x".repeat(60))))
        else {
            panic!()
        };
        assert!(place.workflow().ends_with("x…"), "{}", place.workflow());
    }
}

#[test]
fn a_refusal_does_not_show_the_new_uuid_that_it_gives() {
    let body =
        r#"{"code":400,"uuid":"second-uuid","workflow":"2fa_sms_auth","message":"second-uuid: wrong code"}"#;
    let error = cause(act(at("code"), answer(400, body)).1);
    assert_eq!(error.server_message().unwrap().lines(), ["…: wrong code"]);
}

#[test]
fn an_id_of_the_client_is_an_id_or_none() {
    for (given, id) in [
        (r#""87""#, Some("87")),
        ("87", Some("87")),
        (r#""a\u0007b""#, None),
        (r#""a\u202eb""#, None),
        ("[]", None),
        (&format!("\"{}\"", "x".repeat(129)), None),
    ] {
        let Step::SignedIn(place) = after(at("credentials"), &format!(r#"{{"clientId":{given},{PAIR}}}"#))
        else {
            panic!()
        };
        assert_eq!(place.session().client_id.as_deref(), id, "{given}");
        assert!(!format!("{place:?}").contains("87"), "{place:?}");
    }
}

fn with_header(
    status: u16,
    body: &str,
    (name, value): (&str, &str),
) -> Result<auth_core::HttpResponse, TransportError> {
    let mut response = answer(status, body)?;
    response.headers.push((name.to_owned(), value.to_owned()));
    Ok(response)
}

#[test]
fn a_redirect_says_where_it_leads_and_shows_no_more_of_it() {
    for (location, to) in [
        ("https://trade.broker.example:8443/login?token=x", Some("https://trade.broker.example:8443")),
        ("HTTP://Broker.Example/", Some("http://broker.example")),
        ("/login", None),
        ("https://user@evil.example/", None),
        ("javascript:alert(1)", None),
    ] {
        let error = cause(act(at("start"), with_header(302, "", ("Location", location))).1);
        let SignInError::Call(CallError::Redirected { status: 302, to: found }) = error else { panic!() };
        assert_eq!(found.as_deref(), to, "{location}");
    }
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

#[test]
fn a_refusal_in_an_old_encoding_keeps_its_verdict() {
    let body = b"{\"error\":{\"code\":0,\"message\":\"Passwort ung\xFCltig\"}}";
    let latin1 = |status| {
        let body = auth_core::secret::SecretBytes::new(body.to_vec());
        Ok(auth_core::HttpResponse { status, headers: Vec::new(), body })
    };
    for status in [400, 422] {
        let error = cause(act(at("credentials"), latin1(status)).1);
        assert_eq!(error.kind(), "wrong_credentials");
        assert_eq!(error.server_message().unwrap().lines(), ["Passwort ung\u{FFFD}ltig"]);
    }
    let mut body = br#"{"accessToken":{"token":"a"},"refreshToken":{"token":"r"},"name":""#.to_vec();
    body.extend_from_slice(b"M\xFCller\"}");
    let body = auth_core::secret::SecretBytes::new(body);
    let pair = Ok(auth_core::HttpResponse { status: 200, headers: Vec::new(), body });
    assert_eq!(leads("credentials", pair), "signed_in");
    let bad = auth_core::secret::SecretBytes::new(
        b"{\"accessToken\":{\"token\":\"\xFC\"},\"refreshToken\":{\"token\":\"r\"}}".to_vec(),
    );
    let pair = Ok(auth_core::HttpResponse { status: 200, headers: Vec::new(), body: bad });
    assert_eq!(leads("credentials", pair), "credentials: not_b2core");
}

#[test]
fn a_block_is_as_long_as_the_rate_limit_headers_say() {
    for (header, seconds) in [
        (("X-RateLimit-Reset", "1767225690"), None),
        (("RateLimit-Reset", "40"), Some(40)),
        (("X-RateLimit-Reset-After", "41"), Some(41)),
    ] {
        let error = cause(act(at("code"), with_header(429, "", header)).1);
        let SignInError::Call(CallError::LockedOut(lock)) = &error else { panic!("{error:?}") };
        if let Some(seconds) = seconds {
            assert_eq!(lock.retry_after, Duration::from_secs(seconds), "{header:?}");
        }
    }
    // The limit of other calls says nothing of a refusal that is none of too many attempts.
    let wrong = r#"{"error":{"code":0,"message":"No"}}"#;
    assert_eq!(
        short(act(at("code"), with_header(400, wrong, ("X-RateLimit-Reset", "40"))).1),
        "code: wrong_code"
    );
}

#[test]
fn a_wizard_that_is_opened_by_post_is_remembered_with_every_step() {
    use auth_core::{ApiRequest, Endpoint, HttpMethod};
    let refused = |allow: Option<&str>, status| {
        let response = answer(status, r#"{"message":"The GET method is not supported for this route."}"#);
        let mut response = response.unwrap();
        response.headers.extend(allow.map(|methods| ("Allow".to_owned(), methods.to_owned())));
        response
    };
    for (allow, status, again) in [
        (Some("POST"), 405, true),
        (Some("post, options"), 405, true),
        (None, 405, true),
        (Some("PUT"), 405, false),
        (Some("POST"), 404, false),
    ] {
        let other = ApiRequest::by_other_method(Endpoint::Wizard, &refused(allow, status));
        assert_eq!(other.is_some(), again, "{allow:?} {status}");
        if let Some(request) = other {
            assert_eq!(
                (request.endpoint().method(), request.endpoint().path()),
                (HttpMethod::Post, Endpoint::Wizard.path())
            );
            assert_eq!(crate::scenario::body_of(request), serde_json::json!({}));
        }
    }
    let other = ApiRequest::by_other_method(Endpoint::SignIn(Office::Front), &refused(Some("POST"), 405));
    assert!(other.is_none());
    assert!(ApiRequest::by_other_method(Endpoint::WizardByPost, &refused(Some("POST"), 405)).is_none());

    for from in ["start", "credentials", "choose_method", "code", "reset_code", "new_password"] {
        let step = at(from).with_wizard_by_post();
        let bytes = step.checkpoint().unwrap().bytes;
        let restored = Step::from_checkpoint(bytes.expose(), crate::scenario::now()).unwrap();
        assert!(restored.opens_wizard_by_post(), "{from}");
        let next = act(restored, ok(&workflow("2fa"))).1.unwrap_or_else(|rejected| *rejected.step);
        assert!(next.opens_wizard_by_post(), "{from}");
    }
    let Step::Start(start) = at("start").with_wizard_by_post() else { panic!() };
    assert_eq!(start.open().0.endpoint(), Endpoint::WizardByPost);
    assert!(!at("code").opens_wizard_by_post());
}
