//! What stored candles and values said before their source changed them.

use jiff::Timestamp;
use rust_decimal::Decimal;

use db_queries::queries::{market_data, observations};

use super::{Db, DbError};
use crate::domain::market::{Asset, Timeframe};
use crate::domain::observations::Metric;

/// One change: what was replaced, what was put in place, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision<T> {
    /// What the value is of: a candle's open time, an observation's date.
    pub dated: Timestamp,
    /// What it said.
    pub before: T,
    /// What it said afterwards.
    pub after: T,
    /// When we learned of the change.
    pub replaced_at: Timestamp,
}

/// A candle's figures: open, high, low, close, volume.
pub type Figures = [Decimal; 5];

/// Changes of the candles of a series that opened at or before `opened_by`, oldest candle first.
pub async fn list_of_candles(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    opened_by: Timestamp,
) -> Result<Vec<Revision<Figures>>, DbError> {
    let connection = db.get().await?;
    Ok(market_data::candle_revisions()
        .bind(&connection, &asset.as_str(), &timeframe.as_str(), &opened_by)
        .map(|row| Revision {
            dated: row.open_time,
            before: [row.open, row.high, row.low, row.close, row.volume],
            after: [
                row.new_open,
                row.new_high,
                row.new_low,
                row.new_close,
                row.new_volume,
            ],
            replaced_at: row.replaced_at,
        })
        .all()
        .await?)
}

/// How many changes the candles of a series have seen.
pub async fn count_of_candles(db: &Db, (asset, timeframe): (Asset, Timeframe)) -> Result<i64, DbError> {
    let connection = db.get().await?;
    Ok(market_data::count_revisions()
        .bind(&connection, &asset.as_str(), &timeframe.as_str())
        .one()
        .await?)
}

/// Changes of the given values of metrics, by metric and date.
pub async fn list_of_values(
    db: &Db,
    values: &[(Metric, Timestamp)],
) -> Result<Vec<(Metric, Revision<Decimal>)>, DbError> {
    let metrics: Vec<&str> = values.iter().map(|(metric, _)| metric.as_str()).collect();
    let dates: Vec<Timestamp> = values.iter().map(|(_, date)| *date).collect();
    let connection = db.get().await?;
    let rows = observations::observation_revisions()
        .bind(&connection, &metrics, &dates)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            let metric = row
                .metric
                .parse()
                .map_err(|error| DbError::row("observation", error))?;
            let revision = Revision {
                dated: row.observed_at,
                before: row.value.normalize(),
                after: row.new_value.normalize(),
                replaced_at: row.replaced_at,
            };
            Ok((metric, revision))
        })
        .collect()
}
