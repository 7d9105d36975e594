//! All that is logged in this process, by `tracing` and by `log`.

use std::{
    io::Write,
    sync::{LazyLock, Mutex},
};

static LOGGED: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(Mutex::default);

/// Collects from now on; gives what was logged since the start of the process.
pub(crate) fn collect() -> impl FnOnce() -> String {
    let writer = || Collector;
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(writer);
    let _there = tracing::subscriber::set_global_default(subscriber.finish());
    let _there = log::set_logger(&Collector).map(|()| log::set_max_level(log::LevelFilter::Trace));
    || String::from_utf8_lossy(&LOGGED.lock().unwrap()).into_owned()
}

struct Collector;

impl Write for Collector {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOGGED.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl log::Log for Collector {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        writeln!(LOGGED.lock().unwrap(), "{} {}", record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}
