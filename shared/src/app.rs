//! What every handler and every task is given: configuration, clock, ids and the ways to the stores.
//!
//! Building it connects to nothing, so it cannot fail for a server that is down. Holds no rules.

use std::net::IpAddr;
use std::sync::Arc;

use crate::cache::{Cache, CacheError};
use crate::clock::Clock;
use crate::config::Config;
use crate::ids::Ids;

/// The state of a process; cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// What the process was told.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// New identifiers.
    pub ids: Ids,
    /// Redis; answers "not declared" in a process that declared no cache section.
    pub cache: Cache,
}

/// Why the state could not be built.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The cache's settings are not usable.
    #[error("the cache cannot be used")]
    Cache(#[from] CacheError),
}

impl App {
    /// The state of a process with this configuration, on this clock, with these ids.
    pub fn new(config: Config, clock: Clock, ids: Ids) -> Result<Self, AppError> {
        let cache = match &config.cache {
            Some(settings) => Cache::new(settings, clock.clone())?,
            None => Cache::undeclared(),
        };
        Ok(Self {
            config: Arc::new(config),
            clock,
            ids,
            cache,
        })
    }

    /// Opens the connections this process will need, all at once. What is down stays closed and is
    /// tried again by whoever needs it: a start is never lost for it.
    pub async fn warm_up(&self) {
        if self.config.cache.is_some()
            && let Err(error) = self.cache.ping().await
        {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "Redis does not answer yet"
            );
        }
    }
}

/// The caller's address as the gateway saw it, in a request's extensions. Never taken from a header,
/// because a caller writes headers as it likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub Option<IpAddr>);

/// The gateway's id of a request, in its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);
