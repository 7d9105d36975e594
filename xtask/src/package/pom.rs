//! POMs: what Maven, and old Gradle, know of an artefact.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::artifacts::{ALL, Artifact, BOM, GROUP, Kind};
use crate::shell::{self, Failure};

/// Something that an artefact needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: String,
    /// True if its types are in the signatures of ours.
    pub(super) is_api: bool,
    /// `aar`, where it is no jar.
    pub(super) file_type: Option<&'static str>,
}

/// What all POMs say of the project, as the parent of the modules says it.
pub(super) struct Project(String);

impl Project {
    /// From the first `<url>` to `</scm>`.
    pub(super) fn read() -> Result<Self, Failure> {
        let path = shell::root().join("bindings/kotlin/pom.xml");
        let text = fs::read_to_string(&path);
        let text = text.map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
        let facts = text.find("  <url>").zip(text.find("</scm>")).map(|(from, to)| &text[from..to]);
        let facts = facts.ok_or_else(|| Failure::new(format!("{} says no url and scm", path.display())))?;
        Ok(Self(format!("{facts}</scm>\n")))
    }
}

/// The dependencies that a module's flattened POM lists for who depends on it.
pub(super) fn dependencies(flattened: &Path) -> Result<Vec<Dependency>, Failure> {
    let failure = |cause: &dyn std::fmt::Display| Failure::new(format!("{}: {cause}", flattened.display()));
    let text = fs::read_to_string(flattened).map_err(|cause| failure(&cause))?;
    let document = roxmltree::Document::parse(&text).map_err(|cause| failure(&cause))?;
    let list = document.root_element().children().find(|node| node.has_tag_name("dependencies"));
    // Only the direct children: `<exclusions>` name artefacts too.
    let mut found = Vec::new();
    for node in list.iter().flat_map(|list| list.children()).filter(|node| node.is_element()) {
        let field = |name: &str| {
            let element = node.children().find(|child| child.tag_name().name() == name);
            element.and_then(|element| element.text()).map(str::to_owned)
        };
        let scope = field("scope").unwrap_or_else(|| "compile".to_owned());
        if !["compile", "runtime"].contains(&scope.as_str()) {
            continue;
        }
        let needed = |name| field(name).ok_or_else(|| failure(&format!("a dependency without <{name}>")));
        found.push(Dependency {
            group: needed("groupId")?,
            artifact: needed("artifactId")?,
            version: needed("version")?,
            is_api: scope == "compile",
            file_type: None,
        });
    }
    Ok(found)
}

/// The POM of an artefact.
pub(super) fn of(artifact: &Artifact, version: &str, needs: &[Dependency], project: &Project) -> String {
    let packaging = match artifact.kind {
        Kind::Jar => "jar",
        Kind::Aar => "aar",
    };
    let mut body = String::new();
    for need in needs {
        let scope = if need.is_api { "compile" } else { "runtime" };
        let file_type = need.file_type.map(|kind| format!("\n      <type>{kind}</type>")).unwrap_or_default();
        let _ = write!(
            body,
            "    <dependency>\n      <groupId>{}</groupId>\n      <artifactId>{}</artifactId>\n      \
             <version>{}</version>{file_type}\n      <scope>{scope}</scope>\n    </dependency>\n",
            need.group, need.artifact, need.version
        );
    }
    let needs = if body.is_empty() { body } else { format!("  <dependencies>\n{body}  </dependencies>\n") };
    project_text(artifact.id, artifact.title, version, packaging, project, &needs)
}

/// The POM of the BOM.
pub(super) fn of_bom(version: &str, project: &Project) -> String {
    let mut body = String::new();
    for artifact in ALL {
        let file_type = if artifact.kind == Kind::Aar { "\n        <type>aar</type>" } else { "" };
        let _ = write!(
            body,
            "      <dependency>\n        <groupId>{GROUP}</groupId>\n        <artifactId>{}</artifactId>\n        \
             <version>{version}</version>{file_type}\n      </dependency>\n",
            artifact.id
        );
    }
    let managed = format!(
        "  <dependencyManagement>\n    <dependencies>\n{body}    </dependencies>\n  </dependencyManagement>\n"
    );
    project_text(BOM, "one version for all artefacts", version, "pom", project, &managed)
}

fn project_text(
    id: &str,
    title: &str,
    version: &str,
    packaging: &str,
    Project(project): &Project,
    rest: &str,
) -> String {
    // Gradle looks for the module's own metadata where it sees this comment.
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n  \
         <!-- do_not_remove: published-with-gradle-metadata -->\n  \
         <modelVersion>4.0.0</modelVersion>\n  <groupId>{GROUP}</groupId>\n  <artifactId>{id}</artifactId>\n  \
         <version>{version}</version>\n  <packaging>{packaging}</packaging>\n  <name>{id}</name>\n  \
         <description>B2Core Auth: {title}</description>\n{project}{rest}</project>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_for_users_is_left_out() {
        let folder = crate::scratch::folder("pom").unwrap();
        let place = folder.path().join("pom.xml");
        let pom = "<project xmlns='http://maven.apache.org/POM/4.0.0'><dependencies>\
            <dependency><groupId>a</groupId><artifactId>one</artifactId><version>1</version><exclusions>\
            <exclusion><groupId>x</groupId><artifactId>y</artifactId></exclusion></exclusions></dependency>\
            <dependency><groupId>a</groupId><artifactId>two</artifactId><version>2</version>\
            <scope>runtime</scope></dependency>\
            <dependency><groupId>a</groupId><artifactId>three</artifactId><version>3</version>\
            <scope>test</scope></dependency></dependencies></project>";
        fs::write(&place, pom).unwrap();
        let found = dependencies(&place).unwrap();
        let found: Vec<_> =
            found.iter().map(|need| (need.artifact.as_str(), need.version.as_str(), need.is_api)).collect();
        assert_eq!(found, [("one", "1", true), ("two", "2", false)]);
    }
}
