//! One run's way to the outside services: it begins with the pauses that all instances share, and
//! ends with its calls written down, whatever happened in between.

use super::CollectError;
use crate::app::App;
use crate::db::collection_logs::{self, CollectionLog};
use crate::sources::{Block, Call, Journal, Upstream};

/// A run's way to the services.
pub(super) struct Session {
    pub(super) upstream: Upstream,
    journal: Journal,
}

impl Session {
    /// Learns from the cache who asked for a pause. Without a cache nobody is known to have.
    pub(super) async fn open(app: &App) -> Self {
        let mut blocks = Vec::new();
        for (service, base) in app.upstream.addresses() {
            match app.cache.not_before(service, &base).await {
                Ok(Some(until)) => blocks.push(Block { service, base, until }),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "shared pauses are not known in this run"
                    );
                    break;
                }
            }
        }
        let journal = Journal::with_blocks(blocks);
        Self {
            upstream: app.upstream.with_journal(journal.clone()),
            journal,
        }
    }

    /// Tells the others who asked for a pause, and writes the calls down.
    pub(super) async fn close(&self, app: &App) -> Result<(), CollectError> {
        for block in self.journal.take_new_blocks() {
            tracing::warn!(service = block.service, until = %block.until, "the service asks for a pause");
            if let Err(error) = app
                .cache
                .set_not_before(block.service, &block.base, block.until)
                .await
            {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the pause could not be shared"
                );
            }
        }
        let logs: Vec<CollectionLog> = self
            .journal
            .take_calls()
            .into_iter()
            .map(|call| log_of(app, call))
            .collect();
        Ok(collection_logs::record(&app.db, &logs).await?)
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
