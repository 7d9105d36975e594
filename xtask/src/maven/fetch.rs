//! Fetching files of a Maven repository by curl: from Maven Central, or the mirror of it that the user's settings of Maven name.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use roxmltree::{Document, Node};

use crate::shell::{self, Failure};

const CENTRAL: &str = "https://repo.maven.apache.org/maven2";

/// Puts these files below a folder, by their paths. What they hold is for the caller to look at.
pub(super) fn fetch(paths: &[&str], to: &Path) -> Result<(), Failure> {
    if paths.is_empty() {
        return Ok(());
    }
    let settings = std::env::home_dir().map(|home| home.join(".m2/settings.xml"));
    let settings = settings.and_then(|path| fs::read_to_string(path).ok());
    let base = settings.and_then(|text| mirror(&text)).unwrap_or_else(|| CENTRAL.to_owned());
    let config = to.join(".curl");
    fs::create_dir_all(to)
        .and_then(|()| fs::write(&config, lines(&base, paths, to)))
        .map_err(|cause| Failure::new(format!("{}: {cause}", config.display())))?;
    eprintln!("fetching {} files for Maven", paths.len());
    let fixed = [
        "--fail",
        "--location",
        "--proto-redir",
        "=https",
        "--silent",
        "--no-progress-meter",
        "--show-error",
        "--retry",
        "3",
    ];
    let mut curl = shell::command("curl", fixed);
    curl.args(["--create-dirs", "--parallel", "--parallel-max", "8", "--config"]).arg(config);
    shell::run(&mut curl)
}

/// What curl reads them from.
fn lines(base: &str, paths: &[&str], to: &Path) -> String {
    let base = base.trim_end_matches('/');
    paths.iter().fold(String::new(), |mut text, path| {
        let _ = writeln!(text, "url = \"{base}/{path}\"\noutput = \"{}\"", to.join(path).display());
        text
    })
}

/// The mirror of Maven Central that these settings name, if they do. One that takes a password is not for curl.
fn mirror(settings: &str) -> Option<String> {
    let document = Document::parse(settings).ok()?;
    let is = |node: &Node<'_, '_>, name| node.tag_name().name() == name;
    let text = |mirror: Node<'_, '_>, name| {
        let child = mirror.children().find(|child| is(child, name))?;
        Some(child.text()?.trim().to_owned())
    };
    let mirrors = document.descendants().filter(|node| is(node, "mirror"));
    let of_central = |mirror: &Node<'_, '_>| {
        let of = text(*mirror, "mirrorOf").unwrap_or_default();
        let has = |name| of.split(',').any(|word| word.trim() == name);
        !has("!central") && (has("*") || has("external:*") || has("central"))
    };
    let url = mirrors.filter(of_central).find_map(|mirror| text(mirror, "url"))?;
    let is_plain =
        url.starts_with("http") && !url.chars().any(|c| c == '"' || c == '\\' || c.is_whitespace());
    is_plain.then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(of: &str, url: &str) -> String {
        format!(
            "<settings xmlns='http://maven.apache.org/SETTINGS/1.0.0'><mirrors><mirror><id>m</id>\
             <mirrorOf>{of}</mirrorOf><url>{url}</url></mirror></mirrors></settings>"
        )
    }

    #[test]
    fn a_mirror_of_central_takes_its_place() {
        for of in ["central", "*", "external:*", "*, !other", "other,central"] {
            let found = mirror(&settings(of, "https://mirror.example/m2/"));
            assert_eq!(found.as_deref(), Some("https://mirror.example/m2/"), "{of}");
        }
        for of in ["other", "*,!central", "external:http:*", ""] {
            assert_eq!(mirror(&settings(of, "https://mirror.example")), None, "{of}");
        }
        assert_eq!(mirror(&settings("*", "https://a.example/\"x")), None);
        assert_eq!(mirror("<settings/>"), None);
        assert_eq!(mirror("not xml"), None);
    }

    #[test]
    fn curl_is_told_where_each_file_goes() {
        let text = lines("https://a.example/m2/", &["g/a.jar", "g/b.pom"], Path::new("to"));
        assert_eq!(
            text,
            "url = \"https://a.example/m2/g/a.jar\"\noutput = \"to/g/a.jar\"\n\
             url = \"https://a.example/m2/g/b.pom\"\noutput = \"to/g/b.pom\"\n"
        );
    }
}
