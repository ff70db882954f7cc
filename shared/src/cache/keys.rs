//! Every key the bundle uses, in one place. The namespace is put before all of them.

use std::fmt;

use crate::domain::identity::SessionId;

/// What a value is kept under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key<'a> {
    /// The newest scores of a strategy, as the bytes that are served.
    Scores(&'a str),
    /// What is known of a symbol's price, for a time without a database.
    Price(&'a str),
    /// A user's portfolio as it was last shown, for a time without a database.
    Portfolio(&'a str),
    /// Whether a user was erased a moment ago: an answer of theirs may still be on its way into the cache.
    Erased(&'a str),
    /// The list of strategies with their performance.
    Strategies,
    /// A key that is spelt out already.
    Named(&'a str),
    /// How full a rate limit's bucket is: the limit's name, and who is counted.
    Limit {
        /// The limit's name.
        name: &'a str,
        /// Who is counted: a user id or an address.
        subject: &'a str,
    },
    /// Whom a ticket for a WebSocket lets in, by the ticket's hash.
    Ticket(&'a str),
    /// Whether a session was ended while access tokens of it may still be about.
    Denied(SessionId),
    /// Whether something that keeps failing is left alone.
    Breaker(&'a str),
    /// When a source may be asked again: its name, and which of its addresses.
    NotBefore {
        /// The source's name.
        source: &'a str,
        /// Its address.
        base: &'a str,
    },
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scores(strategy) => write!(f, "scores:{strategy}"),
            Self::Portfolio(user) => write!(f, "portfolio:{user}"),
            Self::Erased(user) => write!(f, "erased:{user}"),
            Self::Strategies => f.write_str("strategies"),
            Self::Named(name) => f.write_str(name),
            Self::Price(symbol) => write!(f, "price:{symbol}"),
            Self::Ticket(hash) => write!(f, "ticket:{hash}"),
            Self::Denied(session) => write!(f, "denied:{session}"),
            Self::Breaker(name) => write!(f, "breaker:{name}"),
            Self::Limit { name, subject } => write!(f, "limit:{name}:{subject}"),
            Self::NotBefore { source, base } => write!(f, "not_before:{source}:{base}"),
        }
    }
}
