//! Dated values.

use jiff::Timestamp;

use db_queries::queries::observations as queries;

use super::{Db, DbError, Upserted};
use crate::domain::observations::{Metric, Observation};

/// Writes observations; see `upsert_observations` in the queries.
pub async fn upsert(db: &Db, observations: &[Observation], now: Timestamp) -> Result<Upserted, DbError> {
    let metrics: Vec<&str> = observations
        .iter()
        .map(|observation| observation.metric.as_str())
        .collect();
    let observed_ats: Vec<_> = observations
        .iter()
        .map(|observation| observation.observed_at)
        .collect();
    let values: Vec<_> = observations.iter().map(|observation| observation.value).collect();
    let sources: Vec<&str> = observations
        .iter()
        .map(|observation| observation.source.as_str())
        .collect();
    let available_ats: Vec<_> = observations
        .iter()
        .map(|observation| observation.available_at)
        .collect();
    let realtime_starts: Vec<_> = observations
        .iter()
        .map(|observation| observation.realtime_start)
        .collect();
    let interpolated: Vec<_> = observations
        .iter()
        .map(|observation| observation.is_interpolated)
        .collect();
    let connection = db.get().await?;
    let counts = queries::upsert_observations()
        .bind(
            &connection,
            &metrics,
            &observed_ats,
            &values,
            &sources,
            &available_ats,
            &realtime_starts,
            &interpolated,
            &now,
        )
        .one()
        .await?;
    Ok(Upserted::of(observations.len(), counts.inserted, counts.updated))
}

/// The date of the newest value of a series.
pub async fn find_newest_date(db: &Db, metric: Metric) -> Result<Option<Timestamp>, DbError> {
    let connection = db.get().await?;
    Ok(queries::newest_observed_at()
        .bind(&connection, &metric.as_str())
        .opt()
        .await?)
}

/// The newest value of a series, without the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    /// Which series.
    pub metric: Metric,
    /// What it is dated.
    pub observed_at: Timestamp,
    /// When it became known.
    pub available_at: Timestamp,
    /// Who told it.
    pub source: String,
}

/// The newest value of each of `metrics`; one without values is left out.
pub async fn list_newest(db: &Db, metrics: &[Metric]) -> Result<Vec<Newest>, DbError> {
    let names: Vec<&str> = metrics.iter().map(|metric| metric.as_str()).collect();
    let connection = db.get().await?;
    let rows = queries::newest_observations()
        .bind(&connection, &names)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Newest {
                metric: row
                    .metric
                    .parse()
                    .map_err(|error| DbError::row("observation", error))?,
                observed_at: row.observed_at,
                available_at: row.available_at,
                source: row.source,
            })
        })
        .collect()
}

/// What was known at `as_of` of `metrics`, dated `since` or later; by metric, oldest first.
pub async fn list_known_at(
    db: &Db,
    metrics: &[Metric],
    since: Timestamp,
    as_of: Timestamp,
) -> Result<Vec<Observation>, DbError> {
    let names: Vec<&str> = metrics.iter().map(|metric| metric.as_str()).collect();
    let connection = db.get().await?;
    let rows = queries::observations_known_at()
        .bind(&connection, &names, &since, &as_of)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Observation {
                metric: row
                    .metric
                    .parse()
                    .map_err(|error| DbError::row("observation", error))?,
                observed_at: row.observed_at,
                value: row.value.normalize(),
                available_at: row.available_at,
                source: row.source,
                realtime_start: row.realtime_start,
                is_interpolated: row.is_interpolated,
            })
        })
        .collect()
}
