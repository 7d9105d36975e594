//! JSON Web Tokens checked by `openssl`, which shares no code with us.

use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The claims of an RS256 token, once `openssl` has verified its signature.
#[track_caller]
pub fn verified_claims(token: &str, public_pem: &str) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    let &[header, claims, signature] = parts.as_slice() else { panic!("no token has {} parts", parts.len()) };
    assert_eq!(decoded(header)["alg"], "RS256");

    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a temporary file can be written");
        path
    };
    let key = write("key.pem", public_pem.as_bytes());
    let signature = write("signature", &bytes(signature));
    let data = write("data", format!("{header}.{claims}").as_bytes());
    let mut openssl = Command::new("openssl");
    openssl.args(["dgst", "-sha256", "-verify"]).arg(key).arg("-signature").arg(signature).arg(data);
    let output = openssl.output().expect("openssl is installed by `cargo xtask test`");
    let server_message = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && server_message.trim() == "Verified OK", "openssl: {server_message}");
    decoded(claims)
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&bytes(part)).expect("a token's parts are JSON")
}

fn bytes(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).expect("a token's parts are base64url")
}
