//! How a refresh token travels: in a cookie for browsers, in bodies for everybody else.
//!
//! A browser says where its page is from (`Origin`), and cannot be told not to; a program has no reason
//! to. So that header decides at sign-in. A cookie is sent by a browser for any page, so whatever it
//! speaks for needs an origin of the allow-list, beside `SameSite=Lax`.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite};
use jiff::Timestamp;
use serde::Deserialize;
use shared::domain::sessions::RefreshToken;
use shared::http::{ApiError, Json, Origin};
use shared::services::auth::Transport;

/// The name of the cookie. No `__Secure-`: some browsers refuse that one on `http://localhost`.
const NAME: &str = "automoney_refresh";

/// The only paths that the cookie is sent to.
const PATH: &str = "/api/v1/auth";

/// What a program sends instead of the cookie.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshBody {
    /// The refresh token; programs only, a browser has it in its cookie.
    #[schema(value_type = Option<String>)]
    refresh_token: Option<String>,
}

/// A refresh token as it came, and the way it came.
#[derive(Debug)]
pub(crate) struct Sent {
    /// Nothing where what came cannot be a token.
    pub(crate) token: Option<RefreshToken>,
    /// The way back is the same.
    pub(crate) transport: Transport,
}

/// How the refresh token of a new session will travel; refuses pages that are not on the list.
pub(crate) fn of_new(origin: Origin) -> Result<Transport, ApiError> {
    match origin {
        Origin::None => Ok(Transport::Body),
        Origin::Allowed => Ok(Transport::Cookie),
        Origin::Foreign => Err(foreign()),
    }
}

/// The refresh token of a request; nothing when it brings none.
pub(crate) fn sent(
    headers: &HeaderMap,
    origin: Origin,
    body: Option<Json<RefreshBody>>,
) -> Result<Option<Sent>, ApiError> {
    let in_body = body.and_then(|Json(body)| body.refresh_token);
    let in_cookie = in_cookie(headers);
    match (in_cookie, in_body) {
        (Some(_), Some(_)) => Err(ApiError::validation(
            "Send the refresh token once: in the cookie or in the body.",
        )),
        (Some(_), None) if origin != Origin::Allowed => Err(foreign()),
        (Some(text), None) => Ok(Some(Sent {
            token: RefreshToken::parse(&text),
            transport: Transport::Cookie,
        })),
        (None, Some(_)) if origin == Origin::Foreign => Err(foreign()),
        (None, Some(text)) => Ok(Some(Sent {
            token: RefreshToken::parse(&text),
            transport: Transport::Body,
        })),
        (None, None) => Ok(None),
    }
}

fn foreign() -> ApiError {
    ApiError::Forbidden(
        "This needs the header `Origin` with an origin that may call us; the operator keeps the list.".into(),
    )
}

fn in_cookie(headers: &HeaderMap) -> Option<String> {
    let sent = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut cookies = sent.flat_map(Cookie::split_parse).filter_map(Result::ok);
    let ours = cookies.find(|cookie| cookie.name() == NAME)?;
    Some(ours.value().to_owned())
}

/// Puts a refresh token into the browser until then.
pub(crate) fn keep(token: &RefreshToken, until: Timestamp, now: Timestamp) -> HeaderMap {
    let seconds = until.duration_since(now).as_secs().max(0);
    set(&token.text(), seconds)
}

/// Takes it out.
pub(crate) fn forget() -> HeaderMap {
    set("", 0)
}

fn set(value: &str, seconds: i64) -> HeaderMap {
    let cookie = Cookie::build((NAME, value))
        .path(PATH)
        .http_only(true)
        .secure(true)
        .same_site(SameSite::Lax)
        .build();
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::try_from(format!("{cookie}; Max-Age={seconds}")) {
        headers.insert(SET_COOKIE, value);
    }
    headers
}
