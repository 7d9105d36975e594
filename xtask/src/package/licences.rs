//! The texts of the licences, which every artefact carries, and the notices of third parties for the libraries in it.

use std::fs;
use std::path::Path;

use super::archive::Entry;
use super::artifacts::Native;
use crate::licence_texts::{self, Product};
use crate::shell::{self, Failure};

/// Their folder in a jar or AAR: one of our own, since others have files of the usual names.
pub(super) const IN_A_JAR: &str = "META-INF/b2core-auth/";

/// What is put into archives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Licences {
    /// The notices for the library and for the one with the sandbox; none for what is not published.
    notices: Option<[String; 2]>,
}

impl Licences {
    /// Without notices: what is packed for a test.
    pub(crate) fn own() -> Self {
        Self::default()
    }

    /// With those that a release has written into this folder.
    pub(crate) fn with_notices_in(folder: &Path) -> Result<Self, Failure> {
        let read = |product: Product| {
            let path = folder.join(product.name()).with_extension("txt");
            fs::read_to_string(&path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
        };
        Ok(Self { notices: Some([read(Product::Library)?, read(Product::Sandbox)?]) })
    }

    /// With new ones. They take minutes.
    pub(crate) fn with_new_notices() -> Result<Self, Failure> {
        let (tool, runtime) = (licence_texts::tool()?, licence_texts::standard_library_section()?);
        let write = |product| Ok(licence_texts::of_crates(&tool, product)? + &runtime);
        Ok(Self { notices: Some([write(Product::Library)?, write(Product::Sandbox)?]) })
    }

    /// All that an archive with these libraries needs, in this folder of it: a path that ends with a slash.
    pub(super) fn entries(&self, folder: &str, libraries: &[Native]) -> Result<Vec<Entry>, Failure> {
        let read = |name: &str| {
            let path = shell::root().join(name);
            let bytes =
                fs::read(&path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
            Ok(Entry::new(format!("{folder}{name}"), bytes))
        };
        let own = ["LICENSE-APACHE", "LICENSE-MIT"].into_iter().map(read);
        let mut entries = own.collect::<Result<Vec<_>, Failure>>()?;
        for (of_sandbox, file) in [(false, NOTICES), (true, NOTICES_OF_SANDBOX)] {
            let is_in_it = libraries.iter().any(|native| (*native == Native::Sandbox) == of_sandbox);
            if let (true, Some(texts)) = (is_in_it, &self.notices) {
                entries
                    .push(Entry::new(format!("{folder}{file}"), texts[usize::from(of_sandbox)].as_bytes()));
            }
        }
        Ok(entries)
    }
}

const NOTICES: &str = "THIRD-PARTY-NOTICES.txt";
const NOTICES_OF_SANDBOX: &str = "THIRD-PARTY-NOTICES-sandbox.txt";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_has_the_notices_of_the_libraries_in_it() {
        let licences = Licences { notices: Some(["library".to_owned(), "sandbox".to_owned()]) };
        let names = |libraries: &[Native]| -> Vec<String> {
            let entries = licences.entries("x/", libraries).unwrap().into_iter().skip(2);
            entries
                .map(|entry| format!("{} {}", entry.name, String::from_utf8(entry.bytes).unwrap()))
                .collect()
        };
        assert!(names(&[]).is_empty());
        assert_eq!(names(&[Native::Platform]), ["x/THIRD-PARTY-NOTICES.txt library"]);
        assert_eq!(names(&[Native::Sandbox]), ["x/THIRD-PARTY-NOTICES-sandbox.txt sandbox"]);
        assert_eq!(names(&[Native::Bundled, Native::Sandbox]).len(), 2);
        assert_eq!(Licences::own().entries("", &Native::ALL).unwrap().len(), 2);
    }
}
