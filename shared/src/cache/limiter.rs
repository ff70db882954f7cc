//! Rate limits that all instances share: the generic cell rate algorithm in one call to Redis.
//!
//! The script moves the bucket as `domain::rate_limit::decide` does; the time is Redis's own unless the
//! clock was set by hand. What happens when Redis is down is the HTTP layer's choice.

use std::sync::LazyLock;

use bytes::Bytes;
use redis::Script;

use super::{Cache, CacheError, Key};
use crate::domain::rate_limit::{Admission, Policy};

static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("limiter.lua")));

impl Cache {
    /// Counts a request of `subject` if it may pass.
    pub async fn check(&self, policy: &Policy, subject: &str) -> Result<Admission, CacheError> {
        let (admission, _) = self.admit(policy, subject, None).await?;
        Ok(admission)
    }

    /// The same, and the bytes under `document` for a request that may pass, all in one round trip.
    pub async fn check_and_get(
        &self,
        policy: &Policy,
        subject: &str,
        document: &Key<'_>,
    ) -> Result<(Admission, Option<Bytes>), CacheError> {
        self.admit(policy, subject, Some(document)).await
    }

    async fn admit(
        &self,
        policy: &Policy,
        subject: &str,
        document: Option<&Key<'_>>,
    ) -> Result<(Admission, Option<Bytes>), CacheError> {
        let mut call = SCRIPT.key(self.name(&Key::Limit {
            name: policy.name,
            subject,
        }));
        if let Some(document) = document {
            call.key(self.name(document));
        }
        let fixed_now = self
            .0
            .clock
            .is_fixed()
            .then(|| self.0.clock.now().as_microsecond().to_string());
        call.arg(policy.interval_us())
            .arg(policy.limit.max(1))
            .arg(fixed_now.unwrap_or_default());

        let (allowed, now, full_at, document): (bool, i64, i64, Option<Vec<u8>>) = self.script(&call).await?;
        Ok((
            Admission::of_bucket(policy, allowed, now, full_at),
            document.map(Bytes::from),
        ))
    }
}
