//! The weight that Binance counts: what requests cost in one minute of the stand-in's clock.
//!
//! It counts and tells; it refuses nobody. A refusal is ordered like any other failure.

use std::sync::{Mutex, PoisonError};

const MINUTE_MS: i64 = 60_000;

/// The counter of the running minute, and the highest it ever was.
#[derive(Debug, Default)]
pub(crate) struct Weight(Mutex<Counter>);

#[derive(Debug, Default)]
struct Counter {
    minute: i64,
    used: u64,
    peak: u64,
    /// Told in place of what was counted.
    ordered: Option<u64>,
}

impl Weight {
    /// Counts a request for `path` and gives the weight to tell.
    pub(crate) fn count(&self, path: &str, now_ms: i64) -> u64 {
        let mut counter = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now_ms.div_euclid(MINUTE_MS);
        if counter.minute != minute {
            (counter.minute, counter.used) = (minute, 0);
        }
        counter.used += weight_of(path);
        counter.peak = counter.peak.max(counter.used);
        counter.ordered.unwrap_or(counter.used)
    }

    pub(crate) fn order(&self, used: Option<u64>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).ordered = used;
    }

    pub(crate) fn peak(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).peak
    }
}

/// What a request costs. Source: UPSTREAMS "Binance".
fn weight_of(path: &str) -> u64 {
    if path.ends_with("/api/v3/time") { 1 } else { 2 }
}
