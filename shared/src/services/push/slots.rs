//! How many posts, or closings, are at work at the same time, so that slow ones hold up nobody.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::push::{Push, PushError};

/// Posts that are at work at the same time. A post to a healthy connection takes some ten milliseconds.
const QUICK: usize = 128;

/// A post that takes longer lets the next one begin, and is waited for beside it.
const SLOW: Duration = Duration::from_millis(100);

/// Posts that may be waited for, quick and slow: each has a socket, and a sandbox has a thousand.
const OPEN: usize = 512;

/// A post that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// The post got no answer in time.
#[derive(Debug, thiserror::Error)]
#[error("no answer within {} s", PATIENCE.as_secs())]
struct NoAnswer;

/// The places for posts.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    push: Arc<dyn Push>,
    quick: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Slots {
    pub(super) fn new(push: Arc<dyn Push>) -> Self {
        Self {
            push,
            quick: Arc::new(Semaphore::new(QUICK)),
            open: Arc::new(Semaphore::new(OPEN)),
        }
    }

    /// Posts when there is a place.
    pub(super) async fn post(&self, connection: &str, text: &str) -> Result<(), PushError> {
        self.placed(|push| push.post(connection, text)).await
    }

    /// Closes when there is a place.
    pub(super) async fn close(&self, connection: &str) -> Result<(), PushError> {
        self.placed(|push| push.close(connection)).await
    }

    async fn placed<'a>(
        &'a self,
        call: impl FnOnce(&'a dyn Push) -> BoxFuture<'a, Result<(), PushError>>,
    ) -> Result<(), PushError> {
        // Never closed: a place is always to be had in the end.
        let _open = self.open.acquire().await.ok();
        let quick = self.quick.acquire().await.ok();
        let mut calling = call(&*self.push);
        if let Ok(outcome) = timeout(SLOW, &mut calling).await {
            return outcome;
        }
        drop(quick);
        let outcome = timeout(PATIENCE.saturating_sub(SLOW), calling).await;
        outcome.unwrap_or_else(|_| Err(PushError::Failed(Box::new(NoAnswer))))
    }
}
