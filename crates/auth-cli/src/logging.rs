//! `-v`: what happens, on standard error. Only our own crates speak; they log no secret.

use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging: `-v` says what was done, `-vv` each request, `-vvv` everything.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => tracing::Level::INFO,
        2 => tracing::Level::DEBUG,
        _ => tracing::Level::TRACE,
    };
    let ours = ["auth_core", "auth_http", "auth_store", "auth_client", "auth_sandbox", "b2auth"];
    let targets = ours.into_iter().fold(Targets::new(), |targets, name| targets.with_target(name, level));
    let layer = fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    tracing_subscriber::registry().with(layer).with(targets).init();
}
