//! What is asked of the identity provider: discovery, keys, the page, the exchange.

use std::collections::HashMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State as Extract};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use url::{Host, Url, form_urlencoded};

use super::grants::{AuthorizeRequest, User, challenge_of};
use super::{CLIENT_ID, CLIENT_SECRET, page};
use crate::routes::{Shared, labelled, refused};

type Parameters = Query<HashMap<String, String>>;

/// The provider's routes, below its prefix.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/oauth2/v3/certs", get(keys))
        .route("/o/oauth2/v2/auth", get(authorize))
        .route("/token", post(token))
}

/// An error in the provider's own shape.
pub(crate) fn error(status: u16, what: &str) -> Value {
    let code = match status {
        400 => "invalid_grant",
        401 => "invalid_client",
        429 => "rate_limit_exceeded",
        _ => "internal_failure",
    };
    json!({"error": code, "error_description": what})
}

fn cached(state: &Shared, body: &Value) -> Response {
    let mut response = labelled("sample", body);
    if let Ok(value) = HeaderValue::from_str(&state.google().cache_control()) {
        response.headers_mut().insert(CACHE_CONTROL, value);
    }
    response
}

async fn discovery(Extract(state): Extract<Shared>) -> Response {
    let issuer = state.google().issuer();
    let body = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/o/oauth2/v2/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/oauth2/v3/certs"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "code_challenge_methods_supported": ["S256"],
    });
    cached(&state, &body)
}

async fn keys(Extract(state): Extract<Shared>) -> Response {
    let published = state.google().memory().keys.published();
    cached(&state, &published)
}

/// Asks who somebody is; with `choice` it is said already.
async fn authorize(Extract(state): Extract<Shared>, Query(parameters): Parameters) -> Response {
    let request = match understood(&parameters) {
        Ok(request) => request,
        Err(what) => return (StatusCode::BAD_REQUEST, page::refusal(what)).into_response(),
    };
    let Some(email) = parameters.get("choice").map(|choice| choice.trim()) else {
        return page::choice(&parameters).into_response();
    };
    if !email.ends_with("@example.com") {
        return (
            StatusCode::BAD_REQUEST,
            page::refusal("only addresses of example.com have an account here"),
        )
            .into_response();
    }
    let now = state.now_ms();
    let code = state
        .google()
        .memory()
        .grants
        .issue_at(User::with_email(email), &request, now);
    back(&request.redirect_uri, &code, parameters.get("state"))
}

/// Sends the browser to the page it came from.
fn back(redirect_uri: &str, code: &str, state: Option<&String>) -> Response {
    let Ok(mut url) = Url::parse(redirect_uri) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    url.query_pairs_mut().append_pair("code", code);
    if let Some(state) = state {
        url.query_pairs_mut().append_pair("state", state);
    }
    match HeaderValue::from_str(url.as_str()) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn understood(parameters: &HashMap<String, String>) -> Result<AuthorizeRequest, &'static str> {
    let given = |name: &str| parameters.get(name).map_or("", String::as_str);
    let request = AuthorizeRequest {
        nonce: given("nonce").to_owned(),
        code_challenge: given("code_challenge").to_owned(),
        redirect_uri: given("redirect_uri").to_owned(),
        client_id: given("client_id").to_owned(),
    };
    if request.client_id != CLIENT_ID {
        return Err("client_id is not known here");
    }
    if !is_here(&request.redirect_uri) {
        return Err("redirect_uri is no page of this machine");
    }
    if given("response_type") != "code" {
        return Err("response_type must be code");
    }
    if !given("scope").split(' ').any(|scope| scope == "openid") {
        return Err("scope must hold openid");
    }
    if given("code_challenge_method") != "S256" || request.code_challenge.len() != 43 {
        return Err("code_challenge must be an S256 digest, and code_challenge_method must say so");
    }
    if request.nonce.is_empty() {
        return Err("nonce is missing");
    }
    Ok(request)
}

/// Whether codes may be sent there: the real one has a list of pages; here it is this machine's.
fn is_here(redirect_uri: &str) -> bool {
    let Ok(url) = Url::parse(redirect_uri) else {
        return false;
    };
    let is_loopback = match url.host() {
        Some(Host::Domain(host)) => host == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    is_loopback && matches!(url.scheme(), "http" | "https")
}

async fn token(Extract(state): Extract<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let is_form = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes() == b"application/x-www-form-urlencoded");
    if !is_form {
        return unwilling(400, "invalid_request");
    }
    let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let given = |name: &str| form.get(name).map_or("", String::as_str);
    if given("client_id") != CLIENT_ID || given("client_secret") != CLIENT_SECRET {
        return unwilling(401, "invalid_client");
    }
    if given("grant_type") != "authorization_code" {
        return unwilling(400, "unsupported_grant_type");
    }
    let now = state.now_ms();
    let grant = state.google().memory().grants.redeem(given("code"), now);
    let Some(grant) = grant else {
        return unwilling(400, "invalid_grant");
    };
    if grant.request.redirect_uri != given("redirect_uri") {
        return unwilling(400, "redirect_uri_mismatch");
    }
    if challenge_of(given("code_verifier")) != grant.request.code_challenge {
        return unwilling(400, "invalid_grant");
    }
    let body = json!({
        "access_token": "opens-nothing", "expires_in": 3599, "token_type": "Bearer",
        "scope": "openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile",
        "id_token": state.google().id_token(&grant, now),
    });
    labelled("sample", &body)
}

fn unwilling(status: u16, code: &str) -> Response {
    refused(
        status,
        &json!({"error": code, "error_description": "Bad Request"}),
    )
}
