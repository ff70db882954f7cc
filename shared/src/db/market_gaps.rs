//! Places on the grid for which the exchange itself has no candle.

use jiff::Timestamp;

use db_queries::queries::market_data as queries;

use super::{Db, DbError};
use crate::domain::market::{Asset, Timeframe};

/// Writes down that the exchange has no candles at `open_times`. What is known already stays.
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

/// The known holes of a series, oldest first.
pub async fn list(db: &Db, (asset, timeframe): (Asset, Timeframe)) -> Result<Vec<Timestamp>, DbError> {
    let connection = db.get().await?;
    Ok(queries::gaps()
        .bind(&connection, &asset.as_str(), &timeframe.as_str())
        .all()
        .await?)
}
