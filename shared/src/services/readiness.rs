//! Whether this function could answer: can it reach its database and its cache?
//!
//! It reads and changes nothing, so that asking often is harmless.

use std::time::Duration;

use crate::app::App;
use crate::db;

/// How long a dependency may take before it counts as down.
const PATIENCE: Duration = Duration::from_secs(2);

/// What can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readiness {
    /// PostgreSQL answers.
    pub database: bool,
    /// Redis answers.
    pub redis: bool,
}

impl Readiness {
    /// Everything that is needed is there.
    pub const fn is_ready(self) -> bool {
        self.database && self.redis
    }
}

/// Asks both at the same time, each for two seconds at most.
pub async fn check(app: &App) -> Readiness {
    let database = tokio::time::timeout(PATIENCE, db::ping(&app.db));
    let redis = tokio::time::timeout(PATIENCE, app.cache.ping());
    let (database, redis) = tokio::join!(database, redis);
    Readiness {
        database: matches!(database, Ok(Ok(()))),
        redis: matches!(redis, Ok(Ok(()))),
    }
}
