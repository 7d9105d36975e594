//! The scenes in their order.

use super::{qr, scenes, stage};
use crate::{failure::Failure, output};
use std::process::ExitCode;

pub(crate) async fn run() -> Result<ExitCode, Failure> {
    let stage = stage::Stage::open()?;
    output::line(format!(
        "A B2Core sandbox serves at {}. Each line is a real sign-in over HTTP.",
        stage.url()
    ));
    output::line("");
    scenes::front_office(&stage).await?;
    scenes::back_office(&stage).await?;
    qr::qr_sign_in(&stage).await?;
    scenes::refresh_and_sign_out(&stage).await?;
    scenes::lock_out(&stage).await?;
    output::line("");
    output::line("Try it yourself: cargo run -p auth-cli -- sandbox");
    Ok(ExitCode::SUCCESS)
}
