//! The shared limiter: the buckets live in Redis, one script call a request.

use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::{Charge, LimiterDown, Prefetched, RateLimiter, Verdict};
use crate::cache::{Cache, Key};

impl RateLimiter for Cache {
    fn charge<'a>(&'a self, charge: Charge<'a>) -> BoxFuture<'a, Result<Verdict, LimiterDown>> {
        Box::pin(async move {
            let subject = charge.subject.to_string();
            let denied = charge.session.map(Key::Denied);
            let document = charge.key.map(Key::Named);
            let asked = self.admit(charge.policy, &subject, denied.as_ref(), document.as_ref());
            let admitted = asked.await.map_err(|error| LimiterDown(Box::new(error)))?;
            Ok(admitted.map_or(Verdict::SessionEnded, |(admission, value)| {
                let asked = charge.key.map(|_| prefetched(value));
                Verdict::Counted(admission, asked.unwrap_or_default())
            }))
        })
    }
}

fn prefetched(value: Option<Bytes>) -> Prefetched {
    value.map_or(Prefetched::Absent, Prefetched::Found)
}
