//! Places on the grid for which the exchange itself has no candle.

use jiff::Timestamp;

use db_queries::queries::market_data as queries;

use super::{Db, DbError};
use crate::domain::market::{Asset, Timeframe};

/// A hole of the exchange's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Which place of the grid.
    pub open_time: Timestamp,
    /// When the exchange last said that it has no candle there.
    pub checked_at: Timestamp,
}

/// Writes down that the exchange has no candles at `open_times`.
pub async fn record(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    open_times: &[Timestamp],
    now: Timestamp,
) -> Result<(), DbError> {
    let connection = db.get().await?;
    queries::record_gaps()
        .bind(
            &connection,
            &asset.as_str(),
            &timeframe.as_str(),
            &now,
            &open_times,
        )
        .await?;
    Ok(())
}

/// Forgets holes that the exchange has mended.
pub async fn forget(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    open_times: &[Timestamp],
) -> Result<(), DbError> {
    let connection = db.get().await?;
    queries::forget_gaps()
        .bind(&connection, &asset.as_str(), &timeframe.as_str(), &open_times)
        .await?;
    Ok(())
}

/// The known holes of a series from `since` on, oldest first.
pub async fn list(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    since: Timestamp,
) -> Result<Vec<Gap>, DbError> {
    let connection = db.get().await?;
    Ok(queries::gaps()
        .bind(&connection, &asset.as_str(), &timeframe.as_str(), &since)
        .map(|row| Gap {
            open_time: row.open_time,
            checked_at: row.checked_at,
        })
        .all()
        .await?)
}
