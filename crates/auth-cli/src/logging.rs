//! `-v` and `--log`: what happens, on standard error. Only our own crates speak; they log no secret.

use crate::{output, plain_lines::PlainLog, values::LogFormat};
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging: `-v` says what was done, `-vv` each request, `-vvv` everything. As JSON, where a program reads along, everything on
/// standard error is a line of JSON, and what was done is said without being asked for.
pub(crate) fn start(verbose: u8, format: LogFormat) {
    let level = match (verbose, format) {
        (0, LogFormat::Text) => return,
        (0 | 1, _) => tracing::Level::INFO,
        (2, _) => tracing::Level::DEBUG,
        _ => tracing::Level::TRACE,
    };
    let ours = ["auth_core", "auth_http", "auth_store", "auth_client", "auth_sandbox", "b2auth"];
    let targets = ours.into_iter().fold(Targets::new(), |targets, name| targets.with_target(name, level));
    let registry = tracing_subscriber::registry();
    let layer = fmt::layer().with_writer(|| PlainLog).with_ansi(false).with_target(false);
    match format {
        LogFormat::Text => registry.with(layer).with(targets).init(),
        LogFormat::Json => {
            output::notes_are_logged();
            registry.with(layer.json().flatten_event(true).with_span_list(false)).with(targets).init();
        }
    }
}
