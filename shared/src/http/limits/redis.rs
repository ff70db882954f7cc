//! The shared limiter: the buckets live in Redis, one script call a request.

use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::{Admission, AdmissionAndValue, LimiterDown, Policy, Prefetched, RateLimiter, Subject};
use crate::cache::{Cache, Key};

impl RateLimiter for Cache {
    fn check<'a>(
        &'a self,
        policy: &'a Policy,
        subject: &'a Subject,
    ) -> BoxFuture<'a, Result<Admission, LimiterDown>> {
        Box::pin(async move {
            let admission = Cache::check(self, policy, &subject.to_string()).await;
            admission.map_err(|error| LimiterDown(Box::new(error)))
        })
    }

    fn check_and_get<'a>(
        &'a self,
        policy: &'a Policy,
        subject: &'a Subject,
        key: &'a str,
    ) -> BoxFuture<'a, Result<AdmissionAndValue, LimiterDown>> {
        Box::pin(async move {
            let asked = Cache::check_and_get(self, policy, &subject.to_string(), &Key::Named(key)).await;
            let (admission, value) = asked.map_err(|error| LimiterDown(Box::new(error)))?;
            Ok((admission, prefetched(value)))
        })
    }
}

fn prefetched(value: Option<Bytes>) -> Prefetched {
    value.map_or(Prefetched::Absent, Prefetched::Found)
}
