//! The one error a route can answer, and its exhaustive map to status and code.
//!
//! Three readers: the client gets [`ApiError`]'s display text and details, which say what to change
//! and never carry internals; the operator gets [`ApiError::chain`] in the request's log line; code
//! matches on the variant. Source: DOMAIN "HTTP API", codes.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::envelope::Draft;
use super::limits::{self, Admission};

/// Any error of another layer.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// What the client is told: a sentence, and details for a program to read.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Says what to change.
    pub message: Cow<'static, str>,
    /// An object, or null when there is nothing to add.
    pub details: Value,
}

impl Refusal {
    /// The same refusal with details.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

impl<T: Into<Cow<'static, str>>> From<T> for Refusal {
    fn from(message: T) -> Self {
        Self {
            message: message.into(),
            details: Value::Null,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// Why a request is refused or failed. Its display text is public; its source is not.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request itself is wrong.
    #[error("{0}")]
    Validation(Refusal),
    /// Not enough paper money.
    #[error("{0}")]
    InsufficientBalance(Refusal),
    /// No token, or one that is not accepted.
    #[error("{0}")]
    Unauthorized(Refusal),
    /// Signed in, but not allowed.
    #[error("{0}")]
    Forbidden(Refusal),
    /// Nothing here, or nothing the caller may see.
    #[error("{0}")]
    NotFound(Refusal),
    /// No strategy of this id.
    #[error("{0}")]
    StrategyNotFound(Refusal),
    /// The path exists, the method on it does not.
    #[error("This path does not answer this method; it answers: {allow}.")]
    MethodNotAllowed {
        /// The methods it answers, as the Allow header lists them.
        allow: String,
    },
    /// The state of things forbids it now.
    #[error("{0}")]
    Conflict(Refusal),
    /// The body is larger than [`super::BODY_LIMIT`].
    #[error("The body is too large: send at most {limit} bytes.", limit = super::BODY_LIMIT)]
    PayloadTooLarge,
    /// The caller's rate limit is used up.
    #[error(
        "Too many requests: {limit} in this period are used up; try again in {wait} s.",
        limit = .0.limit,
        wait = .0.retry_after_seconds.unwrap_or(1)
    )]
    RateLimited(Admission),
    /// Writes are stopped; carries the operator's notice.
    #[error("{refusal}")]
    ReadOnly {
        /// What the client is told.
        refusal: Refusal,
        /// When to try again.
        retry_after: Duration,
        /// What the database said; nothing where it was not asked.
        #[source]
        source: Option<BoxError>,
    },
    /// All but health is stopped; carries the operator's notice.
    #[error("{refusal}")]
    Maintenance {
        /// What the client is told.
        refusal: Refusal,
        /// When to try again.
        retry_after: Duration,
    },
    /// Something this answer needs is down.
    #[error("{what} is not available right now; try again in {} s.", retry_after.as_secs())]
    Unavailable {
        /// What is down, in the client's words: `The database`.
        what: Cow<'static, str>,
        /// When to try again.
        retry_after: Duration,
        /// What happened.
        #[source]
        source: Option<BoxError>,
    },
    /// No language model answers.
    #[error("No language model is available right now; try again later.")]
    ModelsUnavailable(#[source] BoxError),
    /// A fault of ours.
    #[error("Something went wrong on our side. Quote the x-request-id of this answer when you report it.")]
    Internal(#[source] BoxError),
}

/// The public name of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The request itself is wrong.
    ValidationError,
    /// Not enough paper money.
    InsufficientBalance,
    /// No accepted token.
    Unauthorized,
    /// Not allowed.
    Forbidden,
    /// Nothing here.
    NotFound,
    /// No such strategy.
    StrategyNotFound,
    /// Not this method.
    MethodNotAllowed,
    /// The state of things forbids it.
    Conflict,
    /// Body over the limit.
    PayloadTooLarge,
    /// Rate limit used up.
    RateLimitExceeded,
    /// Writes are stopped.
    ReadOnly,
    /// All is stopped.
    Maintenance,
    /// A part is down.
    ServiceUnavailable,
    /// The language models are down.
    LlmServiceUnavailable,
    /// A fault of ours.
    InternalError,
}

impl ErrorCode {
    /// Every code, by status.
    pub const ALL: [Self; 15] = [
        Self::ValidationError,
        Self::InsufficientBalance,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::StrategyNotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::PayloadTooLarge,
        Self::RateLimitExceeded,
        Self::InternalError,
        Self::ReadOnly,
        Self::Maintenance,
        Self::ServiceUnavailable,
        Self::LlmServiceUnavailable,
    ];

    /// As it stands in `error.code`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ValidationError => "VALIDATION_ERROR",
            Self::InsufficientBalance => "INSUFFICIENT_BALANCE",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::StrategyNotFound => "STRATEGY_NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::Conflict => "CONFLICT",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::RateLimitExceeded => "RATE_LIMIT_EXCEEDED",
            Self::ReadOnly => "READ_ONLY",
            Self::Maintenance => "MAINTENANCE",
            Self::ServiceUnavailable => "SERVICE_UNAVAILABLE",
            Self::LlmServiceUnavailable => "LLM_SERVICE_UNAVAILABLE",
            Self::InternalError => "INTERNAL_ERROR",
        }
    }

    /// The status it is answered with.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::ValidationError | Self::InsufficientBalance => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound | Self::StrategyNotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RateLimitExceeded => StatusCode::TOO_MANY_REQUESTS,
            Self::ReadOnly | Self::Maintenance | Self::ServiceUnavailable | Self::LlmServiceUnavailable => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl ApiError {
    /// A wrong request, in general.
    pub fn validation(refusal: impl Into<Refusal>) -> Self {
        Self::Validation(refusal.into())
    }

    /// A wrong parameter or field; `must` completes the sentence "Parameter `x` must …".
    pub fn parameter(name: &str, must: impl std::fmt::Display) -> Self {
        let refusal = Refusal::from(format!("Parameter `{name}` must {must}."));
        Self::Validation(refusal.with_details(json!({ "parameter": name })))
    }

    /// Nothing here.
    pub fn not_found(refusal: impl Into<Refusal>) -> Self {
        Self::NotFound(refusal.into())
    }

    /// A fault of ours; the client sees none of `source`.
    pub fn internal(source: impl Into<BoxError>) -> Self {
        Self::Internal(source.into())
    }

    /// `what` ("The database") is down because of `source`; worth another try in 5 s.
    pub fn unavailable(what: impl Into<Cow<'static, str>>, source: impl Into<BoxError>) -> Self {
        let retry_after = Duration::from_secs(5);
        Self::Unavailable {
            what: what.into(),
            retry_after,
            source: Some(source.into()),
        }
    }

    /// Its public code.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Validation(_) => ErrorCode::ValidationError,
            Self::InsufficientBalance(_) => ErrorCode::InsufficientBalance,
            Self::Unauthorized(_) => ErrorCode::Unauthorized,
            Self::Forbidden(_) => ErrorCode::Forbidden,
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::StrategyNotFound(_) => ErrorCode::StrategyNotFound,
            Self::MethodNotAllowed { .. } => ErrorCode::MethodNotAllowed,
            Self::Conflict(_) => ErrorCode::Conflict,
            Self::PayloadTooLarge => ErrorCode::PayloadTooLarge,
            Self::RateLimited(_) => ErrorCode::RateLimitExceeded,
            Self::ReadOnly { .. } => ErrorCode::ReadOnly,
            Self::Maintenance { .. } => ErrorCode::Maintenance,
            Self::Unavailable { .. } => ErrorCode::ServiceUnavailable,
            Self::ModelsUnavailable(_) => ErrorCode::LlmServiceUnavailable,
            Self::Internal(_) => ErrorCode::InternalError,
        }
    }

    /// What a program needs to react; null when the message says it all.
    pub fn details(&self) -> Value {
        match self {
            Self::Validation(refusal)
            | Self::InsufficientBalance(refusal)
            | Self::Unauthorized(refusal)
            | Self::Forbidden(refusal)
            | Self::NotFound(refusal)
            | Self::StrategyNotFound(refusal)
            | Self::Conflict(refusal)
            | Self::ReadOnly { refusal, .. }
            | Self::Maintenance { refusal, .. } => refusal.details.clone(),
            Self::MethodNotAllowed { allow } => json!({ "allow": allow }),
            Self::PayloadTooLarge => json!({ "max_bytes": super::BODY_LIMIT }),
            Self::RateLimited(admission) => limits::details(admission),
            Self::Unavailable { retry_after, .. } => json!({ "retry_after": retry_after.as_secs() }),
            Self::ModelsUnavailable(_) | Self::Internal(_) => Value::Null,
        }
    }

    /// Whether something was asked to be written, and could not be.
    pub(super) const fn is_refused_write(&self) -> bool {
        matches!(self, Self::ReadOnly { source: Some(_), .. })
    }

    /// The causes, outermost first, joined by `: `; `None` when there is none. For the log only.
    pub fn chain(&self) -> Option<String> {
        let causes = std::iter::successors(StdError::source(self), |error| StdError::source(*error));
        let chain: Vec<String> = causes.map(ToString::to_string).collect();
        (!chain.is_empty()).then(|| chain.join(": "))
    }

    /// Sets the headers that belong to this error.
    pub(super) fn write_headers(&self, headers: &mut HeaderMap) {
        match self {
            Self::MethodNotAllowed { allow } => {
                if let Ok(value) = HeaderValue::try_from(allow) {
                    headers.insert(header::ALLOW, value);
                }
            }
            Self::RateLimited(admission) => {
                headers.insert(
                    header::RETRY_AFTER,
                    admission.retry_after_seconds.unwrap_or(1).into(),
                );
            }
            Self::Unavailable { retry_after, .. }
            | Self::ReadOnly { retry_after, .. }
            | Self::Maintenance { retry_after, .. } => {
                headers.insert(header::RETRY_AFTER, retry_after.as_secs().max(1).into());
            }
            Self::Unauthorized(_) => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::Validation(_)
            | Self::InsufficientBalance(_)
            | Self::Forbidden(_)
            | Self::NotFound(_)
            | Self::StrategyNotFound(_)
            | Self::Conflict(_)
            | Self::PayloadTooLarge
            | Self::ModelsUnavailable(_)
            | Self::Internal(_) => {}
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.code().status().into_response();
        self.write_headers(response.headers_mut());
        response.extensions_mut().insert(Draft::Failure(Arc::new(self)));
        response
    }
}
