//! The lines by which an actor tells what happened. A line is written whole, or not at all if the actor is killed before.

use std::io::Write;

use serde_json::Value;

/// Writes a line.
pub(crate) fn report(line: &Value) {
    let text = format!("{line}\n");
    let mut out = std::io::stdout().lock();
    // Whoever reads may be gone; then nobody wants to know.
    let _unread = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
