//! Rate limits that all instances share: the generic cell rate algorithm in one call to Redis.
//!
//! Source: DOMAIN "Rate limits". Burst = limit, interval = window / limit, in whole microseconds;
//! the time is Redis's own unless the clock was set by hand. What happens when Redis is down is the
//! HTTP layer's choice.

use std::sync::LazyLock;

use bytes::Bytes;
use jiff::SignedDuration;
use redis::Script;

use super::{Cache, CacheError, Key};

static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("limiter.lua")));

const MICROS_PER_SECOND: i64 = 1_000_000;

/// How many requests in how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate<'a> {
    /// The limit's name: each name has its own buckets.
    pub name: &'a str,
    /// Requests in a window; also the largest burst. At least 1.
    pub limit: u32,
    /// The window.
    pub window: SignedDuration,
}

impl Rate<'_> {
    /// What one request costs, in microseconds; at least one.
    pub(super) fn interval(&self) -> i64 {
        let window = i64::try_from(self.window.as_micros()).unwrap_or(i64::MAX);
        (window / i64::from(self.limit.max(1))).max(1)
    }
}

/// What the limiter says about one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// Whether it may pass; it is then counted.
    pub allowed: bool,
    /// Requests in a window.
    pub limit: u32,
    /// Requests that would pass now.
    pub remaining: u32,
    /// Epoch second when the bucket is full again, rounded up.
    pub reset_at: i64,
    /// Whole seconds until one passes, rounded up, at least 1; only for a refusal.
    pub retry_after_seconds: Option<u64>,
}

impl Admission {
    /// From the bucket after the decision: all times in microseconds since the epoch.
    pub(super) fn new(rate: &Rate<'_>, allowed: bool, now: i64, full_at: i64) -> Self {
        let interval = rate.interval();
        let burst = interval.saturating_mul(i64::from(rate.limit.max(1)));
        let free = burst - (full_at - now);
        let wait = interval - free;
        let wait_seconds = u64::try_from(seconds_up(wait)).unwrap_or(0).max(1);
        Self {
            allowed,
            limit: rate.limit,
            remaining: u32::try_from(free / interval).unwrap_or(0),
            reset_at: seconds_up(full_at),
            retry_after_seconds: (!allowed).then_some(wait_seconds),
        }
    }
}

fn seconds_up(micros: i64) -> i64 {
    micros.div_euclid(MICROS_PER_SECOND) + i64::from(micros.rem_euclid(MICROS_PER_SECOND) > 0)
}

impl Cache {
    /// Counts a request of `subject` if it may pass.
    pub async fn check(&self, rate: &Rate<'_>, subject: &str) -> Result<Admission, CacheError> {
        let (admission, _) = self.admit(rate, subject, None).await?;
        Ok(admission)
    }

    /// The same, and the bytes under `document` for a request that may pass, all in one round trip.
    pub async fn check_and_get(
        &self,
        rate: &Rate<'_>,
        subject: &str,
        document: &Key<'_>,
    ) -> Result<(Admission, Option<Bytes>), CacheError> {
        self.admit(rate, subject, Some(document)).await
    }

    async fn admit(
        &self,
        rate: &Rate<'_>,
        subject: &str,
        document: Option<&Key<'_>>,
    ) -> Result<(Admission, Option<Bytes>), CacheError> {
        let mut call = SCRIPT.key(self.name(&Key::Limit {
            name: rate.name,
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
        call.arg(rate.interval())
            .arg(rate.limit.max(1))
            .arg(fixed_now.unwrap_or_default());

        let (allowed, now, full_at, document): (bool, i64, i64, Option<Vec<u8>>) = self
            .script(&call)
            .await?;
        Ok((
            Admission::new(rate, allowed, now, full_at),
            document.map(Bytes::from),
        ))
    }
}
