//! Extractors that refuse in the envelope: [`Query`], [`Path`], [`Json`], and times ([`Rfc3339`]).
//!
//! Every refusal is a `VALIDATION_ERROR` that names the parameter and what it must be. Unknown query
//! parameters are refused too: a misspelt filter must not answer everything.

mod params;

use axum::body::HttpBody as _;
use axum::extract::rejection::{JsonRejection, RawPathParamsRejection};
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, RawPathParams, Request};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use self::params::Params;
use super::BODY_LIMIT;
use super::error::ApiError;

/// The query's parameters as a struct.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let params = Params::from_query(parts.uri.query().unwrap_or_default())?;
        Ok(Self(T::deserialize(params)?))
    }
}

/// The path's parameters: a struct, or the value itself when there is just one.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let raw =
            RawPathParams::from_request_parts(parts, state)
                .await
                .map_err(|rejection| match rejection {
                    RawPathParamsRejection::InvalidUtf8InPathParam(_) => {
                        ApiError::validation("The path must be UTF-8 text, percent-encoded.")
                    }
                    other => ApiError::internal(other),
                })?;
        let pairs = raw
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(Self(T::deserialize(Params::new(pairs))?))
    }
}

/// The body, sent as `application/json`.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        if !is_json(&request) {
            return Err(ApiError::validation(
                "Send the body as JSON, with `content-type: application/json`.",
            ));
        }
        let body = Limited::new(request.into_body(), BODY_LIMIT);
        let bytes = body
            .collect()
            .await
            .map_err(|error| unreadable(&*error))?
            .to_bytes();
        axum::Json::from_bytes(&bytes)
            .map(|axum::Json(value)| Self(value))
            .map_err(|rejection| not_json(&rejection))
    }
}

/// A body that may be left out.
impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, ApiError> {
        if request.body().is_end_stream() {
            return Ok(None);
        }
        let json = <Self as FromRequest<S>>::from_request(request, state).await?;
        Ok(Some(json))
    }
}

fn is_json(request: &Request) -> bool {
    let sent = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn unreadable(error: &(dyn std::error::Error + 'static)) -> ApiError {
    let mut causes = std::iter::successors(Some(error), |error| std::error::Error::source(*error));
    if causes.any(<dyn std::error::Error>::is::<LengthLimitError>) {
        ApiError::PayloadTooLarge
    } else {
        ApiError::validation("The body ended early; send it whole.")
    }
}

fn not_json(rejection: &JsonRejection) -> ApiError {
    let cause = std::error::Error::source(rejection)
        .map(ToString::to_string)
        .unwrap_or_default();
    match rejection {
        JsonRejection::JsonDataError(_) => ApiError::validation(format!("The body does not fit: {cause}.")),
        _ => ApiError::validation(format!("The body is not valid JSON: {cause}.")),
    }
}

/// RFC 3339 has the years 0000 to 9999; earlier and later ones would be refused by the database.
pub(super) fn is_of_this_calendar(time: Timestamp) -> bool {
    (YEAR_0..YEAR_10000).contains(&time.as_second())
}

const YEAR_0: i64 = -62_167_219_200;
const YEAR_10000: i64 = 253_402_300_800;

/// A time parameter: RFC 3339 with its offset, such as `2024-03-01T00:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rfc3339(pub Timestamp);

impl<'de> Deserialize<'de> for Rfc3339 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = text.parse().ok().filter(|time| is_of_this_calendar(*time));
        time.map(Self).ok_or_else(|| {
            D::Error::custom(
                "must be an RFC 3339 time such as 2024-03-01T00:00:00Z (in a query, write + as %2B)",
            )
        })
    }
}
