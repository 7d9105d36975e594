//! Maven itself, in one version, below the user's cache.

use std::fs;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use tar::Archive;

use super::{fetch, repository};
use crate::cache;
use crate::shell::Failure;
use crate::tree::Tree;

const VERSION: &str = "3.9.11";
/// Of `apache-maven-VERSION-bin.tar.gz`.
const SUM: &str = "4b7195b6a4f5c81af4c0212677a32ee8143643401bc6e1e8412e6b06ea82beac";

/// The folder in which it is unpacked. Its archive is fetched and compared with its sum before that, once.
pub(super) fn ready() -> Result<PathBuf, Failure> {
    let name = format!("apache-maven-{VERSION}");
    let place = cache::folder("maven")?.join(format!("home-{}", &SUM[..12]));
    let _lock = repository::lock(&place)?;
    if place.is_dir() {
        return Ok(place.join(name));
    }
    let path = format!("org/apache/maven/apache-maven/{VERSION}/{name}-bin.tar.gz");
    let archive = place.with_file_name(format!("archive-{}", &SUM[..12]));
    repository::complete(&Tree::from([(path.clone(), SUM.to_owned())]), &archive, &fetch::fetch)?;

    let failure = |cause: std::io::Error| Failure::new(format!("{}: {cause}", place.display()));
    // What an interrupted run has left is made anew.
    let part = place.with_extension("unpacking");
    match fs::remove_dir_all(&part) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(failure(cause)),
        _ => {}
    }
    let file = fs::File::open(archive.join(path)).map_err(failure)?;
    Archive::new(GzDecoder::new(file)).unpack(&part).map_err(failure)?;
    fs::rename(&part, &place).map_err(failure)?;
    Ok(place.join(name))
}
