//! Every fault at every endpoint of a sign-in.

use auth_sandbox::{Limits, Sandbox};
use e2e::past::block_on;
use e2e::walker::{EndpointCase, Walker};

use super::case::{Again, try_out, when_done};
use super::rows::{QUICK, Row, SLOW};

fn again(case: EndpointCase, row: &Row) -> Again {
    if row.done { when_done(case) } else { Again::On }
}

fn all_quick(case: EndpointCase) {
    block_on(async {
        let walker = Walker::new();
        for row in &QUICK {
            try_out(&walker, case, row, again(case, row)).await;
        }
    });
}

macro_rules! cases {
    ($($name:ident: $case:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            all_quick(EndpointCase::$case);
        })*

        #[test]
        fn every_endpoint_is_tried() {
            assert_eq!([$(EndpointCase::$case),*], EndpointCase::ALL);
        }
    };
}

cases! {
    wizard: Wizard,
    sign_in: SignIn,
    sign_in_with_code: SignInWithCode,
    choose_method: ChooseMethod,
    check_google: CheckGoogle,
    check_sms: CheckSms,
    restore_password: RestorePassword,
    reset_password: ResetPassword,
    back_sign_in: BackSignIn,
    confirm_mailed_code: ConfirmMailedCode,
}

/// One after the other they would take half a minute, most of it waiting.
#[test]
fn slow_hosts_at_every_endpoint() {
    std::thread::scope(|threads| {
        for case in EndpointCase::ALL {
            threads.spawn(move || {
                block_on(async {
                    let walker = Walker::new();
                    for row in &SLOW {
                        try_out(&walker, case, row, again(case, row)).await;
                    }
                });
            });
        }
    });
}

#[test]
fn over_https_too() {
    let sandbox = Sandbox::builder().limits(Limits::off()).tls(["localhost"]).start().expect("it starts");
    let walker = Walker::at(sandbox);
    block_on(async {
        for row in QUICK.iter().filter(|row| !row.fault.starts_with("status")) {
            try_out(&walker, EndpointCase::CheckSms, row, again(EndpointCase::CheckSms, row)).await;
        }
    });
}
