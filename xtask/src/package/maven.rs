//! The artefacts of the Kotlin layer, in a Maven repository in the target folder.
//!
//! Maven compiles the classes and writes the documentation; the native libraries are built for each platform that this machine
//! can build for; here the two come together, with POMs and Gradle's module metadata.

use std::fs;
use std::path::{Path, PathBuf};

use super::archive;
use super::artifacts::{ALL, Artifact, BOM, GROUP, Kind, Native};
use super::licences::{IN_A_JAR, Licences};
use super::modules::Module;
use super::natives::{self, ANDROID, Build, JVM, Natives};
use super::pom::{self, Project};
use super::repository::Repository;
use super::{Options, aar, metadata};
use crate::maven;
use crate::package::place;
use crate::shell::{self, Failure};
use crate::test::suites::Flavour;
use crate::workspace;

/// What is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The jars.
    Jvm,
    /// The AARs.
    Android,
}

impl Part {
    fn kind(self) -> Kind {
        match self {
            Self::Jvm => Kind::Jar,
            Self::Android => Kind::Aar,
        }
    }
}

/// What has been packed.
pub(crate) struct Published {
    /// The Maven repository.
    pub(crate) folder: PathBuf,
    /// The version of all artefacts.
    pub(crate) version: String,
}

impl Published {
    /// Arguments for Maven: it takes our artefacts from here, whatever it may hold of an older build, and all else from where every
    /// run has it.
    pub(crate) fn maven_settings(&self) -> Result<[String; 3], Failure> {
        let local = self.local()?;
        Ok([
            format!("-Db2core.repository=file://{}", self.folder.display()),
            format!("-Db2core.version={}", self.version),
            format!("-Dmaven.repo.local={}", local.display()),
        ])
    }

    /// A local repository of Maven's: the one with what is listed, and room for our group.
    fn local(&self) -> Result<PathBuf, Failure> {
        let failure =
            |path: &Path, cause: &std::io::Error| Failure::new(format!("{}: {cause}", path.display()));
        let shared = maven::repository()?;
        let local = match maven::is_recorded() {
            // What is fetched has to come into that folder, so it has our group too.
            true => shared.join(GROUP.replace('.', "/")),
            false => self.folder.with_file_name("local"),
        };
        // Links are removed, not what they lead to.
        match fs::remove_dir_all(&local) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                return Err(failure(&local, &cause));
            }
            _ => {}
        }
        if maven::is_recorded() {
            return Ok(shared);
        }
        fs::create_dir_all(&local).map_err(|cause| failure(&local, &cause))?;
        let first = GROUP.split('.').next().unwrap_or_default();
        for entry in fs::read_dir(&shared).into_iter().flatten().filter_map(Result::ok) {
            let link = local.join(entry.file_name());
            if entry.file_name() != first {
                link_to(&entry.path(), &link).map_err(|cause| failure(&link, &cause))?;
            }
        }
        Ok(local)
    }
}

#[cfg(unix)]
fn link_to(original: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(original, link)
}

#[cfg(not(unix))]
fn link_to(original: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(original, link)
}

/// The same into an empty repository, of what Maven compiles and writes anew: nothing is of an earlier run, which may have had other
/// sources or no end.
pub(crate) fn pack_anew(parts: &[Part], options: &Options) -> Result<Published, Failure> {
    let repository = place::folder()?.join("package/repository");
    match fs::remove_dir_all(&repository) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("{}: {cause}", repository.display())))
        }
        _ => pack_after(&["clean", "package"], parts, options),
    }
}

/// Builds and packs.
pub(crate) fn pack(parts: &[Part], options: &Options) -> Result<Published, Failure> {
    pack_after(&["package"], parts, options)
}

/// Builds, with these goals of Maven's, and packs.
fn pack_after(goals: &[&str], parts: &[Part], options: &Options) -> Result<Published, Failure> {
    let place = place::folder()?.join("package");
    let repository = Repository::at(place.join("repository"));
    let natives = Natives::at(place.join("natives"));
    natives.clear()?;
    for part in parts {
        build_natives(&natives, *part, options)?;
    }
    // What stands in for Android's libraries is for nobody else.
    if !parts.contains(&Part::Android) || what_android_lacks().is_none() {
        natives.hand_over()?;
    }
    options.natives.iter().try_for_each(|folder| natives.take_all(folder))?;
    let version = workspace::version()?;
    compile(goals, &version)?;

    let (project, licences) = (Project::read()?, options.licences()?);
    for artifact in ALL.iter().filter(|artifact| parts.iter().any(|part| is_wanted(artifact, *part, options)))
    {
        publish(&repository, artifact, &version, (&natives, &licences), &project)?;
    }
    repository.clear(BOM)?;
    repository.add((BOM, &version), None, "pom", pom::of_bom(&version, &project).as_bytes())?;
    repository.add((BOM, &version), None, "module", metadata::of_bom(&version).as_bytes())?;
    repository.list(BOM, &version)?;
    Ok(Published { folder: repository.folder().to_owned(), version })
}

fn is_wanted(artifact: &Artifact, part: Part, options: &Options) -> bool {
    let only = options.flavour.map(|flavour| match flavour {
        Flavour::Bundled => Native::Bundled,
        Flavour::Platform => Native::Platform,
    });
    let other = |native: &Native| *native != Native::Sandbox && only.is_some_and(|only| only != *native);
    artifact.kind == part.kind() && !artifact.natives.iter().any(other)
}

fn build_natives(natives: &Natives, part: Part, options: &Options) -> Result<(), Failure> {
    let here = natives::of_this_machine(JVM)?;
    let wanted: Vec<_> = ALL.iter().filter(|artifact| is_wanted(artifact, part, options)).collect();
    let is_needed = |native: &Native| wanted.iter().any(|artifact| artifact.natives.contains(native));
    let needed: Vec<_> = Native::ALL.into_iter().filter(is_needed).collect();
    let ndk = (part == Part::Android).then(what_android_lacks).flatten();
    for native in needed {
        match (part, ndk) {
            (Part::Jvm, _) => {
                natives.build(native, here, Build::Cargo)?;
                for triple in &options.target {
                    natives.build(native, natives::named(JVM, triple)?, Build::Cargo)?;
                }
            }
            (Part::Android, None) => {
                for platform in ANDROID {
                    natives.build(native, *platform, Build::Ndk)?;
                }
            }
            (Part::Android, Some(_)) => {
                natives.build(native, here, Build::Cargo)?;
                natives.stand_in(native)?;
            }
        }
    }
    if let Some(reason) = ndk {
        println!("NOT FOR DEVICES: {reason}; this machine's own library stands in for Android's");
    }
    Ok(())
}

/// Why no library for Android can be built here, in a line with what to do; nothing if it can.
pub(crate) fn what_android_lacks() -> Option<&'static str> {
    let ndk = ["ANDROID_NDK_HOME", "ANDROID_NDK_ROOT"].into_iter().find_map(std::env::var_os);
    if ndk.is_none_or(|folder| !Path::new(&folder).is_dir()) {
        return Some("there is no NDK: install one (r28 or newer) and set ANDROID_NDK_HOME to its folder");
    }
    if !shell::succeeds(&mut shell::cargo(["ndk", "--version"])) {
        return Some("there is no cargo-ndk: `cargo install --locked cargo-ndk`");
    }
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let has_target = |platform: &natives::Platform| {
        let mut print = shell::command(&rustc, ["--print", "target-libdir", "--target", platform.triple]);
        shell::output(&mut print).is_ok_and(|folder| Path::new(folder.trim()).is_dir())
    };
    let add = "a target is not installed: `rustup target add aarch64-linux-android armv7-linux-androideabi \
               x86_64-linux-android i686-linux-android`";
    (!ANDROID.iter().all(has_target)).then_some(add)
}

/// Compiles all modules and writes their documentation. The tests are not for this.
fn compile(goals: &[&str], version: &str) -> Result<(), Failure> {
    let fixed = ["--batch-mode", "--no-transfer-progress", "--quiet", "-f", "bindings/kotlin/pom.xml"];
    let mut command = maven::command(fixed.iter().chain(goals))?;
    command.args(["-Ppublish", "-Dmaven.test.skip=true", &format!("-Drevision={version}")]);
    shell::run(&mut command)
}

/// Writes all files of an artefact.
fn publish(
    repository: &Repository,
    artifact: &Artifact,
    version: &str,
    (natives, licences): (&Natives, &Licences),
    project: &Project,
) -> Result<(), Failure> {
    let module = artifact.module.map(Module::of);
    let mut needs = module.as_ref().map_or(Ok(Vec::new()), Module::needs)?;
    let mut libraries = Vec::new();
    for native in artifact.natives {
        libraries.extend(natives.entries(*native, artifact.kind)?);
    }
    if !artifact.natives.is_empty() && libraries.is_empty() {
        return Err(Failure::new(format!("{}: there is no native library for it", artifact.id)));
    }
    let texts = licences.entries(IN_A_JAR, artifact.natives)?;
    let (bytes, extension) = match artifact.kind {
        Kind::Jar => {
            let classes = module.as_ref().map_or(Ok(Vec::new()), Module::classes)?;
            if module.is_none() {
                needs.push(Module::of("core").need("jna")?);
            }
            (archive::bytes([classes, libraries, texts].concat())?, "jar")
        }
        Kind::Aar => {
            let core = Module::of("core");
            let own = module.as_ref().map_or(Ok(Vec::new()), Module::classes)?;
            needs = aar::needs(&core, needs)?;
            let sources = module.as_ref().map(|module| module.source("")).unwrap_or_default();
            (aar::bytes(&core, own, libraries, texts, &sources)?, "aar")
        }
    };
    repository.clear(artifact.id)?;
    let coordinates = (artifact.id, version);
    let mut files = vec![repository.add(coordinates, None, extension, &bytes)?];
    println!("{:>9} bytes  {GROUP}:{}:{version}", bytes.len(), artifact.id);
    if let Some(module) = &module {
        let sources = archive::bytes(module.sources(artifact.kind)?)?;
        files.push(repository.add(coordinates, Some("sources"), "jar", &sources)?);
        let pages = archive::bytes(module.pages()?)?;
        files.push(repository.add(coordinates, Some("javadoc"), "jar", &pages)?);
    }
    let pom = pom::of(artifact, version, &needs, project);
    repository.add(coordinates, None, "pom", pom.as_bytes())?;
    let module = metadata::of(artifact, version, &needs, &files);
    repository.add(coordinates, None, "module", module.as_bytes())?;
    repository.list(artifact.id, version)
}
