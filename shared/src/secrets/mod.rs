//! Where secrets come from: the environment alone, or AWS Secrets Manager by ARN.
//!
//! A secret is a [`SecretString`]: its `Debug` prints nothing and its memory is wiped. [`Versions`] alone
//! writes: what a rotation makes. Nothing here lists secrets.

mod manager;
mod versions;

#[cfg(test)]
mod tests;

pub use manager::SecretsManager;
pub use versions::{CURRENT, PENDING, Stages, Versions};

use futures_util::future::BoxFuture;
use secrecy::SecretString;

/// Something that knows secrets by their name.
pub trait SecretStore: Send + Sync {
    /// The secret `name`, an ARN or whatever the store calls its secrets.
    fn secret<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>>;

    /// The same, as it is now: a store that remembers asks again.
    fn secret_now<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        self.secret(name)
    }
}

/// Why a secret could not be had. The secret itself is never part of it.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// This process takes secrets from its environment only.
    #[error("this process reads no secret store: set the variable itself instead of its ARN")]
    NoStore,
    /// The store did not answer, or refused.
    #[error("Secrets Manager did not give {name}")]
    Refused {
        /// The secret's name.
        name: String,
        /// What the store said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The secret is there but holds no text.
    #[error("{name} holds no text: store it as a string, not as binary")]
    NotText {
        /// The secret's name.
        name: String,
    },
}

/// The store of a process without one: variables hold their secrets themselves.
#[derive(Debug, Clone, Copy, Default)]
pub struct EnvironmentSecrets;

impl SecretStore for EnvironmentSecrets {
    fn secret<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        Box::pin(async { Err(SecretError::NoStore) })
    }
}
