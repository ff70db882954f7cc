//! What can go wrong with the database, by what a caller can do about it.

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// A failed call to the database.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// This process declared no database.
    #[error("this process declared no database")]
    NotDeclared,
    /// It cannot be reached, or did not answer in time; trying again later may help.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It takes no writes now: a failover or a replica (SQLSTATE 25006), or its disk is full (53100).
    #[error("the database takes no writes now")]
    ReadOnly(#[source] tokio_postgres::Error),
    /// A unique constraint says that it is there already.
    #[error("the constraint {constraint} does not allow it")]
    Conflict {
        /// The constraint's name.
        constraint: String,
        /// The database's own error.
        #[source]
        source: tokio_postgres::Error,
    },
    /// The statement itself failed: an error of ours.
    #[error("a statement failed")]
    Statement(#[source] tokio_postgres::Error),
    /// A stored row is not what the code expects: an error of ours.
    #[error("the stored {what} cannot be read")]
    Row {
        /// Which kind of row.
        what: &'static str,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Another transaction stood in the way of a call, while the server is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contention {
    /// A deadlock, or a conflict of what both write (SQLSTATE 40): gone on the next try.
    Conflict,
    /// It was waited for, and the time ran out (57014, 55P03): it may still be there.
    Wait,
}

impl DbError {
    /// A row that does not make a `what`.
    pub(crate) fn row(
        what: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Row {
            what,
            source: source.into(),
        }
    }

    /// A connection that could not be made, whatever the server said.
    pub(super) fn connecting(error: tokio_postgres::Error) -> Self {
        match Self::from(error) {
            Self::Statement(error) => Self::Unavailable(Box::new(error)),
            other => other,
        }
    }

    /// Whether the same call may work later, without anybody changing anything.
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::ReadOnly(_))
    }

    /// The SQLSTATE of what makes it unavailable, where the server gave one.
    fn state_when_unavailable(&self) -> Option<&str> {
        let Self::Unavailable(source) = self else {
            return None;
        };
        let error = source.downcast_ref::<tokio_postgres::Error>()?;
        Some(error.code()?.code())
    }

    /// Whether the server is there and does not let this user into the database, or has no such one.
    pub fn is_of_database(&self) -> bool {
        matches!(self.state_when_unavailable(), Some("3D000" | "42501" | "28000"))
    }

    /// Whether only another transaction stood in the way: other calls may well work meanwhile.
    pub fn contention(&self) -> Option<Contention> {
        match self.state_when_unavailable()? {
            code if code.starts_with("40") => Some(Contention::Conflict),
            "57014" | "55P03" => Some(Contention::Wait),
            _ => None,
        }
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(state) = error.code() else {
            // Without a SQLSTATE the server never answered, unless a value could not be converted.
            let is_broken =
                std::error::Error::source(&error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
            return if error.is_closed() || is_broken {
                Self::Unavailable(Box::new(error))
            } else {
                Self::Statement(error)
            };
        };
        match state {
            &SqlState::READ_ONLY_SQL_TRANSACTION | &SqlState::DISK_FULL => Self::ReadOnly(error),
            &SqlState::UNIQUE_VIOLATION => {
                let constraint = error
                    .as_db_error()
                    .and_then(|e| e.constraint())
                    .unwrap_or("(unnamed)")
                    .to_owned();
                Self::Conflict {
                    constraint,
                    source: error,
                }
            }
            state if is_unavailable(state) => Self::Unavailable(Box::new(error)),
            _ => Self::Statement(error),
        }
    }
}

/// Connection failures (08), shutdown and recovery (57P), too many connections or no memory (53), statement
/// time-out (57014), lock time-out (55P03), a transaction that was idle for too long (25P03), and
/// conflicts that are gone on the next try (40).
fn is_unavailable(state: &SqlState) -> bool {
    let code = state.code();
    code.starts_with("08")
        || code.starts_with("53")
        || code.starts_with("57")
        || code.starts_with("40")
        || code == "55P03"
        || code == "25P03"
}

impl From<PoolError> for DbError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => Self::connecting(error),
            other => Self::Unavailable(Box::new(other)),
        }
    }
}
