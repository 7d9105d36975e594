//! These tests are a program with this crate and with totp-rs of its own, as many have who sign in with authenticator codes.

use totp_rs::{Algorithm, Totp};

/// The feature `otpauth` gives `Totp::new` two more arguments. If this crate turned it on, this would not compile, and neither
/// would the programs of those who only test with it.
#[test]
fn the_programs_own_totp_rs_keeps_its_arguments() {
    #[expect(deprecated, reason = "it is what programs have that are older than the builder")]
    let totp = Totp::new(Algorithm::SHA1, 6, 1, 30, b"12345678901234567890".to_vec()).unwrap();
    assert_eq!(totp.generate(59).to_string(), "287082");
}
