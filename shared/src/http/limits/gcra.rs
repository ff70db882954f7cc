//! The generic cell rate algorithm for the in-process limiter.
//!
//! A bucket is one number: the theoretical arrival time (TAT), when it will be full again. Each
//! request moves it on by window / limit; it may run ahead of the clock by one window
//! (limit times the whole microseconds of one interval).

use super::{Admission, Policy};

const SECOND: i64 = 1_000_000;

/// Decides on a request at `now` (microseconds since 1970) for a bucket at `tat` (`None`: full).
/// Returns the admission and the bucket afterwards; a refused request leaves it as it was.
pub(super) fn decide(tat: Option<i64>, now: i64, policy: &Policy) -> (Admission, i64) {
    let limit = policy.limit.max(1);
    let window = i64::try_from(policy.window.as_micros()).unwrap_or(i64::MAX);
    let interval = (window / i64::from(limit)).max(1);
    let burst = interval.saturating_mul(i64::from(limit));
    let before = tat.unwrap_or(now).max(now);
    let after = before.saturating_add(interval);
    let early = after.saturating_sub(now).saturating_sub(burst);
    let allowed = early <= 0;
    let tat = if allowed { after } else { before };
    let spare = burst.saturating_sub(tat.saturating_sub(now)).max(0);
    let admission = Admission {
        allowed,
        limit,
        remaining: u32::try_from(spare / interval).unwrap_or(limit).min(limit),
        reset_at: seconds_up(tat),
        retry_after_seconds: if allowed {
            0
        } else {
            u32::try_from(seconds_up(early)).unwrap_or(u32::MAX).max(1)
        },
    };
    (admission, tat)
}

fn seconds_up(micros: i64) -> i64 {
    micros.div_euclid(SECOND) + i64::from(micros.rem_euclid(SECOND) > 0)
}
