//! The paths of the page.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::{files, home as page, picture};
use crate::host::Host;

pub(in crate::routes) fn routes() -> Router<Arc<Host>> {
    Router::new()
        .route("/_page/page.css", get(files::style))
        .route("/_page/page.js", get(files::script))
        .route("/_page/live.js", get(files::live))
        .route("/_page/icon.svg", get(files::icon))
        .route("/_page/qr", post(picture::picture))
}

/// The page itself, at the root and below the base path.
pub(in crate::routes) fn home(base_path: &str) -> Router<Arc<Host>> {
    let router = Router::new().route("/", get(page::page));
    match base_path {
        "" => router,
        base => router.route(base, get(page::page)).route(&format!("{base}/"), get(page::page)),
    }
}
