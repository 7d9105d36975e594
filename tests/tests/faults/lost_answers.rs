//! The work is done, and nobody receives it.

use auth_sandbox::{Limits, Sandbox};
use e2e::past::block_on;
use e2e::walker::{EndpointCase, Walker};

use super::case::{Again, go_on, try_out, when_done};
use super::rows::{QUICK, Row};

fn lost() -> &'static Row {
    QUICK.iter().find(|row| row.fault == "cut=10").expect("the row is there")
}

fn at_every_endpoint(dialect: &str, again: impl Fn(EndpointCase) -> Again) {
    let dialect = dialect.parse().expect("a dialect");
    let sandbox = Sandbox::builder().limits(Limits::off()).dialect(dialect).start().expect("it starts");
    let walker = Walker::at(sandbox);
    block_on(async {
        for case in EndpointCase::ALL {
            try_out(&walker, case, lost(), again(case)).await;
        }
    });
}

/// A host that has moved on says so in many ways, or in none: "not possible at this step", a bare 400.
#[test]
fn in_every_form_of_refusal() {
    for errors in ["envelope", "laravel", "v1", "empty"] {
        at_every_endpoint(&format!("errors={errors}"), when_done);
    }
}

/// The uuid that was lost with the answer was the only way on; a form gets a new one.
#[test]
fn on_a_host_that_changes_the_uuid_with_each_answer() {
    at_every_endpoint("uuid=rotate", |case| match case {
        EndpointCase::ChooseMethod => Again::Restart,
        other => when_done(other),
    });
}

/// Whoever gives a call up loses its answer just as well.
#[test]
fn to_a_caller_who_has_left() {
    let walker = Walker::new();
    for case in EndpointCase::ALL {
        block_on(async {
            let client = walker.device();
            let sign_in = walker.to(&client, case).await;
            let step = sign_in.current();
            walker.act_and_leave(&step, case).await;
            assert_eq!(sign_in.current().name(), case.step(), "{case:?}");
            go_on(&walker, case, &sign_in, &step, when_done(case)).await;
        });
    }
}
