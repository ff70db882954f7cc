//! When a source may be asked again, shared between instances: one that was told to wait tells all.

use std::sync::LazyLock;

use jiff::Timestamp;
use redis::Script;

use super::{Cache, CacheError, Key};

static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("not_before.lua")));

impl Cache {
    /// The time before which `base` of `source` must not be asked; nothing when it may be.
    pub async fn not_before(&self, source: &str, base: &str) -> Result<Option<Timestamp>, CacheError> {
        let name = self.name(&Key::NotBefore { source, base });
        let millisecond: Option<i64> = self.command(redis::cmd("GET").arg(&name)).await?;
        let until = millisecond.and_then(|millisecond| Timestamp::from_millisecond(millisecond).ok());
        Ok(until.filter(|until| *until > self.0.clock.now()))
    }

    /// Lets nobody ask `base` of `source` before `until`. A later time that is known stays.
    pub async fn set_not_before(&self, source: &str, base: &str, until: Timestamp) -> Result<(), CacheError> {
        // Rounded up: a source must not be asked a moment too early.
        let until = (until.as_microsecond() + 999).div_euclid(1000);
        let left = until - self.0.clock.now().as_millisecond();
        if left <= 0 {
            return Ok(());
        }
        let mut call = SCRIPT.key(self.name(&Key::NotBefore { source, base }));
        call.arg(until).arg(left);
        self.script(&call).await
    }
}
