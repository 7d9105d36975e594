//! Clocks that are a day off, either way: rate limiter, blocks and kept steps live by this device's clock, and what a host
//! tells is read by the host's own.

use auth_client::{CallError, Credentials, LockedOutBy, SignInError, SignInStep, secret::Password};
use auth_sandbox::{SignedDuration, Timestamp};
use e2e::past::block_on;
use e2e::walker::{EndpointCase, Walker};

const A_DAY: i64 = 24 * 60 * 60;
/// Of the device first, of the host second.
const OFFSETS: [(i64, i64); 5] = [(0, 0), (0, A_DAY), (0, -A_DAY), (A_DAY, 0), (-A_DAY, 0)];

fn walker((device, host): (i64, i64)) -> Walker {
    let walker = Walker::new();
    walker.clock.forward(device);
    walker.sandbox.set_clock_offset(SignedDuration::from_secs(host));
    walker
}

/// What is notified when a wrong password is tried: how long and by whom, or nothing but that it is wrong.
async fn try_wrong(step: &SignInStep) -> Option<(u64, LockedOutBy)> {
    let SignInStep::Credentials(form) = step else { panic!("at {}", step.name()) };
    let login = Credentials::new(EndpointCase::SignIn.email(), Password::new("wrong"));
    let failed = form.submit(login).await.map(|step| step.name()).expect_err("it is wrong");
    match failed.cause {
        SignInError::Call(CallError::LockedOut(lock)) => {
            Some((lock.retry_after.as_secs_f64().round() as u64, lock.by))
        }
        SignInError::WrongCredentials { .. } => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn five_attempts_a_minute_by_this_device_s_clock() {
    for offsets in OFFSETS {
        let walker = walker(offsets);
        block_on(async {
            let client = walker.device();
            let step = walker.to(&client, EndpointCase::SignIn).await.current();
            for _ in 0..5 {
                assert_eq!(try_wrong(&step).await, None, "{offsets:?}");
            }
            let sent = walker.through(EndpointCase::SignIn);
            let (wait, by) = try_wrong(&step).await.expect("locked out");
            assert!((57..=62).contains(&wait) && by == LockedOutBy::RateLimiter, "{offsets:?}: {wait}");
            assert_eq!(walker.through(EndpointCase::SignIn), sent, "{offsets:?}");
            walker.clock.forward(63);
            assert_eq!(try_wrong(&step).await, None, "{offsets:?}");
        });
    }
}

#[test]
fn the_host_s_block_lasts_as_long_as_the_host_says() {
    for offsets in OFFSETS {
        for form in ["seconds", "date"] {
            let walker = walker(offsets);
            let what = format!("{offsets:?} as {form}");
            let until: Timestamp = walker.sandbox.now() + SignedDuration::from_secs(300);
            let told = if form == "date" {
                until.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
            } else {
                "300".to_owned()
            };
            block_on(async {
                let client = walker.device();
                let step = walker.to(&client, EndpointCase::SignIn).await.current();
                let fault = format!("front/sign_in:status=429,times=1,retry_after={told}");
                walker.sandbox.fault(fault.parse().expect("a fault"));
                let (wait, by) = try_wrong(&step).await.expect("locked out");
                assert!((290..=300).contains(&wait) && by == LockedOutBy::Host, "{what}: {wait}");
                let sent = walker.through(EndpointCase::SignIn);
                walker.clock.forward(280);
                let (rest, by) = try_wrong(&step).await.expect("still locked out");
                assert!((1..=20).contains(&rest) && by == LockedOutBy::Host, "{what}: {rest}");
                assert_eq!(walker.through(EndpointCase::SignIn), sent, "{what}");
                walker.clock.forward(21);
                assert_eq!(try_wrong(&step).await, None, "{what}");
            });
        }
    }
}

#[test]
fn a_mailed_code_has_the_time_that_the_host_gave_it() {
    for offsets in OFFSETS {
        let walker = walker(offsets);
        let case = EndpointCase::ConfirmMailedCode;
        block_on(async {
            let client = walker.device();
            let SignInStep::MailedCode(code) = walker.to(&client, case).await.current() else {
                panic!("a code")
            };
            use auth_client::ports::Clock;
            let left = code.expires_at().duration_since(walker.clock.now()).as_secs();
            assert!((590..=601).contains(&left), "{offsets:?}: {left}");
            assert!(client.resume_sign_in(case.office()).await.is_ok(), "{offsets:?}: it is still pending");
            walker.clock.forward(602);
            assert!(client.resume_sign_in(case.office()).await.is_err(), "{offsets:?}: it is over");
        });
    }
}
