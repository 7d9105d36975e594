//! A Maven repository as a folder: what `file:` repositories of Maven and Gradle read, and what is uploaded for a release.

use std::fs;
use std::path::{Path, PathBuf};

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};

use super::artifacts::GROUP;
use crate::shell::Failure;

/// The folder of one repository.
pub(super) struct Repository(PathBuf);

/// A file in it, as metadata describes it.
pub(super) struct PublishedFile {
    pub(super) name: String,
    /// `sources` or `javadoc`; none for the main file.
    pub(super) classifier: Option<&'static str>,
    pub(super) size: usize,
    pub(super) sha1: String,
    pub(super) sha256: String,
}

impl Repository {
    pub(super) fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    /// Removes what was published of this artefact before, all versions.
    pub(super) fn clear(&self, id: &str) -> Result<(), Failure> {
        let folder = self.artifact(id);
        match fs::remove_dir_all(&folder) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(failure(&folder, &cause)),
            _ => Ok(()),
        }
    }

    /// Writes a file of an artefact and its checksums.
    pub(super) fn add(
        &self,
        (id, version): (&str, &str),
        classifier: Option<&'static str>,
        extension: &str,
        bytes: &[u8],
    ) -> Result<PublishedFile, Failure> {
        let suffix = classifier.map(|classifier| format!("-{classifier}")).unwrap_or_default();
        let name = format!("{id}-{version}{suffix}.{extension}");
        let (sha1, sha256) = write(&self.artifact(id).join(version), &name, bytes)?;
        Ok(PublishedFile { name, classifier, size: bytes.len(), sha1, sha256 })
    }

    /// Writes what says which versions there are.
    pub(super) fn list(&self, id: &str, version: &str) -> Result<(), Failure> {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata>\n  <groupId>{GROUP}</groupId>\n  \
             <artifactId>{id}</artifactId>\n  <versioning>\n    <latest>{version}</latest>\n    \
             <release>{version}</release>\n    <versions>\n      <version>{version}</version>\n    </versions>\n  \
             </versioning>\n</metadata>\n"
        );
        write(&self.artifact(id), "maven-metadata.xml", text.as_bytes()).map(|_| ())
    }

    fn artifact(&self, id: &str) -> PathBuf {
        self.0.join(GROUP.replace('.', "/")).join(id)
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(String, String), Failure> {
    let sums = (hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref()), hex(digest(&SHA256, bytes).as_ref()));
    fs::create_dir_all(folder).map_err(|cause| failure(folder, &cause))?;
    let sha1 = (format!("{name}.sha1"), sums.0.as_bytes());
    let sha256 = (format!("{name}.sha256"), sums.1.as_bytes());
    for (name, bytes) in [(name.to_owned(), bytes), sha1, sha256] {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|cause| failure(&path, &cause))?;
    }
    Ok(sums)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}
