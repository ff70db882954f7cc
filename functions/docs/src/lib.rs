//! `docs`: the API's description, for programs (`/openapi.json`) and for people (`/docs`).
//!
//! Serves files that are generated from the routes; it knows no other function.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use shared::app::App;
use shared::config::Section;
use shared::http::RateClass;
use shared::lambda::{Effect, Function, Trigger};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "docs",
    trigger: Trigger::Http,
    sections: &[Section::Http],
    effect: Effect::Exempt,
};

/// The description of every route; `automoney generate` writes it.
const DESCRIPTION: &str = include_str!("../openapi.json");

/// The page that draws the description. It loads nothing from elsewhere.
const PAGE: &str = include_str!("docs.html");

/// The page is one file with its script and style inside.
const PAGE_MAY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'";

/// A deployment may change what these serve.
const FRESH_FOR: &str = "public, max-age=300";

/// The routes of this function.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(page))
        .routes(routes!(description))
}

/// The API's description as a page.
#[utoipa::path(
    get,
    path = "/docs",
    tag = "docs",
    responses((status = 200, content_type = "text/html", body = String)),
    extensions(("x-rate-limit" = json!(RateClass::None)))
)]
async fn page() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, FRESH_FOR),
        (CONTENT_SECURITY_POLICY, PAGE_MAY),
    ];
    (headers, PAGE)
}

/// The API's description, OpenAPI 3.1.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "docs",
    responses((status = 200, content_type = "application/json", body = Object)),
    extensions(("x-rate-limit" = json!(RateClass::None)))
)]
async fn description() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, FRESH_FOR)],
        DESCRIPTION,
    )
}
