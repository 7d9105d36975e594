//! One fault at one endpoint, from the step before it to the end of the sign-in.

use auth_client::{Failed, Recovery, SignIn, SignInError, SignInStep};
use e2e::raw_host::{RawHost, wizard};
use e2e::walker::{Door, Walker};

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
pub(super) fn when_done(door: Door) -> Again {
    match door {
        Door::Wizard | Door::SignIn | Door::SignInWithCode | Door::ChooseMethod | Door::BackSignIn => {
            Again::On
        }
        Door::CheckGoogle
        | Door::CheckSms
        | Door::RestorePassword
        | Door::ResetPassword
        | Door::ConfirmMailedCode => Again::Restart,
    }
}

/// Steps that the host has accepted something for are kept in the store by themselves.
fn is_kept(door: Door) -> bool {
    !matches!(door.step(), "start" | "credentials")
}

fn told_wait(failed: &Failed<SignInError>) -> Option<u64> {
    match failed.recovery() {
        Recovery::Wait { retry_after } => Some(retry_after.as_secs()),
        Recovery::Retry { after } => after.map(|after| after.as_secs()),
        _ => None,
    }
}

/// Meets the fault, checks what comes of it, and goes on to the end.
pub(super) async fn try_out(walker: &Walker, door: Door, row: &Row, again: Again) {
    let what = format!("{} at {door:?}", row.fault);
    let target = RawHost::start(|_| wizard());
    let client = walker.device();
    let sign_in = walker.to(&client, door).await;
    let step = sign_in.current();
    let before = walker.through(door);
    let fault = row.fault.replace("TARGET", &target.url());
    walker.sandbox.fault(format!("{}:{fault}", door.endpoint()).parse().expect("a fault"));

    let hasty = row.kind == "timed_out";
    let result = if hasty { walker.act_in_haste(&step, door).await } else { walker.act(&step, door).await };
    let failed = result.map(|step| step.name()).expect_err(&what);
    assert_eq!((failed.cause.kind(), failed.recovery().as_str()), (row.kind, row.recovery), "{what}");
    assert_eq!(told_wait(&failed), row.wait, "{what}");
    assert!(failed.correlation_id.is_some(), "{what}: the host's operator can find the request");

    // Nothing is sent twice, but for the one question that changes nothing, when its connection broke.
    let repeats = door == Door::Wizard && row.kind == "interrupted";
    let sent = walker.through(door) - before;
    assert_eq!(sent, if repeats { 2 } else { 1 }, "{what}");
    assert_eq!(target.requests().len(), 0, "{what}: nothing goes to another host");

    assert_eq!(sign_in.current().name(), door.step(), "{what}: the step is kept");
    if is_kept(door) {
        let elsewhere = client.resume_sign_in(door.office()).await.expect(&what);
        assert_eq!(elsewhere.current().name(), door.step(), "{what}: in the store too");
    }

    walker.sandbox.clear_faults();
    if row.kind == "locked_out" {
        let locked = walker.act(&step, door).await.map(|step| step.name()).expect_err(&what);
        assert_eq!((locked.cause.kind(), walker.through(door) - before), ("locked_out", 1), "{what}");
        walker.clock.forward(row.wait.unwrap_or_default().try_into().expect("a short wait"));
    }
    go_on(walker, door, &sign_in, &step, again).await;
    assert!(client.session(door.office()).await.expect("the store reads").is_some(), "{what}");
}

/// Uses the same step again, and goes on to the end.
pub(super) async fn go_on(walker: &Walker, door: Door, sign_in: &SignIn, step: &SignInStep, again: Again) {
    let second = walker.act(step, door).await.map(|step| step.name());
    match (again, second) {
        (Again::On, Ok(_)) => {}
        (Again::Restart, Err(failed)) if matches!(failed.cause, SignInError::WizardEnded) => {
            let first = if door == Door::ConfirmMailedCode { "credentials" } else { "start" };
            assert_eq!(sign_in.current().name(), first, "{door:?}");
            assert_eq!(sign_in.current().account().as_deref(), Some(door.email()), "{door:?}");
        }
        (_, second) => panic!("{door:?}: {again:?} expected, not {second:?}"),
    }
    walker.finish(sign_in, door).await;
}
