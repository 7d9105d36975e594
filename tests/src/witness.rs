//! Everything that this process logs, and what its panics say.

use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber, field::Field, field::Visit};

static SEEN: Mutex<String> = Mutex::new(String::new());

/// Takes in, from now on, each event and span of `tracing`, each line of `log`, both at the lowest level and of every
/// crate, and the message of each panic.
pub fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(Everything).expect("nobody else listens in this process");
        log::set_logger(&Everything).expect("nobody else listens in this process");
        log::set_max_level(log::LevelFilter::Trace);
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            note(&format!("panic: {panic}\n{panic:?}"));
            usual(panic);
        }));
    });
}

/// All that was taken in so far, of all tests of this process.
pub fn seen() -> String {
    lock().clone()
}

fn note(line: &str) {
    let mut seen = lock();
    seen.push_str(line);
    seen.push('\n');
}

fn lock() -> MutexGuard<'static, String> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Everything;

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line::of(span.metadata());
        span.record(&mut line);
        note(&line.0);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        note(&line.0);
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::of(event.metadata());
        event.record(&mut line);
        note(&line.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Line {
    fn of(metadata: &Metadata<'_>) -> Self {
        Self(format!("{} {} {}", metadata.level(), metadata.target(), metadata.name()))
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _infallible = write!(self.0, " {field}={value:?}");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _infallible = write!(self.0, " {field}={value}");
    }

    fn record_error(&mut self, field: &Field, mut error: &(dyn std::error::Error + 'static)) {
        let _infallible = write!(self.0, " {field}={error} {error:?}");
        while let Some(source) = error.source() {
            let _infallible = write!(self.0, ": {source} {source:?}");
            error = source;
        }
    }
}

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        note(&format!("{} {} {}", record.level(), record.target(), record.args()));
    }

    fn flush(&self) {}
}
