//! The scenes in their order.

use super::{qr, scenes, stage};
use crate::failure::Failure;
use std::process::ExitCode;

pub(crate) async fn run() -> Result<ExitCode, Failure> {
    let stage = stage::Stage::open()?;
    stage::say(format!(
        "A B2Core sandbox serves at {}. Each line is a real sign-in over HTTP.",
        stage.url()
    ))?;
    stage::say("")?;
    scenes::front_office(&stage).await?;
    scenes::back_office(&stage).await?;
    qr::qr_sign_in(&stage).await?;
    scenes::refresh_and_sign_out(&stage).await?;
    scenes::lock_out(&stage).await?;
    stage::say("")?;
    stage::say("Try it yourself: b2auth sandbox")?;
    Ok(ExitCode::SUCCESS)
}
