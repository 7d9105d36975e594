//! b2auth
fn main() {}
