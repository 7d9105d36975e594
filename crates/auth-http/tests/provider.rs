//! The crypto provider: the program's if it has installed one, and never installed by us. A process of its own, since it cannot be
//! taken back.

use auth_http::{ClientError, HttpOptions};
use rustls::crypto::{CryptoProvider, ring};

#[test]
fn the_choice_for_the_process_is_the_program_s() {
    assert!(HttpOptions::default().client().is_ok());
    assert!(CryptoProvider::get_default().is_none(), "making a client installs nothing");

    let useless = CryptoProvider { cipher_suites: Vec::new(), ..ring::default_provider() };
    assert!(useless.install_default().is_ok());
    assert_eq!(
        HttpOptions::default().client().unwrap_err(),
        ClientError::TrustStore,
        "it is the one that is used"
    );
}
