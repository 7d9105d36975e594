//! A gzip body that is small until it is inflated.
//!
//! One block of zeros is compressed so that it leans on nothing before it; sent over and over it is one long, valid
//! stream. Its checksum is put together from the block's, so nothing of the full length is ever made here.

use axum::body::Bytes;
use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress};

use super::Framing;
use super::bodies::Repeated;

const BLOCK: usize = 1024 * 1024;
/// Gzip, deflate, no name, no time, no system (RFC 1952).
const HEADER: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// The empty block that ends a deflate stream (RFC 1951).
const END: &[u8] = &[3, 0];

/// A body that inflates to this many bytes; `None` if the compressor fails.
pub(super) fn body(size: u64) -> Option<Repeated> {
    let zeros = vec![0; BLOCK];
    let (times, rest) = (size / BLOCK as u64, (size % BLOCK as u64) as usize);
    let mut sum = Hasher::new();
    repeat(&mut sum, &zeros, times);
    sum.update(&zeros[..rest]);

    let mut trailer = END.to_vec();
    trailer.extend(sum.finalize().to_le_bytes());
    trailer.extend(((size & u64::from(u32::MAX)) as u32).to_le_bytes());
    let pieces = [
        (Bytes::from_static(HEADER), 1),
        (deflate(&zeros)?, times),
        (deflate(&zeros[..rest])?, 1),
        (trailer.into(), 1),
    ];
    Some(Repeated::of(pieces, Framing::Announced))
}

/// A deflate block that stands alone and does not end the stream.
fn deflate(bytes: &[u8]) -> Option<Bytes> {
    if bytes.is_empty() {
        return Some(Bytes::new());
    }
    let mut block = Vec::with_capacity(64 * 1024);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(bytes, &mut block, FlushCompress::Full).ok()?;
    (compress.total_in() == bytes.len() as u64 && block.len() < block.capacity()).then(|| block.into())
}

/// Adds `times` blocks to a checksum, by doubling.
fn repeat(sum: &mut Hasher, block: &[u8], mut times: u64) {
    let mut doubled = Hasher::new();
    doubled.update(block);
    while times > 0 {
        if times & 1 == 1 {
            sum.combine(&doubled);
        }
        let same = doubled.clone();
        doubled.combine(&same);
        times >>= 1;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use flate2::read::GzDecoder;
    use hyper::body::Body;

    use super::*;

    #[test]
    fn it_is_a_valid_gzip_stream_of_the_length_that_was_asked_for() {
        for size in [0, 1, BLOCK as u64, 5 * BLOCK as u64 + 77] {
            let mut body = body(size).unwrap();
            let mut snapshot = Vec::new();
            let mut context = Context::from_waker(Waker::noop());
            while let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut body).poll_frame(&mut context) {
                snapshot.extend(frame.into_data().unwrap());
            }
            let mut restored = Vec::new();
            GzDecoder::new(&snapshot[..]).read_to_end(&mut restored).unwrap();
            assert_eq!(restored.len() as u64, size);
            assert!((snapshot.len() as u64) < size / 500 + 64, "{size}: {}", snapshot.len());
        }
    }
}
