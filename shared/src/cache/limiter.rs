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

/// What the script says.
struct Answer {
    is_denied: bool,
    admission: Admission,
    document: Option<Bytes>,
}

impl Cache {
    /// Counts a request of `subject` if it may pass.
    pub async fn check(&self, policy: &Policy, subject: &str) -> Result<Admission, CacheError> {
        let answer = self.ask(policy, subject, None, None).await?;
        Ok(answer.admission)
    }

    /// The same, unless the mark `denied` is set: then nothing is counted, and there is no admission. An
    /// admission brings the bytes under `document`, all in one round trip.
    pub async fn admit(
        &self,
        policy: &Policy,
        subject: &str,
        denied: Option<&Key<'_>>,
        document: Option<&Key<'_>>,
    ) -> Result<Option<(Admission, Option<Bytes>)>, CacheError> {
        let answer = self.ask(policy, subject, denied, document).await?;
        Ok((!answer.is_denied).then_some((answer.admission, answer.document)))
    }

    async fn ask(
        &self,
        policy: &Policy,
        subject: &str,
        denied: Option<&Key<'_>>,
        document: Option<&Key<'_>>,
    ) -> Result<Answer, CacheError> {
        let mut call = SCRIPT.key(self.name(&Key::Limit {
            name: policy.name,
            subject,
        }));
        call.key(denied.map(|denied| self.name(denied)).unwrap_or_default());
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

        let (verdict, now, full_at, document): (i64, i64, i64, Option<Vec<u8>>) = self.script(&call).await?;
        Ok(Answer {
            is_denied: verdict < 0,
            admission: Admission::of_bucket(policy, verdict > 0, now, full_at),
            document: document.map(Bytes::from),
        })
    }
}
