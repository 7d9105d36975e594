//! A screen that is signed in by a phone: both in this process, two clients of one host.

use super::stage::{PASSWORD, Stage, session, submit, tell};
use crate::{
    failure::Failure,
    output,
    qr_code::{Drawing, Picture, draw, png, scan},
    screen,
};
use auth_client::{AuthClient, Office, QrProtocol, QrShown, QrState, QrStates, ScanSource, SignInStep};
use std::io;

pub(super) async fn qr_sign_in(stage: &Stage) -> Result<(), Failure> {
    let phone = client(stage)?.sign_in(Office::Front);
    if let SignInStep::Start(start) = phone.current() {
        start.open().await?;
    }
    submit(&phone, "plain@example.com", PASSWORD).await?;
    let phone = session(&phone)?;

    let mut states = client(stage)?.qr_sign_in().states();
    let code = match next(&mut states).await? {
        QrState::Shown(code) => code,
        other => return Err(unexpected(&other)),
    };
    let drawing = Drawing::of(code.payload().expose()).ok_or_else(|| demo("the code cannot be drawn"))?;
    tell("QR code on a screen", about(&code))?;
    output::raw(draw(&drawing, screen::look(&io::stdout())).join("\n")).map_err(Failure::output)?;

    let photo = png(&drawing).map_err(|error| demo(&error.to_string()))?;
    let photo = Picture::read(&photo).map_err(|error| demo(&format!("{error:?}")))?;
    let scanned = scan(&photo).map_err(|problem| demo(&format!("{problem:?}")))?;
    let request = phone.inspect_qr(&*scanned, ScanSource::Camera).await?;
    let (place, account) = (request.details().ip.as_deref().unwrap_or("an unknown address"), phone.account());
    tell("  scanned by a signed-in phone", format!("it asks {account} about a screen at {place}"))?;
    request.approve().await?;
    tell("  approved there", format!("the screen is {}", next(&mut states).await?.name()))?;
    match next(&mut states).await? {
        QrState::SignedIn(session) => {
            tell("  and the screen", format!("signed in as {}", session.account()))?
        }
        other => return Err(unexpected(&other)),
    }
    Ok(())
}

/// A device that asks its host about codes.
fn client(stage: &Stage) -> Result<AuthClient, Failure> {
    let mut protocol = QrProtocol::default();
    protocol.inspect = true;
    let client = AuthClient::builder(stage.url()).qr_protocol(protocol).build();
    client.map_err(|error| demo(&error.to_string()))
}

async fn next(states: &mut QrStates) -> Result<QrState, Failure> {
    Ok(states.next().await.ok_or_else(|| demo("the QR sign-in has ended"))??)
}

fn about(code: &QrShown) -> String {
    let lifetime = code.lifetime().as_secs();
    format!("seen at {}, renewed after {lifetime} s", code.ip().unwrap_or("an unknown address"))
}

fn unexpected(state: &QrState) -> Failure {
    demo(&format!("the QR sign-in is {}", state.name()))
}

fn demo(problem: &str) -> Failure {
    Failure::other("demo", problem)
}
