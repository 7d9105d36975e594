//! The page's files.

use axum::http::header;
use axum::response::{IntoResponse, Response};

pub(super) async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("../../../page/page.css"))
}

pub(super) async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("../../../page/page.js"))
}

pub(super) async fn live() -> Response {
    file("text/javascript; charset=utf-8", include_str!("../../../page/live.js"))
}

pub(super) async fn icon() -> Response {
    file("image/svg+xml", include_str!("../../../page/icon.svg"))
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}
