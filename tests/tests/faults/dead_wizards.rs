//! The host forgets the sign-in, or wants more of it than it said.

use auth_client::{
    Credentials, SignInError, SignInStep,
    secret::{Password, RecaptchaResponse},
};
use auth_sandbox::{Limits, Sandbox};
use e2e::past::block_on;
use e2e::walker::{EndpointCase, PASSWORD, Walker};

fn walker(dialect: &str) -> Walker {
    let dialect = dialect.parse().expect("a dialect");
    Walker::at(Sandbox::builder().limits(Limits::off()).dialect(dialect).start().expect("it starts"))
}

/// A wizard's start and the back office's sign-in depend on nothing that could be forgotten.
fn stands_alone(case: EndpointCase) -> bool {
    matches!(case, EndpointCase::Wizard | EndpointCase::BackSignIn)
}

#[test]
fn a_forgotten_sign_in_begins_anew_at_every_step() {
    for dialect in ["errors=envelope", "errors=laravel", "errors=v1", "errors=empty", "uuid=rotate"] {
        let walker = walker(dialect);
        for case in EndpointCase::ALL {
            let what = format!("{case:?} under {dialect}");
            // A bare 404 at the first step may as well be a wrong address.
            let unclear = dialect == "errors=empty" && case.step() == "credentials";
            block_on(async {
                let client = walker.device();
                let sign_in = walker.to(&client, case).await;
                walker
                    .sandbox
                    .fault(format!("{}:dead_wizards,times=1", case.endpoint()).parse().expect("a fault"));
                match walker.act(&sign_in.current(), case).await.map(|step| step.name()) {
                    Ok(_) => assert!(stands_alone(case), "{what}"),
                    Err(failed) if unclear => {
                        assert_eq!(failed.cause.kind(), "not_b2core", "{what}");
                        assert_eq!(sign_in.current().name(), "credentials", "{what}");
                    }
                    Err(failed) => {
                        assert_eq!(failed.cause.kind(), "sign_in_expired", "{what}");
                        assert_eq!(failed.recovery().as_str(), "restart", "{what}");
                        assert!(!stands_alone(case), "{what}");
                        let pending = client.resume_sign_in(case.office()).await;
                        assert!(pending.is_err(), "{what}: a step that is over is not kept");
                    }
                }
                walker.finish(&sign_in, case).await;
            });
        }
    }
}

#[test]
fn refusals_behind_web_pages_keep_the_step() {
    let walker = walker("errors=html");
    for case in EndpointCase::ALL.into_iter().filter(|case| !stands_alone(*case)) {
        block_on(async {
            let client = walker.device();
            let sign_in = walker.to(&client, case).await;
            walker.sandbox.forget_wizards();
            let failed =
                walker.act(&sign_in.current(), case).await.map(|step| step.name()).expect_err("forgotten");
            assert_eq!((failed.cause.kind(), sign_in.current().name()), ("host_failed", case.step()));
        });
    }
}

#[test]
fn recaptcha_that_is_switched_on_half_way_is_asked_for() {
    for errors in ["envelope", "laravel", "v1"] {
        let walker = walker(&format!("errors={errors}"));
        let case = EndpointCase::SignIn;
        block_on(async {
            let client = walker.device();
            let sign_in = walker.to(&client, case).await;
            let SignInStep::Credentials(form) = sign_in.current() else { panic!("at the form") };
            assert!(!form.info().recaptcha_required);
            walker.sandbox.set_recaptcha(true);
            let login = || Credentials::new(case.email(), Password::new(PASSWORD));
            let failed = form.submit(login()).await.map(|step| step.name()).expect_err("one is needed");
            assert!(matches!(failed.cause, SignInError::RecaptchaRequired), "{errors}: {failed:?}");
            let SignInStep::Credentials(now) = sign_in.current() else { panic!("still at the form") };
            assert!(now.info().recaptcha_required, "{errors}");
            // Without one it is known here already.
            let before = walker.through(case);
            form.submit(login()).await.map(|step| step.name()).expect_err("one is needed");
            assert_eq!(walker.through(case), before, "{errors}");
            let proof = |text| login().with_recaptcha(RecaptchaResponse::new(text));
            let failed = form.submit(proof("bad")).await.map(|step| step.name()).expect_err("a bad one");
            assert!(matches!(failed.cause, SignInError::RecaptchaRefused { .. }), "{errors}: {failed:?}");
            assert_eq!(form.submit(proof("good")).await.expect(errors).name(), "signed_in");
        });
    }
}
