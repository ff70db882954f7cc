//! The generic cell rate algorithm (GCRA): how many requests pass, and when the next one does.
//!
//! A bucket is one number, the theoretical arrival time (TAT): when the bucket would be empty of
//! debt. A request moves it by one interval, and passes while the debt stays within the window. All
//! figures are whole microseconds, the same in the limiter's script in Redis and here.
//! Source: DOMAIN "Rate limits".

use jiff::SignedDuration;

use super::tier::Tier;

const MICROS_PER_SECOND: i64 = 1_000_000;
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// How many requests a subject may make within a window; all of them at once if it likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Requests a window, at least 1.
    pub limit: u32,
    /// The window.
    pub window: SignedDuration,
}

impl Policy {
    /// Newest scores, per address. Source: the operations document.
    pub const SCORES: Self = Self { limit: 60, window: HOUR };
    /// Every other public read, per address.
    pub const PUBLIC_READ: Self = Self { limit: 600, window: HOUR };
    /// Every route that needs a token, per user.
    pub const SIGNED_IN: Self = Self { limit: 3000, window: HOUR };
    /// Sign-in, per address.
    pub const SIGN_IN: Self = Self { limit: 20, window: SignedDuration::from_mins(10) };

    /// Newest scores, per signed-in user.
    pub const fn scores_of(tier: Tier) -> Self {
        let limit = match tier {
            Tier::Free => 60,
            Tier::Basic | Tier::Pro => 600,
            Tier::Enterprise => 3000,
        };
        Self { limit, window: HOUR }
    }

    /// The time between two requests that can be kept up for ever, microseconds.
    pub fn interval_us(self) -> i64 {
        self.window_us() / i64::from(self.limit.max(1))
    }

    fn window_us(self) -> i64 {
        i64::try_from(self.window.as_micros()).unwrap_or(i64::MAX)
    }
}

/// What the limiter says to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it passes.
    pub allowed: bool,
    /// The bucket's new theoretical arrival time, microseconds; unchanged for a refused request.
    pub tat_us: i64,
    /// Requests that would pass now, after this one.
    pub remaining: u32,
    /// Epoch second when the bucket is full again, rounded up.
    pub reset_at: i64,
    /// For a refused request: whole seconds until one passes, at least 1.
    pub retry_after: Option<u64>,
}

/// Judges one request at `now_us` against a bucket's stored time, `None` for a fresh one.
pub fn decide(policy: Policy, tat_us: Option<i64>, now_us: i64) -> Verdict {
    let interval = policy.interval_us();
    let burst = interval * i64::from(policy.limit);
    let stored = tat_us.unwrap_or(now_us).max(now_us);
    let moved = stored + interval;
    let allowed = moved - now_us <= burst;
    let tat_us = if allowed { moved } else { stored };
    let debt = tat_us - now_us;
    Verdict {
        allowed,
        tat_us,
        remaining: u32::try_from((burst - debt) / interval).unwrap_or(0),
        reset_at: seconds_up(tat_us),
        retry_after: (!allowed)
            .then(|| u64::try_from(seconds_up(moved - burst - now_us)).unwrap_or(0).max(1)),
    }
}

fn seconds_up(micros: i64) -> i64 {
    micros.div_euclid(MICROS_PER_SECOND) + i64::from(micros.rem_euclid(MICROS_PER_SECOND) > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: i64 = 1_750_000_000 * MICROS_PER_SECOND;

    /// Asks `times` at the same instant; gives the last verdict and how many passed.
    fn ask(policy: Policy, mut tat: Option<i64>, now: i64, times: u32) -> (Verdict, u32) {
        let mut passed = 0;
        let mut last = decide(policy, tat, now);
        for round in 0..times {
            last = decide(policy, tat, now);
            tat = Some(last.tat_us);
            passed += u32::from(last.allowed);
            assert_eq!(last.allowed, round < policy.limit || passed > policy.limit);
        }
        (last, passed)
    }

    #[test]
    fn sixty_pass_at_once_and_the_next_one_a_minute_later() {
        let (refused, passed) = ask(Policy::SCORES, None, NOON, 61);
        assert_eq!(passed, 60);
        assert!(!refused.allowed);
        assert_eq!((refused.remaining, refused.retry_after), (0, Some(60)));
        assert_eq!(refused.reset_at, NOON / MICROS_PER_SECOND + 3600);
        assert!(!decide(Policy::SCORES, Some(refused.tat_us), NOON + 60 * MICROS_PER_SECOND - 1).allowed);
        assert!(decide(Policy::SCORES, Some(refused.tat_us), NOON + 60 * MICROS_PER_SECOND).allowed);
    }

    #[test]
    fn each_plan_has_its_own_limit() {
        let limits = [Tier::Free, Tier::Basic, Tier::Pro, Tier::Enterprise].map(|tier| Policy::scores_of(tier).limit);
        assert_eq!(limits, [60, 600, 600, 3000]);
    }

    fn policies() -> impl Strategy<Value = Policy> {
        (1_u32..200, 1_i64..7200)
            .prop_map(|(limit, seconds)| Policy { limit, window: SignedDuration::from_secs(seconds) })
    }

    proptest! {
        #[test]
        fn exactly_the_remaining_ones_pass(policy in policies(), asked in 1_u32..300) {
            let asked = asked.min(policy.limit);
            let (verdict, _) = ask(policy, None, NOON, asked);
            let (_, passed) = {
                let mut tat = Some(verdict.tat_us);
                let mut passed = 0;
                loop {
                    let next = decide(policy, tat, NOON);
                    if !next.allowed { break (next, passed); }
                    tat = Some(next.tat_us);
                    passed += 1;
                }
            };
            prop_assert_eq!(passed, verdict.remaining);
        }

        #[test]
        fn after_the_wait_one_passes_and_not_a_second_earlier(policy in policies()) {
            let (refused, _) = ask(policy, None, NOON, policy.limit + 1);
            let wait = i64::try_from(refused.retry_after.unwrap()).unwrap() * MICROS_PER_SECOND;
            prop_assert!(decide(policy, Some(refused.tat_us), NOON + wait).allowed);
            if wait > MICROS_PER_SECOND {
                prop_assert!(!decide(policy, Some(refused.tat_us), NOON + wait - MICROS_PER_SECOND).allowed);
            }
        }

        #[test]
        fn no_window_lets_more_than_twice_the_limit_through(
            policy in policies(),
            pauses in prop::collection::vec(0_i64..3_000_000, 1..600),
        ) {
            let (mut tat, mut now, mut passed) = (None, NOON, 0_i64);
            for pause in &pauses {
                now += pause;
                let verdict = decide(policy, tat, now);
                tat = Some(verdict.tat_us);
                passed += i64::from(verdict.allowed);
            }
            let sustained = (now - NOON) / policy.interval_us() + 1;
            prop_assert!(passed <= i64::from(policy.limit) + sustained);
        }

        #[test]
        fn a_rested_bucket_is_full_at_its_reset(policy in policies(), asked in 1_u32..300) {
            let (verdict, _) = ask(policy, None, NOON, asked.min(policy.limit));
            let rested = decide(policy, Some(verdict.tat_us), verdict.reset_at * MICROS_PER_SECOND);
            prop_assert_eq!(rested.remaining, policy.limit - 1);
        }
    }
}
