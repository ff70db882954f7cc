//! What can go wrong with Redis.

use redis::{ErrorKind, RedisError, ServerErrorKind};

/// Why a command has no answer.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The function did not declare the cache section.
    #[error("this process declared no cache")]
    NotDeclared,
    /// The address is none that Redis can have.
    #[error("the address of Redis is not usable")]
    Address(#[source] RedisError),
    /// Redis cannot be reached, does not answer in time, or cannot serve at the moment.
    #[error("Redis is not available")]
    Unavailable(#[source] RedisError),
    /// Redis refused the command, or answered something else than was asked for.
    #[error("Redis did not do what it was asked")]
    Refused(#[source] RedisError),
}

impl CacheError {
    /// Whether waiting may help, as opposed to a mistake of ours.
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::NotDeclared)
    }
}

impl From<RedisError> for CacheError {
    fn from(error: RedisError) -> Self {
        let down = match error.kind() {
            ErrorKind::Io | ErrorKind::AuthenticationFailed | ErrorKind::ClusterConnectionNotFound => true,
            // Starting up, or in the middle of a fail-over.
            ErrorKind::Server(kind) => matches!(
                kind,
                ServerErrorKind::BusyLoading | ServerErrorKind::MasterDown | ServerErrorKind::ReadOnly
            ),
            _ => false,
        };
        if down {
            Self::Unavailable(error)
        } else {
            Self::Refused(error)
        }
    }
}
