//! After a lost answer: what a refusal means then, and that a saved step is still marked as uncertain.

use crate::scenario::{WIZARD, act, answer, at, leads, now, ok, short};
use auth_core::{
    HttpResponse,
    attempts::Limits,
    ports::TransportError,
    sign_in::{Step, StepRejected},
};

type Outcome = Result<HttpResponse, TransportError>;

const VAGUE: &str = r#"{"error":{"code":0,"message":"Not possible at this step"}}"#;

/// The step after this came in place of an answer, by way of its checkpoint.
fn after(name: &str, outcome: Outcome) -> Step {
    let StepRejected { step, .. } = act(at(name), outcome).1.expect_err("no answer");
    let kept = step.checkpoint().expect("it waits");
    Step::from_checkpoint(kept.bytes.expose(), now()).expect("it was just written")
}

#[test]
fn a_refusal_that_is_not_about_the_input_begins_the_sign_in_anew() {
    // Step, what it is about, where a vague refusal leads, and what the same is without a lost answer.
    for (name, about, over, usual) in [
        ("choose_method", "This method is not enabled", "start", "refused"),
        ("code", "The code is wrong", "start", "wrong_code"),
        ("mailed_code", "The code is wrong", "credentials", "wrong_code"),
        ("reset_code", "The code is wrong", "start", "wrong_code"),
        ("new_password", "The password is too short", "start", "password_refused"),
    ] {
        assert_eq!(leads(name, answer(400, VAGUE)), format!("{name}: {usual}"), "no answer was lost");
        let uncertain = after(name, Err(TransportError::Interrupted));
        let vague = act(uncertain.clone(), answer(400, VAGUE)).1;
        assert_eq!(short(vague), format!("{over}: sign_in_expired"));

        let told = format!(r#"{{"error":{{"code":0,"message":"{about}"}}}}"#);
        let judged = act(uncertain, answer(400, &told)).1;
        let StepRejected { step, cause } = judged.expect_err("a refusal");
        assert_eq!((step.name(), cause.kind()), (name, usual), "it is about the input");
        if name != "choose_method" {
            assert_eq!(
                short(act(*step, answer(400, VAGUE)).1),
                format!("{name}: {usual}"),
                "the outcome is known"
            );
        }
    }
}

#[test]
fn only_what_may_have_reached_the_host_leaves_a_step_uncertain() {
    let uncertain_after = |outcome: Outcome| {
        let refused = act(after("reset_code", outcome), answer(400, VAGUE)).1;
        short(refused) == "start: sign_in_expired"
    };
    use TransportError::{Failed, Interrupted, NotHttp, PinMismatch, TimedOut, Tls, TooLarge, Unreachable};
    for sent in [Interrupted, TimedOut, TooLarge, NotHttp, Failed] {
        assert!(uncertain_after(Err(sent)), "{sent:?}");
    }
    for never in [Unreachable, Tls, PinMismatch] {
        assert!(!uncertain_after(Err(never)), "{never:?}");
    }
    for (status, body) in
        [(504, ""), (200, "<html>"), (302, ""), (200, r#"{"workflow":"login","done":true}"#)]
    {
        assert!(uncertain_after(answer(status, body)), "{status} {body}");
    }
    assert!(!uncertain_after(answer(429, "")), "a lock-out is an answer");
}

#[test]
fn an_uncertain_form_takes_a_new_wizard() {
    let Step::NeedCredentials(form) = after("credentials", Err(TransportError::TimedOut)) else { panic!() };
    assert!(form.is_uncertain());
    let account = form.account().map(str::to_owned);
    let reopen = |outcome: Outcome| form.clone().reopen_wizard().1.resume(outcome, now(), &Limits::default());

    for outcome in [Err(TransportError::Unreachable), answer(503, ""), answer(404, "{}"), ok("<html>")] {
        let StepRejected { step, .. } = reopen(outcome).expect_err("no wizard");
        let Step::NeedCredentials(kept) = *step else { panic!("the form is kept") };
        assert!(kept.is_uncertain());
    }
    let Ok(Step::NeedCredentials(fresh)) = reopen(ok(WIZARD)) else { panic!("a wizard") };
    assert!(!fresh.is_uncertain());
    assert_eq!(fresh.account().map(str::to_owned), account);

    let Step::NeedCredentials(back) = after("back_credentials", Err(TransportError::TimedOut)) else {
        panic!()
    };
    assert!(!back.is_uncertain(), "each sign-in to the back office stands alone");
}
