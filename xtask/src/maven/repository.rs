//! The folder of artefacts that Maven takes as its local repository: what the list names, byte by byte, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{fetch, list};
use crate::shell::Failure;
use crate::tree::{self, Tree};
use crate::{cache, scratch, sums};

/// Gets files, by their paths in a repository, into a folder.
type Fetch<'a> = &'a dyn Fn(&[&str], &Path) -> Result<(), Failure>;

/// What Maven asks for the versions of an artefact where a range of them is wanted. The listed ones are all there are.
const VERSIONS: &str = "maven-metadata-local.xml";

/// The folder, complete. Another list is another folder, so that checkouts do not take each other's files away.
pub(super) fn ready() -> Result<PathBuf, Failure> {
    let path = list::path();
    let folder = cache::folder("maven")?.join(format!("repository-{}", &sums::of_file(&path)?[..12]));
    let mut list = list::read(&path)?;
    let versions = versions(&list);
    list.extend(versions.iter().map(|(path, text)| (path.clone(), sums::of_bytes(text.as_bytes()))));
    let _lock = lock(&folder)?;
    complete(&list, &folder, &|missing, to| {
        let (own, others) = missing.iter().partition::<Vec<&str>, _>(|path| versions.contains_key(**path));
        own.iter().try_for_each(|path| write(&to.join(path), versions[*path].as_bytes()))?;
        fetch::fetch(&others, to)
    })?;
    Ok(folder)
}

/// Removes what is not listed or not as it is listed, and gets what is not there: from other folders of this machine if they have the
/// same bytes, otherwise by `fetch`.
pub(super) fn complete(list: &Tree, folder: &Path, fetch: Fetch<'_>) -> Result<(), Failure> {
    let (there, others): (Tree, Tree) =
        tree::read(folder)?.into_iter().partition(|(path, sum)| list.get(path) == Some(sum));
    for path in others.keys() {
        if list.contains_key(path) {
            eprintln!("warning: {path} is not what is listed, and is fetched anew");
        }
        let file = folder.join(path);
        fs::remove_file(&file).map_err(|cause| failure(&file, &cause))?;
    }
    let mut missing: Vec<_> = list.iter().filter(|(path, _)| !there.contains_key(*path)).collect();
    let elsewhere = elsewhere(folder);
    missing.retain(|(path, sum)| {
        let is_same =
            |file: &PathBuf| file.is_file() && sums::of_file(file).is_ok_and(|found| found == **sum);
        let found = elsewhere.iter().map(|other| other.join(path)).find(is_same);
        found.is_none_or(|file| take(&file, (path, sum), folder).is_err())
    });
    if missing.is_empty() {
        return Ok(());
    }
    let fetched = scratch::folder("maven")?;
    fetch(&missing.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), fetched.path())?;
    missing.iter().try_for_each(|(path, sum)| take(&fetched.path().join(path), (path, sum), folder))
}

/// Puts a copy of a file into its place if it is what is listed: under its name there is never anything else.
fn take(from: &Path, (path, sum): (&str, &str), folder: &Path) -> Result<(), Failure> {
    let bytes = fs::read(from).map_err(|cause| failure(from, &cause))?;
    if sums::of_bytes(&bytes) != sum {
        return Err(Failure::new(format!(
            "{path} does not have the sum that is listed for it: it was changed where it comes from, or on the way"
        )));
    }
    let part = folder.with_extension("part");
    write(&part, &bytes)?;
    let to = folder.join(path);
    let made = to.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::rename(&part, &to)).map_err(|cause| failure(&to, &cause))
}

/// For each artefact a file that says which versions are listed.
fn versions(list: &Tree) -> BTreeMap<String, String> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in list.keys().filter(|path| path.ends_with(".pom")) {
        let Some((artifact, version)) = path.rsplit_once('/').and_then(|(folder, _)| folder.rsplit_once('/'))
        else {
            continue;
        };
        all.entry(artifact).or_default().push(version);
    }
    let text = |versions: Vec<&str>| {
        let versions: String =
            versions.iter().map(|version| format!("<version>{version}</version>")).collect();
        format!("<metadata><versioning><versions>{versions}</versions></versioning></metadata>\n")
    };
    all.into_iter().map(|(artifact, versions)| (format!("{artifact}/{VERSIONS}"), text(versions))).collect()
}

/// Where this machine may have files already: the folders of other lists, and what the user's own Maven has fetched.
fn elsewhere(folder: &Path) -> Vec<PathBuf> {
    let others = folder.parent().and_then(|parent| fs::read_dir(parent).ok()).into_iter().flatten();
    let others = others.filter_map(|entry| Some(entry.ok()?.path())).filter(|other| other != folder);
    others.chain(std::env::home_dir().map(|home| home.join(".m2/repository"))).collect()
}

/// Held while a folder is looked at and mended; other checkouts wait.
pub(super) fn lock(folder: &Path) -> Result<fs::File, Failure> {
    let path = folder.with_extension("lock");
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    let file = made.and_then(|()| fs::File::create(&path)).and_then(|file| file.lock().map(|()| file));
    file.map_err(|cause| failure(&path, &cause))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, bytes)).map_err(|cause| failure(path, &cause))
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(files: &[(&str, &str)]) -> Tree {
        files.iter().map(|(path, text)| ((*path).to_owned(), sums::of_bytes(text.as_bytes()))).collect()
    }

    /// Gives each file its own path as its text.
    fn paths(missing: &[&str], to: &Path) -> Result<(), Failure> {
        missing.iter().try_for_each(|path| write(&to.join(path), path.as_bytes()))
    }

    #[test]
    fn what_was_changed_or_slipped_in_is_gone_before_maven_sees_it() {
        let place = scratch::folder("repository").unwrap();
        let folder = place.path().join("repository");
        let list = list(&[("a/1/a.jar", "a/1/a.jar"), ("b/1/b.jar", "b/1/b.jar")]);
        complete(&list, &folder, &paths).unwrap();
        assert_eq!(tree::read(&folder).unwrap(), list);

        // One bit of one jar; a jar that nobody has listed; a note that would have Maven look elsewhere.
        fs::write(folder.join("a/1/a.jar"), "a/1/a.jas").unwrap();
        fs::write(folder.join("a/1/evil.jar"), "evil").unwrap();
        fs::write(folder.join("b/1/_remote.repositories"), "x").unwrap();
        complete(&list, &folder, &|missing, to| {
            assert_eq!(missing, ["a/1/a.jar"]);
            paths(missing, to)
        })
        .unwrap();
        assert_eq!(tree::read(&folder).unwrap(), list);
    }

    #[test]
    fn what_is_fetched_has_the_listed_sum_or_is_refused() {
        let place = scratch::folder("repository").unwrap();
        let folder = place.path().join("repository");
        let wanted = list(&[("a/1/a.jar", "a/1/a.jar"), ("b/1/b.jar", "what it once was")]);
        let refused = complete(&wanted, &folder, &paths).unwrap_err().to_string();
        assert!(refused.starts_with("b/1/b.jar does not have the sum that is listed for it"), "{refused}");
        assert!(!folder.join("b/1/b.jar").exists());
    }

    #[test]
    fn a_copy_elsewhere_is_taken_only_if_it_is_the_same() {
        let place = scratch::folder("repository").unwrap();
        let folder = place.path().join("repository");
        write(&place.path().join("other/a/1/a.jar"), b"a/1/a.jar").unwrap();
        write(&place.path().join("other/b/1/b.jar"), b"changed").unwrap();
        let list = list(&[("a/1/a.jar", "a/1/a.jar"), ("b/1/b.jar", "b/1/b.jar")]);
        complete(&list, &folder, &|missing, to| {
            assert_eq!(missing, ["b/1/b.jar"]);
            paths(missing, to)
        })
        .unwrap();
        assert_eq!(tree::read(&folder).unwrap(), list);
    }

    #[test]
    fn a_range_finds_the_listed_versions() {
        let list = list(&[("g/a/1/a-1.pom", ""), ("g/a/1/a-1.jar", ""), ("g/a/2/a-2.pom", "")]);
        let versions = versions(&list);
        assert_eq!(versions.len(), 1);
        let text = &versions["g/a/maven-metadata-local.xml"];
        assert!(text.contains("<version>1</version><version>2</version></versions>"), "{text}");
    }
}
