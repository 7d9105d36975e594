//! The statement of where a release comes from (in-toto, with SLSA's predicate), and its signature (DSSE).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::key::Key;
use crate::package::Handover;
use crate::tree::Tree;

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
    /// For each folder the programs that made it, with their versions.
    pub(super) tools: &'a [(&'static str, Vec<String>)],
    /// What other machines have built of the same commit.
    pub(super) handed_over: &'a [(&'static str, Handover)],
}

/// The statement about these files. It has no time and no number of the run: two runs say the same.
pub(super) fn of(source: &Source<'_>, files: &Tree) -> Value {
    let subject = |(name, sum): (&String, &String)| json!({ "name": name, "digest": { "sha256": sum } });
    let repository = source.repository;
    let mut dependencies = vec![
        json!({ "uri": format!("git+{repository}"), "digest": { "gitCommit": source.commit } }),
        json!({ "name": "Cargo.lock", "digest": { "sha256": source.lock } }),
    ];
    for (folder, list) in source.handed_over {
        let built_by = json!({ "rustc": list.rustc });
        dependencies.extend(list.files.iter().map(|(name, sum)| {
            let name = format!("{folder}/{name}");
            json!({ "name": name, "digest": { "sha256": sum }, "annotations": built_by })
        }));
    }
    let tools: Map<String, Value> =
        source.tools.iter().map(|(folder, tools)| ((*folder).to_owned(), json!(tools))).collect();
    let handed_over: Vec<_> = source.handed_over.iter().map(|(folder, _)| *folder).collect();
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": files.iter().map(subject).collect::<Vec<_>>(),
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": format!("{repository}/docs/releasing.md"),
                "externalParameters": {
                    "command": "cargo xtask release",
                    "version": source.version,
                    "handedOver": handed_over,
                },
                "internalParameters": { "rustc": source.rustc, "tools": tools },
                "resolvedDependencies": dependencies,
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
        let list = json!({
            "commit": "c", "clean": true, "version": "1", "rustc": "rustc 1", "missing": [], "files": { "a/x.dll": "1" }
        });
        let handed_over = [("natives", serde_json::from_value(list).unwrap())];
        let source = Source {
            repository: "https://r",
            commit: "c",
            version: "1",
            lock: "l",
            rustc: "r",
            tools: &[("b2auth", vec!["rustc 1.96".to_owned()])],
            handed_over: &handed_over,
        };
        let statement = of(&source, &files);
        assert_eq!(statement["subject"][0]["name"], "b2auth/x");
        assert_eq!(statement["subject"][0]["digest"]["sha256"], "0".repeat(64));
        let input = &statement["predicate"]["buildDefinition"]["resolvedDependencies"][2];
        assert_eq!(input["name"], "natives/a/x.dll");
        assert_eq!(
            (&input["digest"]["sha256"], &input["annotations"]["rustc"]),
            (&json!("1"), &json!("rustc 1"))
        );
        let parameters = &statement["predicate"]["buildDefinition"]["internalParameters"];
        assert_eq!(parameters["tools"]["b2auth"][0], "rustc 1.96");
        assert!(!statement.to_string().contains("startedOn"));
    }
}
