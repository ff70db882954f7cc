//! Rows of outside services that could not be stored, kept for inspection.

use jiff::Timestamp;

use db_queries::queries::rejected as queries;

use super::{Db, DbError};
use crate::domain::rejection::RejectedRow;

/// Writes rows of one series down that came from one source; one that is known is counted again.
pub async fn record(
    db: &Db,
    (source, series): (&str, &str),
    rows: &[RejectedRow],
    now: Timestamp,
) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    let reasons: Vec<&str> = rows.iter().map(|row| row.reason.as_str()).collect();
    let payloads: Vec<&str> = rows.iter().map(|row| row.payload.as_str()).collect();
    let dated: Vec<Option<Timestamp>> = rows.iter().map(|row| row.dated).collect();
    let connection = db.get().await?;
    queries::record_rejected()
        .bind(&connection, &source, &series, &now, &reasons, &payloads, &dated)
        .await?;
    Ok(())
}

/// What was rejected of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedCount {
    /// Which series.
    pub series: String,
    /// How often a row of it was.
    pub times: i64,
    /// When it last happened.
    pub last_seen_at: Timestamp,
}

/// What was rejected of `series`; those without rejections are left out.
pub async fn list_counts(db: &Db, series: &[String]) -> Result<Vec<RejectedCount>, DbError> {
    let connection = db.get().await?;
    Ok(queries::rejected_of_series()
        .bind(&connection, &series)
        .map(|row| RejectedCount {
            series: row.series.to_owned(),
            times: row.times,
            last_seen_at: row.last_seen_at,
        })
        .all()
        .await?)
}
