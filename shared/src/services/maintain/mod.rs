//! The daily maintenance of the database: what is over goes, tables are vacuumed, indexes are kept in
//! shape, and a report says what was found.
//!
//! Every step keeps to the time it is given, and leaves to the next run what it cannot do. Nothing that
//! it leaves is half done, but an index whose building was cut short: that is taken away by the same
//! run, or by the next. A step that fails keeps no other from its work; the run fails in the end.

mod expire;
mod indexes;
mod report;
mod tables;

use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::admin::Apart;
use crate::db::{DbError, retention};
use crate::services::partitions;
use crate::telemetry;

pub use report::{Expired, Outcome, Rebuilt, Repaired, Report, StepFailure, Vacuumed};

/// The metric of the room that the database takes.
const SIZE_METRIC: &str = "DatabaseBytes";

/// The metric of how much a run left to the next one.
const LEFT_METRIC: &str = "MaintenanceLeft";

/// Deleting ends when this much of the time is over, in percent: the rest is for what follows.
const EXPIRE_UNTIL_PCT: u32 = 30;

/// The same for VACUUM.
const VACUUM_UNTIL_PCT: u32 = 65;

/// Kept back at most: an index that was cut short is taken away, and the report is written.
const RESERVE: Duration = Duration::from_secs(10);

/// How much is done at once, how long is waited, and from when on an index is bloated.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rows that are deleted in one transaction.
    pub batch: i64,
    /// How long a lock on a table is waited for.
    pub lock_patience: Duration,
    /// How long the building of an index waits for transactions that began before it. It keeps nobody
    /// from reading or writing meanwhile.
    pub index_patience: Duration,
    /// An index is bloated when this much of it is air, in percent,
    pub bloat_pct: i64,
    /// and this many bytes.
    pub bloat_bytes: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batch: 5_000,
            lock_patience: Duration::from_secs(5),
            index_patience: Duration::from_mins(1),
            // Keys that come in no order leave a third of each page free by nature.
            bloat_pct: 50,
            bloat_bytes: 8 * 1024 * 1024,
        }
    }
}

/// What a run came to.
#[derive(Debug, Clone, Serialize)]
pub struct Maintained {
    /// For people; the whole report is in `maintenance_reports`.
    pub summary: Vec<String>,
    /// How much was left to the next run.
    pub left: usize,
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum MaintainError {
    /// Some of it did; everything else was done all the same.
    #[error("{} failed: {}", .0.len(), shown(.0))]
    Steps(Vec<StepFailure>),
    /// The report could not be kept.
    #[error("the report cannot be kept")]
    Database(#[from] DbError),
    /// The report is not JSON.
    #[error("the report cannot be written down")]
    Report(#[from] serde_json::Error),
}

fn shown(failures: &[StepFailure]) -> String {
    let each = failures
        .iter()
        .map(|failure| format!("{}: {}", failure.step, failure.why));
    each.collect::<Vec<_>>().join("; ")
}

/// The time of a run.
#[derive(Debug, Clone, Copy)]
struct Time {
    watch: Stopwatch,
    whole: Duration,
}

impl Time {
    fn of(whole: Duration) -> Self {
        Self {
            watch: Stopwatch::start(),
            whole: whole.saturating_sub(RESERVE.min(whole / 10)),
        }
    }

    /// What is left until so much of it is over.
    fn left_until(&self, percent: u32) -> Duration {
        (self.whole * percent / 100).saturating_sub(self.watch.elapsed())
    }

    fn left(&self) -> Duration {
        self.left_until(100)
    }

    /// With what was kept back.
    fn left_to_tidy(&self) -> Duration {
        self.left() + RESERVE.min(self.whole / 9)
    }
}

/// Does the work of a day within `time_left`, and keeps the report.
pub async fn maintain(
    app: &App,
    scheduled_at: Timestamp,
    time_left: Duration,
    limits: &Limits,
) -> Result<Maintained, MaintainError> {
    let time = Time::of(time_left);
    let mut report = Report::begun(scheduled_at, app.clock.now());
    keep_partitions(app, &mut report).await;
    let expired = expire::expire(app, limits, time, &mut report.expired).await;
    report.note("retention", expired);
    report.dead_runs = match retention::end_dead_runs(&app.db, app.clock.now()).await {
        Ok(ended) => ended,
        Err(error) => report.note_default("leases", &error),
    };
    // Boxed: each waits for many statements. Indexes come last, because one alone may take all that is left.
    let vacuumed = Box::pin(tables::vacuum(app, limits, time, &mut report.vacuumed)).await;
    report.note("vacuum", vacuumed);
    let repaired = Box::pin(indexes::repair(app, limits, time, &mut report.repaired)).await;
    report.note("invalid indexes", repaired);
    let rebuilt = Box::pin(indexes::rebuild(app, limits, time, &mut report.rebuilt)).await;
    report.note("bloated indexes", rebuilt);
    let looked = Box::pin(tables::look(app, limits, &mut report)).await;
    report.note("statistics", looked);
    finish(app, scheduled_at, report).await
}

async fn keep_partitions(app: &App, report: &mut Report) {
    let kept = partitions::keep(app).await;
    report.partitions_dropped = kept.dropped;
    for (timeframe, error) in &kept.left {
        // Somebody reads them: the next run, in minutes, finds the same to do.
        if error.contention().is_none() {
            report.note_default::<()>(&format!("partitions of {timeframe}"), error);
        }
    }
}

/// Writes the report down, tells the metrics, and fails if anything did.
async fn finish(app: &App, scheduled_at: Timestamp, mut report: Report) -> Result<Maintained, MaintainError> {
    let now = app.clock.now();
    report.end(now);
    let left = report.left();
    retention::save_report(&app.db, scheduled_at, &serde_json::to_value(&report)?, now).await?;
    let stage = app.config.core.stage.as_str();
    telemetry::metric(LEFT_METRIC, Decimal::from(left), stage, now);
    if let Some(bytes) = report.database_bytes {
        telemetry::metric(SIZE_METRIC, Decimal::from(bytes), stage, now);
    }
    for line in &report.summary {
        tracing::info!(line, "maintenance");
    }
    if report.failures.is_empty() {
        Ok(Maintained {
            summary: report.summary,
            left,
        })
    } else {
        Err(MaintainError::Steps(report.failures))
    }
}

/// A connection of the maintenance's own.
async fn connect(app: &App, lock_patience: Duration) -> Result<Apart, DbError> {
    let settings = app.config.database.as_ref().ok_or(DbError::NotDeclared)?;
    Apart::connect(settings, lock_patience).await
}

/// How long so many bytes take at a rate.
fn expected(bytes: i64, bytes_a_second: u64) -> Duration {
    Duration::from_millis(u64::try_from(bytes).unwrap_or(0).saturating_mul(1_000) / bytes_a_second)
}
