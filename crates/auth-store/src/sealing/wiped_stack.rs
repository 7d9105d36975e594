//! Wiping the stack that a cipher has used: it leaves blocks of the text there, and a thread that waits keeps them.

use std::hint::black_box;

/// More than a cipher's calls need, in bytes.
const DEPTH: usize = 16 * 1024;

/// Does the work in a frame of its own, and then overwrites the stack below.
pub(super) fn with_wiped_stack<T>(work: impl FnOnce() -> T) -> T {
    let done = apart(work);
    wipe();
    done
}

#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}

#[inline(never)]
fn wipe() {
    // Seen by nobody, and written all the same: the compiler cannot know that.
    black_box(&mut [0_u8; DEPTH]);
}
