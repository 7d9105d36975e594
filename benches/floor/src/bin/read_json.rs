//! The least program that says who is signed in: reads and parses a JSON file, and prints it.

use serde::Deserialize;
use std::io::Write;

#[derive(Deserialize)]
struct Kept<'a> {
    account: &'a str,
    host: &'a str,
}

fn main() {
    let path = std::env::args_os().nth(1).expect("a path");
    let bytes = std::fs::read(path).expect("a file");
    let kept: Kept<'_> = serde_json::from_slice(&bytes).expect("JSON");
    let line = format!("signed in as {} at {}\n", kept.account, kept.host);
    std::io::stdout().write_all(line.as_bytes()).expect("an output");
}
