//! Whether a request is let in now, apart from who sends it.
//!
//! The platform may be closed, or take no changes. What decides that is elsewhere; it is told how each
//! change ended, so that it may find out by itself that none are possible.

use futures_util::future::BoxFuture;

use super::error::ApiError;

/// What a gate knows of a request.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its method.
    pub method: &'a str,
    /// The pattern of its path.
    pub route: &'a str,
}

/// Lets requests in, or says why not.
pub trait Gate: Send + Sync {
    /// Whether anybody may ask this now. Comes before everything else, and costs no query a request.
    fn admit<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<(), ApiError>>;

    /// Whether this one, whose caller is known and whose limit is charged, may be worked on.
    fn enter(&self, asked: Asked<'_>) -> Result<Pass, ApiError>;
}

/// How a request that was let in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// It was done.
    Done,
    /// It could not be written.
    Refused,
    /// It says nothing about whether anything can be written.
    Unclear,
}

/// Lets one request in. Its gate hears how that ended, also when nobody waits for the answer any more.
#[must_use = "the gate hears that the request is over when this is dropped"]
pub struct Pass(Option<Box<dyn FnOnce(Left) + Send>>);

impl Pass {
    /// One that nobody wants to hear of.
    pub fn free() -> Self {
        Self(None)
    }

    /// One that is told of, once.
    pub fn watched(told: impl FnOnce(Left) + Send + 'static) -> Self {
        Self(Some(Box::new(told)))
    }

    /// The request is over.
    pub(super) fn leave(mut self, left: Left) {
        if let Some(told) = self.0.take() {
            told(left);
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(told) = self.0.take() {
            told(Left::Unclear);
        }
    }
}
