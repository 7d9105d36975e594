//! The Maven modules that the artefacts have their classes from.

use std::path::PathBuf;

use super::archive::{self, Entry};
use super::artifacts::Kind;
use super::pom::{self, Dependency};
use crate::shell::{self, Failure};

/// A Maven module, after Maven has packed it.
pub(super) struct Module {
    name: &'static str,
    folder: PathBuf,
}

impl Module {
    pub(super) fn of(name: &'static str) -> Self {
        Self { name, folder: shell::root().join("bindings/kotlin").join(name) }
    }

    /// A file or folder of its sources.
    pub(super) fn source(&self, name: &str) -> PathBuf {
        self.folder.join("src/main").join(name)
    }

    pub(super) fn needs(&self) -> Result<Vec<Dependency>, Failure> {
        pom::dependencies(&self.folder.join("target/flattened-pom.xml"))
    }

    /// One of the dependencies.
    pub(super) fn need(&self, artifact: &str) -> Result<Dependency, Failure> {
        let found = self.needs()?.into_iter().find(|need| need.artifact == artifact);
        found.ok_or_else(|| Failure::new(format!("{} does not depend on {artifact}", self.name)))
    }

    pub(super) fn classes(&self) -> Result<Vec<Entry>, Failure> {
        let mut entries = archive::read(&self.jar(""))?;
        // Of the module and its parent, which nobody can find; the artefact has a POM of its own.
        entries.retain(|entry| !entry.name.starts_with("META-INF/maven/"));
        Ok(entries)
    }

    pub(super) fn pages(&self) -> Result<Vec<Entry>, Failure> {
        archive::read(&self.jar("-javadoc"))
    }

    /// A jar that Maven has written; its name has no version, so that an older one is not in the way.
    fn jar(&self, ending: &str) -> PathBuf {
        self.folder.join("target").join(format!("module{ending}.jar"))
    }

    /// The source files; the AAR's include those of the core.
    pub(super) fn sources(&self, kind: Kind) -> Result<Vec<Entry>, Failure> {
        let mut entries = archive::folder(&self.folder.join("src/main/kotlin"))?;
        entries.extend(archive::folder(&self.folder.join("src/generated/kotlin"))?);
        if kind == Kind::Aar {
            entries.extend(Self::of("core").sources(Kind::Jar)?);
        }
        Ok(entries)
    }
}
