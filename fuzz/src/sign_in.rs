//! Answers at every step of a sign-in.

use crate::{
    answer::{answers, issues_a_pair},
    now,
    shown::{all_of, fit_to_show, fits, holds_none},
    steps::{self, ENTERED, MethodAction, Outcome},
};
use auth_core::{HttpResponse, sign_in::Step};

/// Gives the answers, one after the other, to each step.
pub fn check(data: &[u8]) {
    let answers = answers(data);
    for begin in steps::all() {
        let actions = [MethodAction::Keep, MethodAction::Change];
        // Only a code step has two ways on.
        let actions = if matches!(begin, Step::NeedCode(_)) { &actions[..] } else { &actions[..1] };
        for action in actions.iter().copied() {
            let mut step = begin.clone();
            for response in &answers {
                let account = step.account().map(str::to_owned);
                let Some(outcome) = steps::act(step, action, response.clone()) else { break };
                step = judge(outcome, response, account);
            }
        }
    }
}

fn judge(outcome: Outcome, response: &HttpResponse, account: Option<String>) -> Step {
    let Outcome { endpoint, sent, result } = outcome;
    // What the host itself chose may be a word of ours: it is looked for in the host's texts only.
    let entered: Vec<String> =
        sent.iter().filter(|secret| ENTERED.contains(&secret.as_str())).cloned().collect();
    let pair = endpoint.issues_tokens() && issues_a_pair(response);
    let landed = match result {
        Ok(step) => step,
        Err(rejected) => {
            let cause = &rejected.cause;
            holds_none(&all_of(&rejected), &entered);
            assert!(!cause.kind().is_empty() && !cause.to_string().is_empty());
            let _total = cause.recovery();
            if let Some(server_message) = cause.server_message() {
                fit_to_show(server_message, &sent);
            }
            *rejected.step
        }
    };
    assert_eq!(matches!(landed, Step::SignedIn(_)), pair, "{endpoint:?} led to {}", landed.name());
    if account.is_some() {
        // At the credentials it is the one that was entered.
        assert!(landed.account().is_some(), "the account was forgotten");
    }
    holds_none(&format!("{landed:?}"), &entered);
    texts_fit(&landed, &sent);
    kept_and_read(landed)
}

/// The texts of the host that a step shows.
fn texts_fit(step: &Step, sent: &[String]) {
    match step {
        Step::NeedMethod(step) => {
            assert!(!step.options().is_empty(), "nothing to choose");
            step.options()
                .iter()
                .filter_map(|option| option.caption.as_deref())
                .for_each(|c| fits(c, 64, sent));
        }
        Step::NeedCode(step) => {
            step.options()
                .iter()
                .filter_map(|option| option.caption.as_deref())
                .for_each(|c| fits(c, 64, sent));
        }
        Step::NeedMailedCode(step) => fits(step.provider(), 32, sent),
        Step::Unsupported(step) => fits(step.workflow(), 64, sent),
        // An id is given on as it is, or not at all.
        Step::SignedIn(step) => step.session().client_id.iter().for_each(|id| fits(id, 128, &[])),
        _ => {}
    }
}

/// A waiting step can always be kept and gone on from.
fn kept_and_read(step: Step) -> Step {
    match &step {
        Step::SignedIn(_) | Step::Unsupported(_) => step,
        waiting => {
            let kept = waiting.checkpoint().expect("a waiting step can be kept");
            let back = Step::from_checkpoint(kept.bytes.expose(), now()).expect("and read back");
            assert_eq!(back.name(), waiting.name());
            let again = back.checkpoint().expect("it is still pending");
            assert_eq!(again.bytes.expose(), kept.bytes.expose());
            back
        }
    }
}
