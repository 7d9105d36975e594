#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::scanned::check(data));
