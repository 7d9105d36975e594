//! Hosts as they are met in the field: other revisions, old encodings, walls and limits in front.

use crate::scenario::{PAIR, act, after, answer, at, cause, leads, now, ok, short, with_header, workflow};
use auth_core::{
    CallError, ClockReading, Office,
    attempts::Limits,
    session::{RefreshOutcome, refresh},
    sign_in::{SignInError, Step},
};
use std::time::Duration;

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
fn a_refresh_in_an_old_encoding_gives_its_access_token() {
    let Step::SignedIn(signed_in) = after(at("credentials"), &format!("{{{PAIR}}}")) else { panic!() };
    let old = signed_in.session().clone();
    let body = b"{\"accessToken\":{\"token\":\"new\"},\"name\":\"M\xFCller\"}".to_vec();
    let response = auth_core::HttpResponse {
        status: 200,
        headers: Vec::new(),
        body: auth_core::secret::SecretBytes::new(body),
    };
    let now = ClockReading::wall_clock_only(now());
    let RefreshOutcome::Refreshed(new) = refresh(&old).1.resume(Ok(response), &now, &Limits::default())
    else {
        panic!()
    };
    assert_eq!((new.tokens.access.token.expose(), new.tokens.refresh.token.expose()), ("new", "r"));
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
fn no_wait_is_longer_than_a_day_wherever_the_host_names_it() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let huge = ["86401", "4294967296", "18446744073709551615", "99999999999999999999999"];
    let mut answers = Vec::new();
    for number in huge {
        for header in ["Retry-After", "RateLimit-Reset", "X-RateLimit-Reset-After", "X-RateLimit-Reset"] {
            answers.push(with_header(429, "", (header, number)));
        }
        answers.push(with_header(429, "", ("RateLimit", &format!("limit=5, remaining=0, reset={number}"))));
        for unit in ["seconds", "minutes", "hours"] {
            let text = format!("Too many attempts, try again in {number} {unit}");
            for (status, body) in [
                (200, format!(r#"{{"code":429,"message":"{text}"}}"#)),
                (400, format!(r#"{{"error":{{"code":0,"message":"{text}"}}}}"#)),
                (403, format!(r#"{{"message":"{text}"}}"#)),
            ] {
                answers.push(answer(status, &body));
            }
        }
    }
    answers.push(with_header(429, "", ("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")));
    for answer in answers {
        let shown = format!("{answer:?}");
        let error = cause(act(at("code"), answer).1);
        let SignInError::Call(CallError::LockedOut(lock)) = &error else { panic!("{error:?} of {shown}") };
        assert!(lock.retry_after <= DAY, "{lock:?} of {shown}");
    }
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
