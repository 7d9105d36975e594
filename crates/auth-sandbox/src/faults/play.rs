//! A fault acts on one request.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::time::sleep;

use super::bodies::Drip;
use super::{Act, FaultTiming, pages};
use crate::host::Host;

/// What HTTP cannot say. As an extension of an answer it takes the connection out of HTTP's hands.
#[derive(Clone)]
pub(crate) enum Takeover {
    /// No answer: the connection is closed.
    Close,
    /// These bytes in place of an answer.
    Bytes(Bytes),
    /// The answer, broken off after this many bytes of its body.
    Cut(usize),
}

/// Answers a request as the fault has it. `work` is what the endpoint would do and say; it starts when it is awaited.
pub(crate) async fn play(act: &Act, host: &Host, work: impl Future<Output = Response>) -> Response {
    match act {
        Act::Status { code, retry_after, body } => pages::status(*code, *retry_after, body.as_deref()),
        Act::Delay { time, when: FaultTiming::Before } => {
            sleep(*time).await;
            work.await
        }
        Act::Delay { time, when: FaultTiming::After } => {
            let answer = work.await;
            sleep(*time).await;
            answer
        }
        Act::Drop(FaultTiming::Before) => taken_over(StatusCode::OK.into_response(), Takeover::Close),
        Act::Drop(FaultTiming::After) => taken_over(work.await, Takeover::Close),
        Act::Cut { bytes } => taken_over(work.await, Takeover::Cut(*bytes)),
        Act::Drip { bytes, every } => {
            let (parts, body) = work.await.into_parts();
            // What an endpoint says is in memory already.
            let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            Response::from_parts(parts, Body::new(Drip::of(body, *bytes, *every)))
        }
        Act::Garbage => taken_over(StatusCode::OK.into_response(), Takeover::Bytes(pages::garbage())),
        Act::GarbageBody => pages::garbage_body(),
        Act::Html { code } => pages::html(*code),
        Act::Redirect { code, to } => pages::redirect(*code, to),
        Act::Huge { size, framing } => pages::huge(*size, *framing),
        Act::Bomb { size } => pages::bomb(*size),
        Act::NonUtf8 => pages::not_utf8(),
        Act::DeadWizards => {
            host.forget_wizards();
            work.await
        }
    }
}

fn taken_over(mut answer: Response, how: Takeover) -> Response {
    answer.extensions_mut().insert(how);
    answer
}
