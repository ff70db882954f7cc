//! The way to open WebSockets: a message is posted to one connection, or it is closed.
//!
//! The gateway holds the sockets, so posting is a call to it; the local process holds its own and puts
//! something else behind the same trait. Knows no event and no user. Tries nothing twice: who posts
//! knows how much time there is.

#[cfg(feature = "push")]
mod gateway;

use std::error::Error;
use std::fmt::Debug;
use std::time::Duration;

use futures_util::future::BoxFuture;

#[cfg(feature = "push")]
pub use gateway::Gateway;

/// Why a message did not reach a connection.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The connection is not there any more, for good.
    #[error("the connection is gone")]
    Gone,
    /// Too much is asked at the moment.
    #[error("too many messages at once")]
    Throttled {
        /// When to try again, where that was said.
        retry_after: Option<Duration>,
    },
    /// Anything else; another try may help.
    #[error("the message was not taken")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

/// Holds open WebSockets, by their names.
pub trait Push: Debug + Send + Sync {
    /// Sends a text message. May take as long as the other side lets it: the caller limits that.
    fn post<'a>(&'a self, connection: &'a str, message: &'a str) -> BoxFuture<'a, Result<(), PushError>>;

    /// Closes a connection. One that is gone already is [`PushError::Gone`].
    fn close<'a>(&'a self, connection: &'a str) -> BoxFuture<'a, Result<(), PushError>>;
}
