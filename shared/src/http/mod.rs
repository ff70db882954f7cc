//! The HTTP door: what every route shares, whatever it answers.
//!
//! A request passes one middleware, [`stack`]: it gets a request id, is looked up in the
//! [`RouteTable`], passes the [`Gate`], is charged on its rate limit, runs, and leaves in the envelope with its headers
//! and one log line. Handlers take [`Query`], [`Path`], [`Json`], [`Caller`] and answer an
//! [`ApiResult`]; they write no header, time or status themselves.
//!
//! Knows no noun of the domain, with three exceptions, kept here so that they are not repeated in
//! every function: the tier and role a token carries, the limits each tier has, and how a time looks
//! in JSON (`domain::wire`). [`door`] puts a function's routes and the process's state together; the
//! rest opens no connection and reads no configuration: [`HttpSettings`] brings all it needs.

pub mod auth;
pub mod caller;
pub mod connection;
mod cors;
pub mod csv;
pub mod door;
pub mod envelope;
pub mod error;
pub mod extract;
mod gate;
mod key_ring;
pub mod limits;
pub mod openapi;
pub mod paging;
pub mod routes;
pub mod stack;
mod visit;

pub use crate::config::TokenKey;
pub use auth::{Identity, TokenError, TokenKeys};
pub use caller::{Admin, Caller, Roles, SignedIn, User};
pub use connection::{ClientAddress, RequestId};
pub use cors::Origin;
pub use csv::{Cell, Csv, JsonOrCsv, TableResult};
pub use door::{DoorError, door, fallback_door};
pub use envelope::{ApiResult, Envelope, RawJson};
pub use error::{ApiError, BoxError, ErrorCode, Refusal};
pub use extract::{Json, Path, Query, Rfc3339};
pub use gate::{Asked, Gate, Left, Pass};
pub use key_ring::{KeyRing, KeySource};
pub use limits::{
    Admission, Charge, LimiterDown, LocalLimiter, Policy, Prefetch, Prefetched, RateClass, RateLimiter,
    Subject, Verdict,
};
pub use paging::{Cursor, Page, PageLimit};
pub use routes::RouteTable;
pub use stack::{HttpSettings, stack};

/// The largest request body that is read, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

#[cfg(test)]
mod tests;
