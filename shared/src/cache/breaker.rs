//! Circuit breakers shared between instances: what keeps failing is left alone for a while, then
//! tried by one caller; its success closes the breaker for all.
//!
//! What counts as a failure, how many open it and for how long is the caller's.

use std::sync::LazyLock;
use std::time::Duration;

use jiff::Timestamp;
use redis::Script;

use super::{Cache, CacheError, Key};

static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("breaker.lua")));

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerRule {
    /// Failures in a row that open it, at least 1.
    pub failures: u32,
    /// How long it stays open.
    pub open_for: Duration,
}

impl Cache {
    /// Whether `name` may be tried now; if not, until when to stay away. Whoever is let through a
    /// half-open breaker has `lease` to tell how it went, before another `caller` is let through.
    pub async fn breaker_admits(
        &self,
        name: &str,
        caller: &str,
        lease: Duration,
    ) -> Result<Option<Timestamp>, CacheError> {
        let mut call = SCRIPT.key(self.name(&Key::Breaker(name)));
        call.arg("admit")
            .arg(self.now_ms())
            .arg(milliseconds(lease))
            .arg(caller);
        let until: i64 = self.script(&call).await?;
        Ok((until > 0)
            .then(|| Timestamp::from_millisecond(until).ok())
            .flatten())
    }

    /// It answered: the breaker is closed, earlier failures are forgotten.
    pub async fn breaker_succeeded(&self, name: &str) -> Result<(), CacheError> {
        self.delete(&Key::Breaker(name)).await.map(|_| ())
    }

    /// It failed once more; the try after an opening opens it again at once.
    pub async fn breaker_failed(&self, name: &str, rule: BreakerRule) -> Result<(), CacheError> {
        let mut call = SCRIPT.key(self.name(&Key::Breaker(name)));
        call.arg("failed")
            .arg(self.now_ms())
            .arg(rule.failures)
            .arg(milliseconds(rule.open_for));
        self.script(&call).await
    }

    /// Leaves it alone until a time, whatever it answered before. A later time that is known stays.
    pub async fn breaker_leave(&self, name: &str, until: Timestamp) -> Result<(), CacheError> {
        let mut call = SCRIPT.key(self.name(&Key::Breaker(name)));
        call.arg("leave").arg(self.now_ms()).arg(until.as_millisecond());
        self.script(&call).await
    }

    fn now_ms(&self) -> i64 {
        self.0.clock.now().as_millisecond()
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
