//! Bodies that are made while they are sent.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::Framing;

/// A piece of a long body.
const PIECE: usize = 64 * 1024;
/// How a huge body begins, so that a reader of JSON goes on reading.
const OPENING: &[u8] = b"{\"data\":\"";

/// Pieces, each sent some times over. Whatever its length, it takes the memory of its pieces.
pub(super) struct Repeated {
    pieces: VecDeque<(Bytes, u64)>,
    framing: Framing,
}

impl Repeated {
    pub(super) fn of(pieces: impl IntoIterator<Item = (Bytes, u64)>, framing: Framing) -> Self {
        let pieces = pieces.into_iter().filter(|(piece, times)| !piece.is_empty() && *times > 0).collect();
        Self { pieces, framing }
    }

    /// The beginning of a JSON object with a text that does not end.
    pub(super) fn huge(size: u64, framing: Framing) -> Self {
        let opening = Bytes::from_static(OPENING);
        let opening = opening.slice(..opening.len().min(usize::try_from(size).unwrap_or(usize::MAX)));
        let rest = size - opening.len() as u64;
        let piece = Bytes::from(vec![b'a'; PIECE]);
        let last = piece.slice(..(rest % PIECE as u64) as usize);
        Self::of([(opening, 1), (piece, rest / PIECE as u64), (last, 1)], framing)
    }

    fn left(&self) -> u64 {
        self.pieces.iter().map(|(piece, times)| piece.len() as u64 * times).sum()
    }
}

impl Body for Repeated {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some((piece, times)) = self.pieces.front_mut() else { return Poll::Ready(None) };
        let piece = piece.clone();
        *times -= 1;
        if *times == 0 {
            self.pieces.pop_front();
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match self.framing {
            Framing::Announced => SizeHint::with_exact(self.left()),
            Framing::Chunked => SizeHint::default(),
        }
    }
}

/// A body that comes bit by bit; its length is announced.
pub(super) struct Drip {
    rest: Bytes,
    step: usize,
    every: Duration,
    wait: Option<Pin<Box<Sleep>>>,
}

impl Drip {
    pub(super) fn of(body: Bytes, step: usize, every: Duration) -> Self {
        Self { rest: body, step: step.max(1), every, wait: None }
    }
}

impl Body for Drip {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        if let Some(wait) = &mut self.wait {
            std::task::ready!(wait.as_mut().poll(context));
        }
        self.wait = Some(Box::pin(sleep(self.every)));
        let step = self.step.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(step)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_huge_body_has_the_length_that_was_asked_for() {
        for size in [0, 1, 9, 10, PIECE as u64 + 9, 3 * PIECE as u64, 4 << 30, u64::MAX] {
            assert_eq!(Repeated::huge(size, Framing::Announced).left(), size, "{size}");
        }
    }
}
