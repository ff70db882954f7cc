//! Cross-origin rules: an allow-list from the configuration, credentials allowed, no wildcard.
//!
//! The gateway has no rules of its own. An origin that is not listed gets the same answer without
//! the headers, and its browser keeps it from the page.

use axum::extract::FromRequestParts;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ORIGIN, VARY,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

const ALLOWED_HEADERS: HeaderValue = HeaderValue::from_static("authorization, content-type, x-request-id");
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static(
    "x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after, x-request-id, x-next-cursor",
);
/// Browsers keep a preflight's answer two hours at most.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// Where a request comes from, as its browser says; an extractor. Whatever a cookie speaks for must ask
/// it: a browser sends the cookie for any page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// Not from a page: a program, or a browser that was sent here.
    #[default]
    None,
    /// From a page on the list.
    Allowed,
    /// From any other page.
    Foreign,
}

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}

/// The origins whose pages may read our answers.
#[derive(Debug)]
pub(super) struct Cors {
    allowed: Vec<String>,
}

impl Cors {
    pub(super) const fn new(allowed: Vec<String>) -> Self {
        Self { allowed }
    }

    /// The request's origin, when it is on the list.
    pub(super) fn allowed_origin(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let origin = request.get(ORIGIN)?;
        self.allowed
            .iter()
            .any(|allowed| allowed.as_bytes() == origin.as_bytes())
            .then(|| origin.clone())
    }

    /// What `request` says of where it comes from.
    pub(super) fn origin(&self, request: &HeaderMap) -> Origin {
        match (request.contains_key(ORIGIN), self.allowed_origin(request)) {
            (false, _) => Origin::None,
            (true, Some(_)) => Origin::Allowed,
            (true, None) => Origin::Foreign,
        }
    }

    /// What every answer says; caches must not mix origins.
    pub(super) fn write_headers(origin: Option<HeaderValue>, headers: &mut HeaderMap) {
        headers.append(VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = origin {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
        }
    }

    /// What the answer to an allowed preflight says besides.
    pub(super) fn write_preflight(methods: &str, headers: &mut HeaderMap) {
        if let Ok(methods) = HeaderValue::try_from(methods) {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
        headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    }
}
