//! Rate limits: which policy a route has, who is charged, what the answer says about it.
//!
//! A route names its [`RateClass`] in its OpenAPI description; the stack charges it. The buckets
//! live behind [`RateLimiter`] (Redis, by an adapter elsewhere), which also knows the sessions that
//! ended a moment ago; when it is down, requests are held to a [`LocalLimiter`] of this process, ended
//! sessions are not known, and sign-in is closed. Source: DOMAIN "Rate limits".

mod local;
mod redis;

use std::fmt;
use std::net::IpAddr;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, Uri};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::local::LocalLimiter;
use super::caller::Caller;
use super::error::BoxError;
use crate::domain::identity::{SessionId, UserId};
pub use crate::domain::rate_limit::{Admission, Policy};
use crate::domain::wire::Utc;

/// What kind of route this is to the limiter. Written in the route's OpenAPI description:
/// `extensions(("x-rate-limit" = json!(RateClass::Scores)))`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RateClass {
    /// Not limited, no token looked at: health, documentation.
    None,
    /// The newest scores and what belongs to them: 60 an hour per address, by tier signed in.
    Scores,
    /// Other public reads: 600 an hour.
    PublicRead,
    /// Needs a token: 3,000 an hour.
    SignedIn,
    /// Signing in: 20 per 10 minutes per address, closed when the limiter is down.
    Auth,
    /// Refreshing and ending a session: from the same bucket, but never closed. A token that is not
    /// accepted counts as none here: whoever refreshes may still send the one that has run out.
    Session,
}

impl RateClass {
    /// Whether the address is charged whoever asks, and tokens that are not accepted count as none.
    pub(super) const fn is_by_address(self) -> bool {
        matches!(self, Self::Auth | Self::Session)
    }

    /// The policy for this caller; `None` when nothing is counted.
    ///
    /// A signed-in route that is asked without a token counts as a public read of the address, so
    /// that guessing tokens is limited too.
    pub const fn policy(self, caller: &Caller) -> Option<Policy> {
        Some(match (self, caller) {
            (Self::None, _) => return None,
            (Self::Scores, Caller::User(user)) => Policy::scores_of(user.tier),
            (Self::Scores, _) => Policy::SCORES,
            (Self::PublicRead, _) | (Self::SignedIn, Caller::Address(_) | Caller::Unknown) => {
                Policy::PUBLIC_READ
            }
            (Self::SignedIn, Caller::User(_)) => Policy::SIGNED_IN,
            (Self::Auth | Self::Session, _) => Policy::SIGN_IN,
        })
    }
}

/// Whose bucket it is. Its display text is part of the bucket's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A user with a valid token.
    User(UserId),
    /// An address; IPv6 by its /64.
    Address(IpAddr),
    /// Nobody knows: all such callers share one bucket.
    Unknown,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Address(address) => write!(f, "address:{address}"),
            Self::Unknown => f.write_str("address:unknown"),
        }
    }
}

/// What a refusal tells a program.
pub(super) fn details(admission: &Admission) -> Value {
    json!({
        "limit": admission.limit,
        "remaining": admission.remaining,
        "reset_at": Timestamp::from_second(admission.reset_at).ok().map(Utc::from),
        "retry_after": admission.retry_after_seconds,
    })
}

/// What every answer of a limited route tells.
pub(super) fn write_headers(admission: &Admission, headers: &mut HeaderMap) {
    headers.insert(LIMIT, admission.limit.into());
    headers.insert(REMAINING, admission.remaining.into());
    headers.insert(RESET, admission.reset_at.into());
}

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The limiter cannot be asked.
#[derive(Debug, thiserror::Error)]
#[error("the rate limiter is down")]
pub struct LimiterDown(#[source] pub BoxError);

/// One request, as the limiter is asked about it.
#[derive(Debug, Clone, Copy)]
pub struct Charge<'a> {
    /// How much is allowed.
    pub policy: &'a Policy,
    /// Who is charged.
    pub subject: &'a Subject,
    /// The session that the request's token belongs to, which may have ended since.
    pub session: Option<SessionId>,
    /// A cache key whose value is wanted, without namespace.
    pub key: Option<&'a str>,
}

/// What the limiter says about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was counted if it may pass; the value is only looked at then.
    Counted(Admission, Prefetched),
    /// Its session has ended; nothing was counted.
    SessionEnded,
}

/// Keeps the buckets, and knows which sessions ended a moment ago. One call is one round trip.
pub trait RateLimiter: Send + Sync {
    /// Charges one request. A limiter without a cache leaves the value unasked.
    fn charge<'a>(&'a self, charge: Charge<'a>) -> BoxFuture<'a, Result<Verdict, LimiterDown>>;
}

/// A route whose answer is usually one cached value, fetched together with the admission.
#[derive(Debug, Clone, Copy)]
pub struct Prefetch {
    /// The route's path as in the OpenAPI description.
    pub route: &'static str,
    /// The cache key this request will want, without namespace; `None` when it cannot be told.
    pub key: fn(&Uri) -> Option<String>,
}

/// What a [`Prefetch`] found; an extractor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Prefetched {
    /// Nobody looked: the handler does.
    #[default]
    NotAsked,
    /// The cache has no such key.
    Absent,
    /// The cached value.
    Found(Bytes),
}

impl<S: Sync> axum::extract::FromRequestParts<S> for Prefetched {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        _: &S,
    ) -> Result<Self, std::convert::Infallible> {
        Ok(parts.extensions.remove().unwrap_or_default())
    }
}
