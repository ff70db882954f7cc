//! Why the store did not do what it was asked.

/// A failed call to the store.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such object.
    #[error("the store has no {key}")]
    Missing {
        /// Its key.
        key: String,
    },
    /// The key names no place in the store.
    #[error("{key:?} is no key of the store")]
    Key {
        /// What was given.
        key: String,
    },
    /// The store refused or did not answer.
    #[error("the store did not {what} {key}")]
    Failed {
        /// What it was asked for.
        what: &'static str,
        /// The object or the prefix.
        key: String,
        /// Its own error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StorageError {
    pub(super) fn failed(
        what: &'static str,
        key: &str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Failed {
            what,
            key: key.to_owned(),
            source: source.into(),
        }
    }

    /// Whether it says that the object is not there.
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }
}
