//! `b2auth qr show`: a display, from its first code to its session.

use super::outlet::Outlet;
use crate::{clients::Clients, failure::Failure, interrupts::Interrupts, messages, qr_args::Show};
use auth_client::{Office, QrSignIn, QrSignInError, QrState, RequestError};
use std::{process::ExitCode, time::Duration};
use tokio::time::{MissedTickBehavior, interval};

/// How often the time that is left is shown anew.
const TICK: Duration = Duration::from_secs(1);

pub(super) async fn run(clients: &Clients, args: &Show) -> Result<ExitCode, Failure> {
    let (client, global) = (clients.here()?, &clients.global);
    global.keeps_sessions()?;
    let host = client.host().to_string();
    let mut outlet = Outlet::new(global.json, args, host, messages::catalogue())?;
    // From here on an interrupt takes the code away, however early it comes.
    let mut interrupts = Interrupts::new()?;
    // Only the front office has QR sign-in.
    if global.office != Office::Front {
        outlet.show(&QrState::NotAvailable)?;
        return Err(Failure::qr_not_available());
    }
    watch(&client.qr_sign_in(), &mut outlet, &mut interrupts).await
}

async fn watch(
    sign_in: &QrSignIn,
    outlet: &mut Outlet,
    interrupts: &mut Interrupts,
) -> Result<ExitCode, Failure> {
    let mut states = sign_in.states();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut is_exchanged, mut is_asked_to_end) = (false, false);
    let mut failed = Ok(());
    loop {
        tokio::select! {
            state = states.next() => {
                // The stream ends behind a final state, which ends this too.
                let Some(state) = state else { return Err(no_end()) };
                let state = state?;
                let shown = outlet.show(&state);
                // An approval is good once: it is exchanged and saved, whoever still reads.
                is_exchanged = matches!(state, QrState::Approved);
                failed = failed.and(shown);
                if !is_exchanged {
                    std::mem::replace(&mut failed, Ok(()))?;
                }
                match state {
                    QrState::SignedIn(_) => return Ok(ExitCode::SUCCESS),
                    QrState::Declined => return Err(Failure::qr_declined()),
                    QrState::NotAvailable => return Err(Failure::qr_not_available()),
                    QrState::Shown(_) | QrState::Renewed(_) | QrState::Approved | QrState::Expired(_) => {}
                }
            }
            _ = ticks.tick() => outlet.tick(),
            code = interrupts.next() => {
                // In the middle of an exchange one interrupt is no reason to lose it; a second one is.
                if !is_exchanged || std::mem::replace(&mut is_asked_to_end, true) {
                    sign_in.cancel();
                    return Ok(ExitCode::from(code));
                }
            }
        }
    }
}

fn no_end() -> Failure {
    RequestError::from(QrSignInError::NoCode).into()
}
