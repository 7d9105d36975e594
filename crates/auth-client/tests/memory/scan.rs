//! Searching another process's memory.

use crate::markers;
use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, File},
    os::unix::fs::FileExt,
};

/// So many letters in a row are a piece: fewer may be there by chance.
const PIECE: usize = 12;

/// Where pieces of these secrets are in the process's writable memory: by name of the secret, the places.
pub(crate) fn pieces(process: u32, names: &[&'static str]) -> BTreeMap<&'static str, Vec<String>> {
    let mut known: HashMap<[u8; PIECE], (&'static str, usize)> = HashMap::new();
    for name in names {
        let letters: Vec<u8> = markers::letters(name).collect();
        let pieces = letters.windows(PIECE).enumerate();
        known.extend(pieces.map(|(at, piece)| (piece.try_into().expect("a piece"), (*name, at))));
    }
    let mut maybe = vec![false; 1 << 16];
    known.keys().for_each(|piece| maybe[short(piece)] = true);

    let mut found: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let memory = File::open(format!("/proc/{process}/mem")).expect("a child's memory can be read");
    for map in fs::read_to_string(format!("/proc/{process}/maps")).expect("a process").lines() {
        let mut fields = map.split_ascii_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else { continue };
        let (from, to) = range.split_once('-').expect("a range");
        let at = |text| u64::from_str_radix(text, 16).expect("an address");
        let mut bytes = vec![0; usize::try_from(at(to) - at(from)).expect("a size")];
        // Some of the system's own maps cannot be read.
        if !rights.starts_with("rw") || memory.read_exact_at(&mut bytes, at(from)).is_err() {
            continue;
        }
        let mut last = 0;
        for (offset, piece) in bytes.windows(PIECE).enumerate() {
            if !maybe[short(piece)] {
                continue;
            }
            let Some((name, letter)) = known.get(piece) else { continue };
            // One line for each copy, not for each of its letters.
            if offset > last + PIECE || last == 0 {
                let around = &bytes[offset.saturating_sub(48)..bytes.len().min(offset + 24)];
                let place = fields.clone().nth(3).unwrap_or("memory");
                found
                    .entry(name)
                    .or_default()
                    .push(format!("letter {letter}, {place}: {}", around.escape_ascii()));
            }
            last = offset;
        }
    }
    found
}

fn short(piece: &[u8]) -> usize {
    usize::from(piece[0]) << 8 ^ usize::from(piece[1]) << 4 ^ usize::from(piece[2])
}
