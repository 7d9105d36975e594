//! One fault at one endpoint, from the step before it to the end of the sign-in.

use auth_client::{Recovery, RequestError, SignIn, SignInError, SignInStep};
use e2e::raw_host::{RawHost, wizard};
use e2e::walker::{EndpointCase, Walker};

use super::rows::Row;

/// Where the same step leads when it is used again, the fault being over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// On, as if nothing had been.
    On,
    /// Back to the beginning, said so: the host has ended this sign-in, and does not tell with what.
    Restart,
}

/// What is to be expected of an answer that is lost after the work.
///
/// A wizard or a back-office sign-in can be begun again, a form gets a new wizard, and a method may be chosen twice. But a
/// code that was taken is spent, and a wizard that is finished is unknown; no document says how to ask for the lost answer.
pub(super) fn when_done(case: EndpointCase) -> Again {
    match case {
        EndpointCase::Wizard
        | EndpointCase::SignIn
        | EndpointCase::SignInWithCode
        | EndpointCase::ChooseMethod
        | EndpointCase::BackSignIn => Again::On,
        EndpointCase::CheckGoogle
        | EndpointCase::CheckSms
        | EndpointCase::RestorePassword
        | EndpointCase::ResetPassword
        | EndpointCase::ConfirmMailedCode => Again::Restart,
    }
}

/// Steps that the host has accepted something for are kept in the store by themselves.
fn is_kept(case: EndpointCase) -> bool {
    !matches!(case.step(), "start" | "credentials")
}

fn told_wait(failed: &RequestError<SignInError>) -> Option<u64> {
    match failed.recovery() {
        Recovery::Wait { retry_after } => Some(retry_after.as_secs()),
        Recovery::Retry { after } => after.map(|after| after.as_secs()),
        _ => None,
    }
}

/// Meets the fault, checks what comes of it, and goes on to the end.
pub(super) async fn try_out(walker: &Walker, case: EndpointCase, row: &Row, again: Again) {
    let what = format!("{} at {case:?}", row.fault);
    let target = RawHost::start(|_| wizard());
    let client = walker.device();
    let sign_in = walker.to(&client, case).await;
    let step = sign_in.current();
    let before = walker.through(case);
    let fault = row.fault.replace("TARGET", &target.url());
    walker.sandbox.fault(format!("{}:{fault}", case.endpoint()).parse().expect("a fault"));

    let hasty = row.kind == "timed_out";
    let result = if hasty { walker.act_in_haste(&step, case).await } else { walker.act(&step, case).await };
    let failed = result.map(|step| step.name()).expect_err(&what);
    assert_eq!((failed.cause.kind(), failed.recovery().as_str()), (row.kind, row.recovery), "{what}");
    assert_eq!(told_wait(&failed), row.wait, "{what}");
    assert!(failed.correlation_id.is_some(), "{what}: the host's operator can find the request");

    // Nothing is sent twice, but for the one question that changes nothing, when its connection broke.
    let repeats = case == EndpointCase::Wizard && row.kind == "interrupted";
    let sent = walker.through(case) - before;
    assert_eq!(sent, if repeats { 2 } else { 1 }, "{what}");
    assert_eq!(target.requests().len(), 0, "{what}: nothing goes to another host");

    assert_eq!(sign_in.current().name(), case.step(), "{what}: the step is kept");
    if is_kept(case) {
        let elsewhere = client.resume_sign_in(case.office()).await.expect(&what);
        assert_eq!(elsewhere.current().name(), case.step(), "{what}: in the store too");
    }

    walker.sandbox.clear_faults();
    if row.kind == "locked_out" {
        let locked = walker.act(&step, case).await.map(|step| step.name()).expect_err(&what);
        assert_eq!((locked.cause.kind(), walker.through(case) - before), ("locked_out", 1), "{what}");
        walker.clock.forward(row.wait.unwrap_or_default().try_into().expect("a short wait"));
    }
    go_on(walker, case, &sign_in, &step, again).await;
    assert!(client.session(case.office()).await.expect("the store reads").is_some(), "{what}");
}

/// Uses the same step again, and goes on to the end.
pub(super) async fn go_on(
    walker: &Walker,
    case: EndpointCase,
    sign_in: &SignIn,
    step: &SignInStep,
    again: Again,
) {
    let second = walker.act(step, case).await.map(|step| step.name());
    match (again, second) {
        (Again::On, Ok(_)) => {}
        (Again::Restart, Err(failed)) if matches!(failed.cause, SignInError::WizardEnded) => {
            let first = if case == EndpointCase::ConfirmMailedCode { "credentials" } else { "start" };
            assert_eq!(sign_in.current().name(), first, "{case:?}");
            assert_eq!(sign_in.current().account().as_deref(), Some(case.email()), "{case:?}");
        }
        (_, second) => panic!("{case:?}: {again:?} expected, not {second:?}"),
    }
    walker.finish(sign_in, case).await;
}
