//! A pending step from a store.

use crate::now;
use auth_core::sign_in::Step;

/// What reads is written in one form, and that form is read as the same step.
pub fn check(data: &[u8]) {
    let Ok(step) = Step::from_checkpoint(data, now()) else { return };
    let kept = step.checkpoint().expect("what was pending still is");
    let again = Step::from_checkpoint(kept.bytes.expose(), now()).expect("our own bytes");
    assert_eq!(format!("{again:?}"), format!("{step:?}"));
    let twice = again.checkpoint().expect("still pending");
    assert_eq!(twice.bytes.expose(), kept.bytes.expose());
    assert_eq!(twice.expires_at, kept.expires_at);
    assert!(kept.expires_at > now(), "an expired step was read");
}
