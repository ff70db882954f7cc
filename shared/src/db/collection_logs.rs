//! One row for each call to an outside service.

use jiff::Timestamp;
use uuid::Uuid;

use db_queries::queries::observations as queries;

use super::{Db, DbError};

/// A call as it is written down. It holds no key: endpoints are paths without their query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionLog {
    /// Its id.
    pub id: Uuid,
    /// Which service.
    pub data_source: String,
    /// Which path of it.
    pub endpoint: String,
    /// How it went, in one word.
    pub status: String,
    /// HTTP status, when there was an answer.
    pub http_status: Option<i32>,
    /// How long it took.
    pub latency_ms: i64,
    /// How many items the answer held.
    pub items: i64,
    /// What went wrong.
    pub error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Writes calls down.
pub async fn record(db: &Db, logs: &[CollectionLog]) -> Result<(), DbError> {
    let connection = db.get().await?;
    let text = |value: fn(&CollectionLog) -> &str| -> Vec<&str> { logs.iter().map(value).collect() };
    queries::record_calls()
        .bind(
            &connection,
            &logs.iter().map(|log| log.id).collect::<Vec<_>>(),
            &text(|log| &log.data_source),
            &text(|log| &log.endpoint),
            &text(|log| &log.status),
            &logs.iter().map(|log| log.http_status).collect::<Vec<_>>(),
            &logs.iter().map(|log| log.latency_ms).collect::<Vec<_>>(),
            &logs.iter().map(|log| log.items).collect::<Vec<_>>(),
            &logs.iter().map(|log| log.error.as_deref()).collect::<Vec<_>>(),
            &logs.iter().map(|log| log.created_at).collect::<Vec<_>>(),
        )
        .await?;
    Ok(())
}
