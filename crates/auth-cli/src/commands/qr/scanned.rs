//! Which code is meant: a text, standard input, or a picture.

use crate::{
    failure::Failure,
    qr_args::Code,
    qr_code::{MAX_FILE_BYTES, Picture, PictureError, ScanProblem, scan},
    wiped,
};
use auth_client::ScanSource;
use auth_messages::Message;
use std::{fs::File, io::Read, path::Path};
use zeroize::Zeroizing;

/// A text longer than this is no code; the core says so.
const MAX_TEXT_BYTES: u64 = 5000;

/// What was scanned, and how it came here.
pub(super) struct Scanned {
    pub(super) text: Zeroizing<Vec<u8>>,
    pub(super) source: ScanSource,
}

impl Scanned {
    pub(super) fn read(code: &Code) -> Result<Self, Failure> {
        match (&code.image, &code.text) {
            (Some(file), _) => Ok(Self { text: from_picture(file)?, source: ScanSource::Camera }),
            (None, Some(text)) if text == "-" => Ok(Self { text: from_input()?, source: ScanSource::Link }),
            (None, text) => {
                let text = text.as_deref().unwrap_or_default().as_bytes().to_vec();
                Ok(Self { text: Zeroizing::new(text), source: ScanSource::Link })
            }
        }
    }
}

fn from_input() -> Result<Zeroizing<Vec<u8>>, Failure> {
    let read = wiped::input().and_then(|input| wiped::all(input, MAX_TEXT_BYTES));
    let text = read.map_err(|_| Failure::wrong_call("qr_text_unreadable"))?;
    if text.expose().trim_ascii().is_empty() {
        return Err(Failure::wrong_call("qr_text_missing"));
    }
    Ok(Zeroizing::new(text.expose().to_vec()))
}

fn from_picture(file: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let picture = Picture::read(&bytes(file)?).map_err(|error| {
        Failure::picture(match error {
            PictureError::Unknown => "picture_unknown",
            PictureError::Damaged => "picture_damaged",
            PictureError::TooLarge => "picture_too_large",
        })
    })?;
    scan(&picture).map_err(|problem| {
        Failure::picture(match problem {
            ScanProblem::None => "picture_without_code",
            ScanProblem::Several => "picture_with_several_codes",
            ScanProblem::Unreadable => "picture_code_unreadable",
        })
    })
}

fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // One byte more than is allowed says that there is more.
    let read = File::open(file).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| {
        let message = Message::new("usage").about("picture_file");
        Failure::call_of(message.with("file", file.display()).with("problem", error))
    })?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Failure::picture("picture_too_large"));
    }
    Ok(bytes)
}
