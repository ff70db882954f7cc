//! The generic cell rate algorithm (GCRA): how many requests pass, and when the next one does.
//!
//! A bucket is one number: when it is full again. Each request moves it on by one interval
//! (window / limit), and passes while the bucket is full within one window. All figures are whole
//! microseconds, the same here and in the limiter's script in Redis; what a client is told about a
//! bucket is worked out here for both. Source: DOMAIN "Rate limits".

use jiff::SignedDuration;

use super::tier::Tier;

const MICROS_PER_SECOND: i64 = 1_000_000;
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// How many requests a subject may make within a window; all of them at once if it likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Part of the bucket's key: policies of one name share their buckets.
    pub name: &'static str,
    /// Requests a window, also the burst; at least 1.
    pub limit: u32,
    /// How long a used-up bucket takes to be full again.
    pub window: SignedDuration,
}

impl Policy {
    /// Newest scores, per address. Source: the operations document.
    pub const SCORES: Self = Self {
        name: "scores",
        limit: 60,
        window: HOUR,
    };
    /// Every other public read, per address.
    pub const PUBLIC_READ: Self = Self {
        name: "public",
        limit: 600,
        window: HOUR,
    };
    /// Every route that needs a token, per user.
    pub const SIGNED_IN: Self = Self {
        name: "signed-in",
        limit: 3_000,
        window: HOUR,
    };
    /// Sign-in, per address.
    pub const SIGN_IN: Self = Self {
        name: "auth",
        limit: 20,
        window: SignedDuration::from_mins(10),
    };

    /// Newest scores, per signed-in user.
    pub const fn scores_of(tier: Tier) -> Self {
        let limit = match tier {
            Tier::Free => 60,
            Tier::Basic | Tier::Pro => 600,
            Tier::Enterprise => 3_000,
        };
        Self {
            limit,
            ..Self::SCORES
        }
    }

    /// What one request costs, in microseconds; at least one.
    pub fn interval_us(&self) -> i64 {
        let window = i64::try_from(self.window.as_micros()).unwrap_or(i64::MAX);
        (window / self.requests()).max(1)
    }

    fn requests(&self) -> i64 {
        i64::from(self.limit.max(1))
    }
}

/// What the limiter says about one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// Whether it may pass; it is then counted.
    pub allowed: bool,
    /// Requests in a window.
    pub limit: u32,
    /// Requests that would pass now, after this one.
    pub remaining: u32,
    /// Epoch second when the bucket is full again, rounded up.
    pub reset_at: i64,
    /// For a refused request: whole seconds until one passes, rounded up, at least 1.
    pub retry_after_seconds: Option<u64>,
}

impl Admission {
    /// What there is to say about a bucket after the decision; times in microseconds since the epoch.
    pub fn of_bucket(policy: &Policy, allowed: bool, now_us: i64, full_at_us: i64) -> Self {
        let interval = policy.interval_us();
        let free = interval.saturating_mul(policy.requests()) - (full_at_us - now_us);
        let wait_seconds = u64::try_from(seconds_up(interval - free)).unwrap_or(0).max(1);
        Self {
            allowed,
            limit: policy.limit.max(1),
            remaining: u32::try_from(free / interval).unwrap_or(0),
            reset_at: seconds_up(full_at_us),
            retry_after_seconds: (!allowed).then_some(wait_seconds),
        }
    }
}

/// Judges a request at `now_us` on a bucket that is full at `full_at_us` (`None`: full now). Gives the
/// admission and when the bucket is full afterwards; a refused request leaves it as it was.
pub fn decide(policy: &Policy, full_at_us: Option<i64>, now_us: i64) -> (Admission, i64) {
    let interval = policy.interval_us();
    let before = full_at_us.unwrap_or(now_us).max(now_us);
    let after = before.saturating_add(interval);
    let allowed = after - now_us <= interval.saturating_mul(policy.requests());
    let full_at_us = if allowed { after } else { before };
    (
        Admission::of_bucket(policy, allowed, now_us, full_at_us),
        full_at_us,
    )
}

fn seconds_up(micros: i64) -> i64 {
    micros.div_euclid(MICROS_PER_SECOND) + i64::from(micros.rem_euclid(MICROS_PER_SECOND) > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: i64 = 1_750_000_000 * MICROS_PER_SECOND;

    /// A bucket and the requests made of it, all at one instant.
    #[derive(Default)]
    struct Bucket(Option<i64>);

    impl Bucket {
        fn ask(&mut self, policy: &Policy, now: i64) -> Admission {
            let (admission, full_at) = decide(policy, self.0, now);
            self.0 = Some(full_at);
            admission
        }

        /// Asks until one is refused; gives how many passed.
        fn drain(&mut self, policy: &Policy, now: i64) -> u32 {
            let mut passed = 0;
            while self.ask(policy, now).allowed {
                passed += 1;
            }
            passed
        }
    }

    #[test]
    fn sixty_pass_at_once_and_the_next_one_a_minute_later() {
        let mut bucket = Bucket::default();
        assert_eq!(bucket.drain(&Policy::SCORES, NOON), 60);
        let refused = bucket.ask(&Policy::SCORES, NOON);
        let expected = Admission {
            allowed: false,
            limit: 60,
            remaining: 0,
            reset_at: NOON / MICROS_PER_SECOND + 3600,
            retry_after_seconds: Some(60),
        };
        assert_eq!(refused, expected);
        assert!(
            !bucket
                .ask(&Policy::SCORES, NOON + 60 * MICROS_PER_SECOND - 1)
                .allowed
        );
        assert!(bucket.ask(&Policy::SCORES, NOON + 60 * MICROS_PER_SECOND).allowed);
    }

    #[test]
    fn the_first_request_of_sixty_leaves_fifty_nine() {
        let first = Bucket::default().ask(&Policy::SCORES, NOON);
        assert_eq!(
            (first.remaining, first.reset_at, first.retry_after_seconds),
            (59, NOON / MICROS_PER_SECOND + 60, None)
        );
    }

    #[test]
    fn the_wait_and_the_reset_are_rounded_up() {
        let full_at = 60 * 60_000_000;
        let told = |now, full_at| {
            let admission = Admission::of_bucket(&Policy::SCORES, false, now, full_at);
            (admission.reset_at, admission.retry_after_seconds)
        };
        assert_eq!(told(0, full_at), (3600, Some(60)));
        assert_eq!(told(59_000_001, full_at), (3600, Some(1)));
        assert_eq!(told(59_999_999, full_at + 1), (3601, Some(1)));
    }

    #[test]
    fn a_window_that_does_not_divide_is_cut_to_whole_microseconds() {
        let policy = Policy {
            name: "odd",
            limit: 7,
            window: SignedDuration::from_micros(100),
        };
        assert_eq!(policy.interval_us(), 14);
        assert_eq!(Bucket::default().drain(&policy, NOON), 7);
    }

    #[test]
    fn each_plan_has_its_own_limit() {
        let limits =
            [Tier::Free, Tier::Basic, Tier::Pro, Tier::Enterprise].map(|tier| Policy::scores_of(tier).limit);
        assert_eq!(limits, [60, 600, 600, 3000]);
    }

    fn policies() -> impl Strategy<Value = Policy> {
        (1_u32..200, 1_i64..7200).prop_map(|(limit, seconds)| Policy {
            name: "any",
            limit,
            window: SignedDuration::from_secs(seconds),
        })
    }

    proptest! {
        #[test]
        fn exactly_the_remaining_ones_pass(policy in policies(), asked in 1_u32..300) {
            let mut bucket = Bucket::default();
            let answers: Vec<_> = (0..asked.min(policy.limit)).map(|_| bucket.ask(&policy, NOON)).collect();
            prop_assert!(answers.iter().all(|answer| answer.allowed));
            prop_assert_eq!(bucket.drain(&policy, NOON), answers.last().unwrap().remaining);
        }

        #[test]
        fn after_the_wait_one_passes_and_not_a_second_earlier(policy in policies()) {
            let mut bucket = Bucket::default();
            bucket.drain(&policy, NOON);
            let refused = bucket.ask(&policy, NOON);
            let wait = i64::try_from(refused.retry_after_seconds.unwrap()).unwrap() * MICROS_PER_SECOND;
            if wait > MICROS_PER_SECOND {
                prop_assert!(!bucket.ask(&policy, NOON + wait - MICROS_PER_SECOND).allowed);
            }
            prop_assert!(bucket.ask(&policy, NOON + wait).allowed);
        }

        #[test]
        fn no_more_pass_than_the_burst_and_what_time_gives_back(
            policy in policies(),
            pauses in prop::collection::vec(0_i64..3_000_000, 1..600),
        ) {
            let (mut bucket, mut now, mut passed) = (Bucket::default(), NOON, 0_i64);
            for pause in &pauses {
                now += pause;
                passed += i64::from(bucket.ask(&policy, now).allowed);
            }
            let given_back = (now - NOON) / policy.interval_us() + 1;
            prop_assert!(passed <= i64::from(policy.limit) + given_back);
        }

        #[test]
        fn a_rested_bucket_is_full_at_its_reset(policy in policies(), asked in 1_u32..300) {
            let mut bucket = Bucket::default();
            let answers: Vec<_> = (0..asked).map(|_| bucket.ask(&policy, NOON)).collect();
            let rested = bucket.ask(&policy, answers.last().unwrap().reset_at * MICROS_PER_SECOND);
            prop_assert_eq!(rested.remaining, policy.limit - 1);
        }
    }
}
