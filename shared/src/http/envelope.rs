//! The shape of every JSON answer: `{"success":true,"data":…,"timestamp":…}`.
//!
//! A handler does not know the time and need not: its [`Envelope`] is serialised once, up to the
//! data, and travels as a [`Draft`] to the stack, which adds the time and closes the object. An
//! answer that is JSON already ([`RawJson`], from the cache) is copied, never parsed.
//! Source: DOMAIN "HTTP API".

use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde::Serialize;

use super::error::ApiError;
use crate::domain::wire::Utc;

/// What a handler answers.
pub type ApiResult<T> = Result<Envelope<T>, ApiError>;

const OPENING: &[u8] = br#"{"success":true,"data":"#;
/// Room for `,"timestamp":"2024-03-01T00:02:00.123Z"}`.
const CLOSING_ROOM: usize = 48;

/// A successful answer around its data.
#[derive(Debug)]
pub struct Envelope<T> {
    data: T,
    status: StatusCode,
    cache_for: Option<Duration>,
}

impl<T> Envelope<T> {
    /// 200 with `data`.
    pub const fn ok(data: T) -> Self {
        Self {
            data,
            status: StatusCode::OK,
            cache_for: None,
        }
    }

    /// 201 with `data`.
    pub const fn created(data: T) -> Self {
        Self {
            data,
            status: StatusCode::CREATED,
            cache_for: None,
        }
    }

    /// Lets anyone keep the answer this long, in whole seconds. Without it: `no-store`.
    #[must_use]
    pub const fn cache_for(mut self, how_long: Duration) -> Self {
        self.cache_for = Some(how_long);
        self
    }
}

/// Data that is JSON text already. The caller vouches that it is.
#[derive(Debug, Clone)]
pub struct RawJson(pub Bytes);

/// Data that can write itself as JSON.
pub trait Payload {
    /// Appends the JSON text.
    fn write(&self, into: &mut Vec<u8>) -> Result<(), serde_json::Error>;

    /// About how many bytes that will be.
    fn size_hint(&self) -> usize {
        512
    }
}

impl<T: Serialize> Payload for T {
    fn write(&self, into: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        serde_json::to_writer(into, self)
    }
}

impl Payload for RawJson {
    fn write(&self, into: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        into.extend_from_slice(&self.0);
        Ok(())
    }

    fn size_hint(&self) -> usize {
        self.0.len()
    }
}

impl<T: Payload> IntoResponse for Envelope<T> {
    fn into_response(self) -> Response {
        let mut text = Vec::with_capacity(OPENING.len() + self.data.size_hint() + CLOSING_ROOM);
        text.extend_from_slice(OPENING);
        if let Err(error) = self.data.write(&mut text) {
            return ApiError::internal(error).into_response();
        }
        let mut response = self.status.into_response();
        if let Some(how_long) = self.cache_for {
            let text = format!("public, max-age={}", how_long.as_secs());
            if let Ok(value) = HeaderValue::try_from(text) {
                response.headers_mut().insert(header::CACHE_CONTROL, value);
            }
        }
        response.extensions_mut().insert(Draft::Success(text));
        response
    }
}

/// An answer that still lacks its time; the stack turns it into a body.
#[derive(Debug, Clone)]
pub(super) enum Draft {
    /// The envelope up to the end of the data.
    Success(Vec<u8>),
    /// The refusal or failure; written and logged by the stack.
    Failure(Arc<ApiError>),
}

/// Closes the envelope of a success.
pub(super) fn close(mut text: Vec<u8>, now: Timestamp) -> Bytes {
    use std::io::Write;
    let written = write!(text, r#","timestamp":"{}"}}"#, Utc::from(now));
    debug_assert!(written.is_ok(), "writing to memory cannot fail");
    text.into()
}

/// The whole envelope of a failure.
pub(super) fn failure(error: &ApiError, now: Timestamp) -> Bytes {
    #[derive(Serialize)]
    struct Failure<'a> {
        success: bool,
        error: Body<'a>,
        timestamp: Utc,
    }
    #[derive(Serialize)]
    struct Body<'a> {
        code: &'static str,
        message: &'a str,
        details: serde_json::Value,
    }
    let message = error.to_string();
    let body = Body {
        code: error.code().as_str(),
        message: &message,
        details: error.details(),
    };
    let text = serde_json::to_vec(&Failure {
        success: false,
        error: body,
        timestamp: now.into(),
    });
    // Strings and a `Value` always serialise; an empty body would still carry the right status.
    text.map(Bytes::from).unwrap_or_default()
}
