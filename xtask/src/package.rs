//! `cargo xtask package`: the artefacts of the Kotlin and Swift layers, in the target folder.

mod aar;
mod apple;
mod archive;
mod artifacts;
mod binary;
mod elf;
mod handover;
mod inspection;
mod licences;
mod maven;
mod metadata;
mod modules;
mod natives;
mod place;
mod pom;
mod repository;
mod swift;

use std::path::PathBuf;

pub(crate) use self::apple::{clear as clear_apple, pack as pack_apple, what_is_missing as what_apple_lacks};
pub(crate) use self::archive::{files_inside, sums_inside, unzip};
pub(crate) use self::artifacts::GROUP;
pub(crate) use self::handover::{Handover, read as handed_over};
pub(crate) use self::inspection::inspect;
pub(crate) use self::licences::Licences;
pub(crate) use self::maven::{Part as KotlinPart, Published, pack, pack_anew, what_android_lacks};
pub(crate) use self::natives::missing_for_the_jvm;
pub(crate) use self::place::have_own as have_own_place;
pub(crate) use self::swift::{exports, linux as pack_swift, static_libraries};
use crate::shell::{Failure, Verdict};
use crate::test::suites::Flavour;

/// What is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// The jars, in a Maven repository.
    Jvm,
    /// The AARs, in the same one.
    Android,
    /// The Swift package with its libraries for Linux, as a zip.
    SwiftLinux,
    /// The XCFrameworks, and the Swift packages that have them.
    Apple,
}

/// What to pack, and from what.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub(crate) struct Options {
    /// Only this flavour; both if none is named.
    #[arg(long)]
    flavour: Option<Flavour>,
    /// Also build the jars' libraries for this target of Rust's, which has to be installed. Can be given several times.
    #[arg(long, value_name = "TRIPLE")]
    target: Vec<String>,
    /// Also pack libraries that other machines have built: a folder such as `target/package/natives` of theirs.
    /// Can be given several times.
    #[arg(long, value_name = "FOLDER")]
    natives: Vec<PathBuf>,
    /// Also put the notices of third parties into each archive: for what is published. Writing them takes minutes.
    #[arg(long)]
    notices: bool,
    /// Those that are there already.
    #[arg(skip)]
    licences: Option<Licences>,
}

impl Options {
    /// Both flavours for this machine, with libraries that other machines have built, and with these texts.
    pub(crate) fn with(natives: Vec<PathBuf>, licences: Licences) -> Self {
        Self { natives, licences: Some(licences), ..Self::default() }
    }

    fn licences(&self) -> Result<Licences, Failure> {
        match &self.licences {
            Some(licences) => Ok(licences.clone()),
            None if self.notices => Licences::with_new_notices(),
            None => Ok(Licences::own()),
        }
    }

    fn flavours(&self) -> impl Iterator<Item = Flavour> {
        Flavour::BOTH.into_iter().filter(|it| self.flavour.is_none_or(|only| only == *it))
    }
}

/// Builds, packs and says where.
pub(crate) fn run(part: Part, options: &Options) -> Result<Verdict, Failure> {
    match part {
        Part::Jvm => run_kotlin(KotlinPart::Jvm, options)?,
        Part::Android => run_kotlin(KotlinPart::Android, options)?,
        Part::SwiftLinux => {
            let licences = options.licences()?;
            for flavour in options.flavours() {
                println!("{}", swift::linux(flavour, &licences)?);
            }
        }
        Part::Apple => {
            apple::clear()?;
            let licences = options.licences()?;
            let (mut made, mut missing) = (0, Vec::new());
            for flavour in options.flavours() {
                let packed = apple::pack(flavour, &licences)?;
                packed.zips.iter().for_each(|zip| println!("{zip}"));
                packed.missing.iter().for_each(|line| println!("NOT RUN: {line}"));
                made += packed.zips.len();
                missing.extend(packed.missing);
            }
            if made > 0 {
                apple::hand_over(&missing)?;
            }
            return Ok(if made == 0 { Verdict::Failed } else { Verdict::Passed });
        }
    }
    Ok(Verdict::Passed)
}

fn run_kotlin(part: KotlinPart, options: &Options) -> Result<(), Failure> {
    if let Some(reason) = crate::maven::what_is_missing() {
        return Err(Failure::new(reason));
    }
    println!("{}", maven::pack(&[part], options)?.folder.display());
    Ok(())
}
