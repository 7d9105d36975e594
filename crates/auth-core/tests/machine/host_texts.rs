//! Texts of the host: what is kept of them, and that they give no secret back.

use crate::scenario::{PAIR, act, after, answer, at, cause, workflow};
use auth_core::{shown_as, sign_in::Step};

#[test]
fn the_hosts_words_are_kept_as_data_without_the_secrets_that_were_sent() {
    let echo = r#"{"error":{"code":0,"message":"Bad","details":[{"issue":"Secret123 is wrong for jdoe"}]}}"#;
    let error = cause(act(at("credentials"), answer(400, echo)).1);
    assert_eq!(error.server_message().unwrap().lines(), ["… is wrong for jdoe", "Bad"]);
    assert_eq!(error.to_string(), "wrong e-mail or password");
    assert!(!format!("{error:?}").contains("jdoe"));
}

#[test]
fn texts_that_are_shown_carry_no_control_characters() {
    let steer = r"\u001b]0;x\u0007\u009b2J\u202e\u061c\u2028\u2029\u200b\ufeff\udb40\udc41\ufff9\ue000";
    let is_unseen = |c: char| shown_as(c) != Some(c);
    let body = format!(r#"{{"2faRequired":true,"2faDetails":{{"token":"t","provider":"{steer}mail"}}}}"#);
    let Step::NeedMailedCode(step) = after(at("back_credentials"), &body) else { panic!() };
    assert!(!step.provider().contains(is_unseen), "{:?}", step.provider());
    let body = format!(
        r#"{{"data":{{"tfaProviders":[{{"name":"sms","localizedCaption":"{steer}SMS"}}]}},"uuid":"u","workflow":"2fa"}}"#
    );
    let Step::NeedMethod(step) = after(at("credentials"), &body) else { panic!() };
    let caption = step.options()[0].caption.clone().unwrap();
    assert!(!caption.contains(is_unseen), "{caption:?}");
    let Step::Unsupported(place) = after(at("credentials"), &workflow(&format!("kyc{steer}"))) else {
        panic!()
    };
    assert!(!place.workflow().contains(is_unseen), "{:?}", place.workflow());
    let echo =
        format!(r#"{{"error":{{"code":0,"message":"{steer}Bad","details":[{{"issue":"{steer}"}}]}}}}"#);
    let error = cause(act(at("credentials"), answer(400, &echo)).1);
    let lines = error.server_message().unwrap().lines();
    assert!(lines.len() == 2 && !lines.concat().contains(is_unseen), "{lines:?}");
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
        (r#""a\u2028b""#, None),
        (r#""a\u200bb""#, None),
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
