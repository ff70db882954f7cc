//! Who asks: a signed-in user, an address, or nobody we can name.
//!
//! Decides nothing about data: what one user owns and another may not see is a rule of the use case.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use futures_util::future::BoxFuture;
use http::request::Parts;

use super::connection::ClientAddress;
use super::error::{ApiError, BoxError};
use super::limits::Subject;
use crate::domain::identity::{SessionId, UserId};
use crate::domain::tier::{Role, Tier};

/// A user with a valid token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    /// The user.
    pub id: UserId,
    /// The session the token belongs to.
    pub session: SessionId,
    /// Their plan when the token was made.
    pub tier: Tier,
    /// What they might administer when the token was made.
    pub role: Role,
}

/// Who asks; an extractor that never refuses. On routes of `RateClass::None` no token is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Signed in.
    User(User),
    /// Anonymous; IPv4, or the /64 of an IPv6 address.
    Address(IpAddr),
    /// Anonymous, and the runner did not tell the address.
    Unknown,
}

impl Caller {
    /// The anonymous caller behind a connection.
    pub fn anonymous(address: Option<ClientAddress>) -> Self {
        match address
            .and_then(|ClientAddress(address)| address)
            .map(|address| address.to_canonical())
        {
            Some(IpAddr::V6(address)) => Self::Address(network_of(address).into()),
            Some(address @ IpAddr::V4(_)) => Self::Address(address),
            None => Self::Unknown,
        }
    }

    /// Whose bucket is charged.
    pub const fn subject(&self) -> Subject {
        match self {
            Self::User(user) => Subject::User(user.id),
            Self::Address(address) => Subject::Address(*address),
            Self::Unknown => Subject::Unknown,
        }
    }

    /// The user, if signed in.
    pub const fn user(&self) -> Option<User> {
        match self {
            Self::User(user) => Some(*user),
            Self::Address(_) | Self::Unknown => None,
        }
    }
}

/// The /64 of an address: one household or server, not one of its 2^64 addresses.
fn network_of(address: Ipv6Addr) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().copied().unwrap_or(Self::Unknown))
    }
}

/// A signed-in user; 401 otherwise.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn(pub User);

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let caller: Option<&Caller> = parts.extensions.get();
        caller.and_then(Caller::user).map(Self).ok_or_else(sign_in_first)
    }
}

pub(super) fn sign_in_first() -> ApiError {
    ApiError::Unauthorized("Sign in first: send `Authorization: Bearer <access token>`.".into())
}

/// Who may administer what, now. A token's role is as old as the token.
pub trait Roles: Send + Sync {
    /// The role of a user; nothing when there is no such user any more.
    fn role_of(&self, user: UserId) -> BoxFuture<'_, Result<Option<Role>, BoxError>>;
}

/// The way to [`Roles`] for the extractor, put into the request by the stack.
#[derive(Clone)]
pub(super) struct AskRoles(pub(super) Arc<dyn Roles>);

/// A signed-in administrator: 401 without a token, 403 without the role, 503 while it cannot be asked
/// for. The role is the one the user has now, not the token's.
#[derive(Debug, Clone, Copy)]
pub struct Admin(pub User);

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let SignedIn(user) = SignedIn::from_request_parts(parts, state).await?;
        let AskRoles(roles) = parts.extensions.get().cloned().ok_or_else(sign_in_first)?;
        let asked = roles.role_of(user.id).await;
        match asked.map_err(|error| ApiError::unavailable("The database", error))? {
            Some(Role::Admin) => Ok(Self(User {
                role: Role::Admin,
                ..user
            })),
            Some(Role::User) => Err(ApiError::Forbidden("This needs the role admin.".into())),
            None => Err(sign_in_first()),
        }
    }
}
