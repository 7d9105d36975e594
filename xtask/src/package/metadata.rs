//! Gradle's module metadata: what a newer Gradle knows of an artefact, in variants for the JVM and for Android.

use serde_json::{Value, json};

use super::artifacts::{ALL, Artifact, BOM, GROUP, Kind, OnAndroid};
use super::pom::Dependency;
use super::repository::PublishedFile;

/// The name of the file, which is beside the POM.
pub(super) fn file_name(id: &str, version: &str) -> String {
    format!("{id}-{version}.module")
}

/// The metadata of an artefact with its files: the main one, sources and documentation.
pub(super) fn of(
    artifact: &Artifact,
    version: &str,
    needs: &[Dependency],
    files: &[PublishedFile],
) -> String {
    let mut variants = Vec::new();
    for usage in Usage::BOTH {
        let (environment, elements) = match artifact.kind {
            Kind::Jar => ("standard-jvm", "jar"),
            Kind::Aar => ("android", "aar"),
        };
        let main = || files.iter().find(|file| file.classifier.is_none());
        variants.push(library(artifact, version, usage, (environment, elements), needs, main()));
        match artifact.on_android {
            Some(OnAndroid::Instead(other)) => variants.push(json!({
                "name": format!("android{}", usage.name()),
                "attributes": attributes(usage, ("android", "aar")),
                "available-at": {
                    "url": format!("../../{other}/{version}/{}", file_name(other, version)),
                    "group": GROUP, "module": other, "version": version,
                },
            })),
            Some(OnAndroid::With(other)) => {
                let also = Dependency {
                    group: GROUP.to_owned(),
                    artifact: other.to_owned(),
                    version: version.to_owned(),
                    is_api: false,
                    file_type: None,
                };
                let needs = [needs, &[also]].concat();
                variants.push(library(artifact, version, usage, ("android", "jar"), &needs, main()));
            }
            None => {}
        }
    }
    for file in files {
        if let Some(classifier) = file.classifier {
            variants.push(json!({
                "name": format!("{classifier}Elements"),
                "attributes": {
                    "org.gradle.category": "documentation",
                    "org.gradle.dependency.bundling": "external",
                    "org.gradle.docstype": classifier,
                    "org.gradle.usage": "java-runtime",
                },
                "files": [file_json(file)],
            }));
        }
    }
    document(artifact.id, version, &variants)
}

/// The metadata of the BOM: a platform.
pub(super) fn of_bom(version: &str) -> String {
    let constraints: Vec<_> = ALL
        .iter()
        .map(|artifact| json!({ "group": GROUP, "module": artifact.id, "version": { "requires": version } }))
        .collect();
    let variants: Vec<_> = Usage::BOTH
        .into_iter()
        .map(|usage| {
            json!({
                "name": usage.name(),
                "attributes": { "org.gradle.category": "platform", "org.gradle.usage": usage.attribute() },
                "dependencyConstraints": constraints,
            })
        })
        .collect();
    document(BOM, version, &variants)
}

/// What somebody needs it for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Usage {
    Compiling,
    Running,
}

impl Usage {
    const BOTH: [Self; 2] = [Self::Compiling, Self::Running];

    fn name(self) -> &'static str {
        match self {
            Self::Compiling => "ApiElements",
            Self::Running => "RuntimeElements",
        }
    }

    fn attribute(self) -> &'static str {
        match self {
            Self::Compiling => "java-api",
            Self::Running => "java-runtime",
        }
    }
}

fn attributes(usage: Usage, (environment, elements): (&str, &str)) -> Value {
    json!({
        "org.gradle.category": "library",
        "org.gradle.dependency.bundling": "external",
        "org.gradle.jvm.environment": environment,
        "org.gradle.jvm.version": 17,
        "org.gradle.libraryelements": elements,
        "org.gradle.usage": usage.attribute(),
    })
}

fn library(
    artifact: &Artifact,
    version: &str,
    usage: Usage,
    kind: (&str, &str),
    needs: &[Dependency],
    file: Option<&PublishedFile>,
) -> Value {
    let needs: Vec<_> = needs
        .iter()
        .filter(|need| need.is_api || usage == Usage::Running)
        .map(|need| {
            let module = root_of(&need.artifact);
            let mut value = json!({
                "group": need.group, "module": module, "version": { "requires": need.version },
            });
            if let Some(kind) = need.file_type {
                value["thirdPartyCompatibility"] =
                    json!({ "artifactSelector": { "name": module, "type": kind, "extension": kind } });
            }
            value
        })
        .collect();
    let mut value = json!({
        "name": format!("{}{}", kind.0.replace("standard-", ""), usage.name()),
        "attributes": attributes(usage, kind),
        "dependencies": needs,
        "files": file.map(file_json).into_iter().collect::<Vec<_>>(),
    });
    if let Some(other) = artifact.instead_of {
        // A build that has both gets an error and not both.
        let capability = |name: &str| json!({ "group": GROUP, "name": name, "version": version });
        value["capabilities"] = json!([capability(artifact.id), capability(other)]);
    }
    value
}

/// Multiplatform libraries have a module per platform, which Maven has to name; Gradle chooses it by itself.
fn root_of(artifact: &str) -> &str {
    artifact.strip_suffix("-jvm").unwrap_or(artifact)
}

fn file_json(file: &PublishedFile) -> Value {
    json!({
        "name": file.name, "url": file.name, "size": file.size,
        "sha1": file.sha1, "sha256": file.sha256,
    })
}

fn document(id: &str, version: &str, variants: &[Value]) -> String {
    let component = json!({
        "group": GROUP, "module": id, "version": version,
        "attributes": { "org.gradle.status": "release" },
    });
    let variants = Value::from(variants);
    // Gradle wants the version of the format first.
    format!(
        "{{\n\"formatVersion\": \"1.1\",\n\"component\": {component:#},\n\"variants\": {variants:#}\n}}\n"
    )
}
