//! What differs from provider to provider, and what is the same for all of them.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::{KEPT, ModelAnswer, ModelError, ModelErrorKind, Question};
use crate::domain::models::{Opinion, OpinionError, Provider, Usage};

/// In which a provider says whether asking again is any use.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// How a provider is spoken to. What it gives back may hold our key: whoever calls takes it out.
pub(super) trait Dialect: Send + Sync {
    /// Who this is.
    fn provider(&self) -> Provider;

    /// The key that is sent.
    fn key(&self) -> &SecretString;

    /// Where questions go.
    fn address(&self) -> Result<Url, url::ParseError>;

    /// The headers that say who asks, besides the content's type.
    fn headers(&self) -> Result<HeaderMap, reqwest::header::InvalidHeaderValue>;

    /// The question as this provider wants it.
    fn body(&self, question: &Question) -> Value;

    /// What an answer of a good status says.
    fn read(&self, answer: &Value) -> Told;

    /// Whether an error is about money, whatever its status.
    fn is_money(&self, error: &Value) -> bool;
}

/// What a provider said.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) answer: Result<ModelAnswer, ModelError>,
    /// Absent where the provider may bill something and does not say what.
    pub(super) usage: Option<Usage>,
    pub(super) model: Option<String>,
}

impl Told {
    /// A failure that nobody bills.
    pub(super) const fn unbilled(error: ModelError) -> Self {
        Self {
            answer: Err(error),
            usage: Some(Usage::NONE),
            model: None,
        }
    }

    /// A failure after which nobody knows what is billed.
    pub(super) const fn billed_unknown(error: ModelError) -> Self {
        Self {
            answer: Err(error),
            usage: None,
            model: None,
        }
    }
}

/// The address of `path` below `base`, whose owner may have written the version or not.
pub(super) fn endpoint(base: &Url, path: &str) -> Result<Url, url::ParseError> {
    if base.path().ends_with("/v1/") {
        base.join(path)
    } else {
        base.join("v1/")?.join(path)
    }
}

/// The opinion in a model's text.
pub(super) fn opinion(provider: Provider, text: &str) -> Result<ModelAnswer, ModelError> {
    let opinion = Opinion::parse(text).map_err(|error| {
        let kind = match error {
            OpinionError::NotJson => ModelErrorKind::Malformed,
            OpinionError::Schema(_) => ModelErrorKind::SchemaViolation,
        };
        ModelError::new(provider, kind, error.to_string())
    })?;
    Ok(ModelAnswer {
        opinion,
        raw: text.chars().take(KEPT).collect(),
    })
}

/// What an answer of an error status means.
pub(super) fn refusal(dialect: &dyn Dialect, status: u16, headers: &HeaderMap, body: &[u8]) -> ModelError {
    let error = serde_json::from_slice(body).unwrap_or(Value::Null);
    let kind = if dialect.is_money(&error) {
        ModelErrorKind::Money
    } else {
        kind_of(status)
    };
    ModelError {
        retry_after: retry_after(headers),
        should_retry: should_retry(headers),
        ..ModelError::new(
            dialect.provider(),
            kind,
            format!("status {status}: {}", explanation(&error, body)),
        )
    }
}

/// What a status means that nothing else is known about.
const fn kind_of(status: u16) -> ModelErrorKind {
    match status {
        402 => ModelErrorKind::Money,
        429 => ModelErrorKind::RateLimited,
        503 | 529 => ModelErrorKind::Overloaded,
        500..=599 => ModelErrorKind::ServerError,
        _ => ModelErrorKind::Configuration,
    }
}

/// Both providers put the message in the same place; where there is none, the text itself explains.
fn explanation(error: &Value, body: &[u8]) -> String {
    let message = error.pointer("/error/message").and_then(Value::as_str);
    message.map_or_else(|| String::from_utf8_lossy(body).into_owned(), str::to_owned)
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: f64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match headers.get(SHOULD_RETRY).map(HeaderValue::as_bytes) {
        Some(b"true") => Some(true),
        Some(b"false") => Some(false),
        _ => None,
    }
}
