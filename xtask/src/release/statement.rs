//! The statement of where a release comes from (in-toto, with SLSA's predicate), and its signature (DSSE).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::key::Key;
use super::tree::Tree;

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// What a release was made from.
pub(super) struct Source<'a> {
    pub(super) repository: &'a str,
    pub(super) commit: &'a str,
    pub(super) version: &'a str,
    /// The sum of `Cargo.lock`, which has those of all crates.
    pub(super) lock: &'a str,
    /// What `rustc --version` says.
    pub(super) rustc: &'a str,
}

/// The statement about these files. It has no time and no number of the run: two runs say the same.
pub(super) fn of(source: &Source<'_>, files: &Tree) -> Value {
    let subject = |(name, sum): (&String, &String)| json!({ "name": name, "digest": { "sha256": sum } });
    let repository = source.repository;
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": files.iter().map(subject).collect::<Vec<_>>(),
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": format!("{repository}/docs/releasing.md"),
                "externalParameters": { "command": "cargo xtask release", "version": source.version },
                "internalParameters": { "rustc": source.rustc },
                "resolvedDependencies": [
                    { "uri": format!("git+{repository}"), "digest": { "gitCommit": source.commit } },
                    { "name": "Cargo.lock", "digest": { "sha256": source.lock } },
                ],
            },
            "runDetails": { "builder": { "id": format!("{repository}/xtask") } },
        },
    })
}

/// The statement in an envelope with its signature.
pub(super) fn signed(statement: &str, key: &Key) -> Value {
    let signature = key.sign(&signed_bytes(statement));
    json!({
        "payloadType": PAYLOAD_TYPE,
        "payload": STANDARD.encode(statement),
        "signatures": [{ "keyid": key.id(), "sig": STANDARD.encode(signature) }],
    })
}

/// What is signed: type and text, each with its length.
fn signed_bytes(statement: &str) -> Vec<u8> {
    let (kind, length) = (PAYLOAD_TYPE.len(), statement.len());
    format!("DSSEv1 {kind} {PAYLOAD_TYPE} {length} {statement}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::{ED25519, UnparsedPublicKey};

    #[test]
    fn the_signature_is_of_the_type_and_the_statement() {
        let key = Key::from_pem(super::super::key::PEM).unwrap();
        let envelope = signed("{}", &key);
        let signature = STANDARD.decode(envelope["signatures"][0]["sig"].as_str().unwrap()).unwrap();
        let public = UnparsedPublicKey::new(&ED25519, key.public());
        let text = b"DSSEv1 28 application/vnd.in-toto+json 2 {}";
        assert!(public.verify(text, &signature).is_ok());
        assert!(public.verify(b"{}", &signature).is_err());
        assert_eq!(envelope["payload"], STANDARD.encode("{}"));
    }

    #[test]
    fn a_statement_names_every_file_and_no_time() {
        let files: Tree = [("b2auth/x".to_owned(), "0".repeat(64))].into();
        let source = Source { repository: "https://r", commit: "c", version: "1", lock: "l", rustc: "r" };
        let statement = of(&source, &files);
        assert_eq!(statement["subject"][0]["name"], "b2auth/x");
        assert_eq!(statement["subject"][0]["digest"]["sha256"], "0".repeat(64));
        assert!(!statement.to_string().contains("startedOn"));
    }
}
