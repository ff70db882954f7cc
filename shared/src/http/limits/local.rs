//! The limiter of this process alone: what holds reads when the shared one is down.
//!
//! Not a replacement: each sandbox counts for itself. Its memory is bounded.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures_util::future::BoxFuture;

use super::{Admission, Charge, LimiterDown, Policy, Prefetched, RateLimiter, Subject, Verdict};
use crate::clock::Clock;
use crate::domain::rate_limit;

/// Buckets held at most; about 1 MB.
const MOST_BUCKETS: usize = 10_000;

type Buckets = HashMap<(&'static str, Subject), i64>;

/// Rate limits in the memory of this process, at most 10,000 buckets.
#[derive(Debug)]
pub struct LocalLimiter {
    clock: Clock,
    buckets: Mutex<Buckets>,
}

impl LocalLimiter {
    /// A limiter with every bucket full.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            buckets: Mutex::default(),
        }
    }

    /// Charges one request.
    pub fn decide(&self, policy: &Policy, subject: &Subject) -> Admission {
        let now = self.clock.now().as_microsecond();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let key = Self::bucket(&mut buckets, (policy.name, *subject), now);
        let (admission, full_at) = rate_limit::decide(policy, buckets.get(&key).copied(), now);
        buckets.insert(key, full_at);
        admission
    }

    /// The subject's own bucket, or the one shared by all newcomers while the memory is full.
    fn bucket(buckets: &mut Buckets, key: (&'static str, Subject), now: i64) -> (&'static str, Subject) {
        if buckets.len() >= MOST_BUCKETS && !buckets.contains_key(&key) {
            buckets.retain(|_, full_at| *full_at > now);
            if buckets.len() >= MOST_BUCKETS {
                return (key.0, Subject::Unknown);
            }
        }
        key
    }
}

impl RateLimiter for LocalLimiter {
    /// Knows of no session that was ended, and of no cached value.
    fn charge<'a>(&'a self, charge: Charge<'a>) -> BoxFuture<'a, Result<Verdict, LimiterDown>> {
        let admission = self.decide(charge.policy, charge.subject);
        Box::pin(async move { Ok(Verdict::Counted(admission, Prefetched::NotAsked)) })
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use jiff::{SignedDuration, Timestamp};

    use super::*;

    fn at_noon() -> Clock {
        Clock::fixed("2026-01-01T12:00:00Z".parse::<Timestamp>().unwrap())
    }

    #[test]
    fn sixty_pass_at_once_then_one_a_minute() {
        let clock = at_noon();
        let limiter = LocalLimiter::new(clock.clone());
        let ask = || limiter.decide(&Policy::SCORES, &Subject::Unknown);

        let passed: Vec<u32> = (0..60)
            .map(|_| ask())
            .filter(|a| a.allowed)
            .map(|a| a.remaining)
            .collect();
        assert_eq!(passed, (0..60).rev().collect::<Vec<_>>());

        let refused = ask();
        let full_again = "2026-01-01T13:00:00Z".parse::<Timestamp>().unwrap().as_second();
        let expected = Admission {
            allowed: false,
            limit: 60,
            remaining: 0,
            reset_at: full_again,
            retry_after_seconds: Some(60),
        };
        assert_eq!(refused, expected);

        clock.advance(SignedDuration::from_millis(59_001));
        assert_eq!(ask().retry_after_seconds, Some(1));
        clock.advance(SignedDuration::from_millis(999));
        assert!(ask().allowed);
        assert!(!ask().allowed);
    }

    #[test]
    fn full_memory_drops_full_buckets_first_and_then_shares_one() {
        let clock = at_noon();
        let limiter = LocalLimiter::new(clock.clone());
        let address = |n: u32| Subject::Address(IpAddr::V4(Ipv4Addr::from_bits(n)));
        let one_a_second = Policy {
            name: "scores",
            limit: 1,
            window: SignedDuration::from_secs(1),
        };
        let most = u32::try_from(MOST_BUCKETS).unwrap();
        for n in 0..most {
            assert!(limiter.decide(&one_a_second, &address(n)).allowed);
        }
        assert!(limiter.decide(&one_a_second, &address(most)).allowed);
        assert!(
            !limiter.decide(&one_a_second, &address(most + 1)).allowed,
            "newcomers share a bucket"
        );
        assert!(limiter.buckets.lock().unwrap().len() <= MOST_BUCKETS + 1);

        clock.advance(SignedDuration::from_secs(2));
        assert!(limiter.decide(&one_a_second, &address(most + 2)).allowed);
        assert_eq!(limiter.buckets.lock().unwrap().len(), 1);
    }
}
