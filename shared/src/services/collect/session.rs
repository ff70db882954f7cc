//! One run's way to the outside services: it keeps to the pauses that all instances share and tells
//! of new ones at once; it ends with its calls written down, whatever happened in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use jiff::Timestamp;

use super::CollectError;
use crate::app::App;
use crate::cache::{Cache, CacheError};
use crate::db::collection_logs::{self, CollectionLog};
use crate::sources::{Call, Journal, LocalPauses, Pauses, Upstream};

/// A run's way to the services.
pub(super) struct Session {
    pub(super) upstream: Upstream,
    journal: Journal,
}

impl Session {
    /// Learns from the cache who asked for a pause: that holds even if the cache fails later in the run.
    pub(super) async fn open(app: &App) -> Self {
        let (journal, pauses) = (Journal::default(), SharedPauses::over(app.cache.clone()));
        let (addresses, now) = (app.upstream.addresses(), app.clock.now());
        join_all(
            addresses
                .iter()
                .map(|(service, base)| pauses.until(service, base, now)),
        )
        .await;
        Self {
            upstream: app
                .upstream
                .with_journal(journal.clone())
                .with_pauses(Arc::new(pauses)),
            journal,
        }
    }

    /// Writes the calls down.
    pub(super) async fn close(&self, app: &App) -> Result<(), CollectError> {
        let logs: Vec<CollectionLog> = self
            .journal
            .take_calls()
            .into_iter()
            .map(|call| log_of(app, call))
            .collect();
        Ok(collection_logs::record(&app.db, &logs).await?)
    }
}

/// Pauses in the cache, and those that this run heard of. Without a cache the run keeps to the latter.
#[derive(Debug)]
struct SharedPauses {
    cache: Cache,
    /// Set by the first failure: each further one would cost the run a time-out.
    cache_is_gone: AtomicBool,
    heard_of: LocalPauses,
}

impl SharedPauses {
    fn over(cache: Cache) -> Self {
        Self {
            cache,
            cache_is_gone: AtomicBool::new(false),
            heard_of: LocalPauses::default(),
        }
    }

    /// What the cache answers; nothing once it has failed.
    async fn answer<T: Default>(&self, asked: impl Future<Output = Result<T, CacheError>>) -> T {
        if self.cache_is_gone.load(Ordering::Relaxed) {
            return T::default();
        }
        asked.await.unwrap_or_else(|error| {
            if !self.cache_is_gone.swap(true, Ordering::Relaxed) {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "pauses are not shared with other instances in this run"
                );
            }
            T::default()
        })
    }
}

impl Pauses for SharedPauses {
    fn until<'a>(
        &'a self,
        service: &'static str,
        base: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Option<Timestamp>> {
        async move {
            if let Some(until) = self.heard_of.until(service, base, now).await {
                return Some(until);
            }
            let until = self.answer(self.cache.not_before(service, base)).await?;
            self.heard_of.ask(service, base, until).await;
            Some(until)
        }
        .boxed()
    }

    fn ask<'a>(&'a self, service: &'static str, base: &'a str, until: Timestamp) -> BoxFuture<'a, bool> {
        async move {
            let is_latest = self.heard_of.ask(service, base, until).await;
            if is_latest {
                self.answer(self.cache.set_not_before(service, base, until)).await;
            }
            is_latest
        }
        .boxed()
    }
}

fn log_of(app: &App, call: Call) -> CollectionLog {
    CollectionLog {
        id: app.ids.next(),
        data_source: call.service.to_owned(),
        endpoint: call.endpoint,
        status: call.status.as_str().to_owned(),
        http_status: call.http_status.map(i32::from),
        latency_ms: call.latency_ms,
        items: i64::try_from(call.items).unwrap_or(i64::MAX),
        error: call.error,
        created_at: call.at,
    }
}
