//! The shared limiter: the buckets live in Redis, one script call a request.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use jiff::SignedDuration;

use super::{Admission, AdmissionAndValue, LimiterDown, Policy, Prefetched, RateLimiter, Subject};
use crate::cache::{self, Cache, Key, Rate};

impl RateLimiter for Cache {
    fn check<'a>(
        &'a self,
        policy: &'a Policy,
        subject: &'a Subject,
    ) -> BoxFuture<'a, Result<Admission, LimiterDown>> {
        Box::pin(async move {
            let admission = Cache::check(self, &rate(policy), &subject.to_string()).await;
            admission.map(Admission::from).map_err(|error| LimiterDown(Box::new(error)))
        })
    }

    fn check_and_get<'a>(
        &'a self,
        policy: &'a Policy,
        subject: &'a Subject,
        key: &'a str,
    ) -> BoxFuture<'a, Result<AdmissionAndValue, LimiterDown>> {
        Box::pin(async move {
            let asked = Cache::check_and_get(self, &rate(policy), &subject.to_string(), &Key::Named(key)).await;
            let (admission, value) = asked.map_err(|error| LimiterDown(Box::new(error)))?;
            Ok((admission.into(), prefetched(value)))
        })
    }
}

fn rate(policy: &Policy) -> Rate<'_> {
    let window = SignedDuration::try_from(policy.window).unwrap_or(SignedDuration::MAX);
    Rate { name: policy.name, limit: policy.limit, window }
}

fn prefetched(value: Option<Bytes>) -> Prefetched {
    value.map_or(Prefetched::Absent, Prefetched::Found)
}

impl From<cache::Admission> for Admission {
    fn from(admission: cache::Admission) -> Self {
        let wait = admission.retry_after_seconds.unwrap_or(0);
        Self {
            allowed: admission.allowed,
            limit: admission.limit,
            remaining: admission.remaining,
            reset_at: admission.reset_at,
            retry_after_seconds: u32::try_from(wait).unwrap_or(u32::MAX),
        }
    }
}
