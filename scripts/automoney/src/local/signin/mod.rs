//! `/signin`: a page to try the sign-in in a browser, served by the local process alone.
//!
//! It does what a front end has to do: makes verifier, state and nonce, sends the browser to the
//! provider, holds the state it comes back with against its own, and hands the code to the API. It
//! loads nothing from elsewhere and keeps no token beyond the page.

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::IntoResponse;
use axum::routing::get;
use shared::app::App;
use shared::config::GoogleSettings;

/// Where the page is.
pub const PATH: &str = "/signin";

/// Where the provider asks who somebody is, below its issuer. Source: UPSTREAMS "Google sign-in".
const AUTHORIZE: &str = "o/oauth2/v2/auth";

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("script.js");
const STYLE: &str = include_str!("style.css");

/// Only what this process serves, nothing inside the page itself, and nobody puts it into a frame.
const PAGE_MAY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The pages of a process on this port, as browsers spell them.
pub fn pages(port: u16) -> [String; 2] {
    origins(port).map(|origin| format!("{origin}{PATH}"))
}

/// The origins of a process on this port, as browsers spell them.
pub fn origins(port: u16) -> [String; 2] {
    ["localhost", "127.0.0.1"].map(|host| format!("http://{host}:{port}"))
}

/// The page and what it loads.
pub fn routes(app: &App) -> axum::Router {
    axum::Router::new()
        .route(PATH, get(page))
        .route(
            "/signin/script.js",
            get(async || file("text/javascript", SCRIPT.to_owned())),
        )
        .route(
            "/signin/style.css",
            get(async || file("text/css", STYLE.to_owned())),
        )
        .with_state(app.clone())
}

async fn page(State(app): State<App>) -> impl IntoResponse {
    file("text/html", filled(app.config.google.as_ref()))
}

fn file(kind: &str, text: String) -> impl IntoResponse + use<> {
    let headers = [
        (CONTENT_TYPE, format!("{kind}; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, PAGE_MAY.to_owned()),
        // The page's address holds a code for a moment.
        (REFERRER_POLICY, "no-referrer".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, text)
}

/// The page with the provider's address and what we are called there; both empty where nobody can sign in.
fn filled(settings: Option<&GoogleSettings>) -> String {
    let authorize = settings.and_then(|settings| settings.issuer_url.join(AUTHORIZE).ok());
    let authorize = authorize.map(String::from).unwrap_or_default();
    let client_id = settings.map_or("", |settings| settings.client_id.as_str());
    PAGE.replace("{authorize}", &escaped(&authorize))
        .replace("{client_id}", &escaped(client_id))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
