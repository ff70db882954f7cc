//! Deletes rows whose time is over, by the batch, each a short transaction of its own.
//!
//! What is over is `domain::retention`'s to say.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use db_queries::queries::retention as queries;

use super::push::{connections, deliveries};
use super::{Db, DbError, Transaction, pool};
use crate::domain::retention::{DEAD_AFTER, Expiring, latest_end, unused_since};

/// How much is deleted at once, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub struct Batch {
    /// Rows at most.
    pub most: i64,
    /// How long a lock on the table is waited for.
    pub lock_patience: Duration,
    /// How long it may take altogether.
    pub patience: Duration,
}

/// Deletes a batch of what is over at `now`; tells how many rows that were.
pub async fn delete(db: &Db, what: Expiring, batch: Batch, now: Timestamp) -> Result<u64, DbError> {
    match what {
        Expiring::PushEvents => deliveries::prune(db, now, batch.most).await,
        Expiring::PushConnections => connections::forget_overdue(db, now).await,
        _ => {
            let mut connection = db.get().await?;
            let transaction = pool::begin(&mut connection).await?;
            let limits = format!(
                "SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = {}",
                batch.lock_patience.as_millis().max(1),
                batch.patience.as_millis().max(1)
            );
            transaction.batch_execute(&limits).await?;
            let deleted = delete_in(&transaction, what, batch.most, what.over_before(now)).await?;
            transaction.commit().await?;
            Ok(deleted)
        }
    }
}

async fn delete_in(
    transaction: &Transaction<'_>,
    what: Expiring,
    most: i64,
    before: Timestamp,
) -> Result<u64, DbError> {
    macro_rules! older {
        ($query:ident, $before:expr) => {
            queries::$query().bind(transaction, &$before, &most).await
        };
    }
    let day = before.to_zoned(TimeZone::UTC).date();
    let (latest, unused) = (latest_end(before), unused_since(before));
    let deleted = match what {
        Expiring::AgentLogs => older!(delete_agent_logs, before),
        Expiring::ModelAnswers => older!(delete_model_answers, before),
        Expiring::Executions => older!(delete_executions, before),
        Expiring::Decisions => older!(delete_decisions, before),
        Expiring::CollectionLogs => older!(delete_collection_logs, before),
        Expiring::CostReports => older!(delete_cost_reports, day),
        Expiring::MaintenanceReports => older!(delete_maintenance_reports, before),
        Expiring::RejectedRows => older!(delete_rejected_rows, before),
        Expiring::SettledReservations => older!(delete_settled_reservations, before),
        Expiring::UnsettledReservations => older!(delete_unsettled_reservations, before),
        Expiring::JobRuns => older!(delete_job_runs, before),
        Expiring::RefreshTokens => {
            queries::delete_refresh_tokens()
                .bind(transaction, &latest, &before, &unused, &most)
                .await
        }
        Expiring::Sessions => {
            queries::delete_sessions()
                .bind(transaction, &latest, &before, &unused, &most)
                .await
        }
        // Their own module deletes them, in a transaction of its own.
        Expiring::PushEvents | Expiring::PushConnections => Ok(0),
    };
    Ok(deleted?)
}

/// Ends runs of jobs that died and that nobody took over; tells how many.
pub async fn end_dead_runs(db: &Db, now: Timestamp) -> Result<u64, DbError> {
    let connection = db.get().await?;
    Ok(queries::end_dead_runs()
        .bind(&connection, &now, &(now - DEAD_AFTER))
        .await?)
}

/// Keeps the report of a run, in the place of an earlier one for the same time.
pub async fn save_report(
    db: &Db,
    scheduled_at: Timestamp,
    document: &Value,
    now: Timestamp,
) -> Result<(), DbError> {
    let connection = db.get().await?;
    queries::save_maintenance_report()
        .bind(&connection, &scheduled_at, &now, &document)
        .await?;
    Ok(())
}

/// The reports of runs since a time, newest first.
pub async fn list_reports(db: &Db, since: Timestamp) -> Result<Vec<Value>, DbError> {
    let connection = db.get().await?;
    let rows = queries::maintenance_reports_since()
        .bind(&connection, &since)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.document).collect())
}
