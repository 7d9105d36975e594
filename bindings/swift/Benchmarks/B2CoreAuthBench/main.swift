// What a call into Rust costs. Build it, and the Rust library, for release:
//
//     swift run -c release B2CoreAuthBench

try await bench()
