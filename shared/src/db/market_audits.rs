//! How far each series of candles has been compared with its grid.

use jiff::Timestamp;

use db_queries::queries::market_data as queries;

use super::{Db, DbError};
use crate::domain::market::{Asset, Timeframe};

/// Where the audit of a series stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audit {
    /// From when on candles were asked for.
    pub asked_since: Timestamp,
    /// The first candle that the exchange has from there on.
    pub first_open_time: Timestamp,
    /// Every place of the grid before this one is stored, or a hole of the exchange's own.
    pub settled_until: Timestamp,
    /// When the audit last began at the beginning.
    pub began_at: Timestamp,
}

/// The audit of a series; nothing before its first candle.
pub async fn find(db: &Db, (asset, timeframe): (Asset, Timeframe)) -> Result<Option<Audit>, DbError> {
    let connection = db.get().await?;
    Ok(queries::find_audit()
        .bind(&connection, &asset.as_str(), &timeframe.as_str())
        .map(|row| Audit {
            asked_since: row.asked_since,
            first_open_time: row.first_open_time,
            settled_until: row.settled_until,
            began_at: row.began_at,
        })
        .opt()
        .await?)
}

/// Keeps where the audit of a series stands.
pub async fn save(db: &Db, (asset, timeframe): (Asset, Timeframe), audit: &Audit) -> Result<(), DbError> {
    let connection = db.get().await?;
    queries::save_audit()
        .bind(
            &connection,
            &asset.as_str(),
            &timeframe.as_str(),
            &audit.asked_since,
            &audit.first_open_time,
            &audit.settled_until,
            &audit.began_at,
        )
        .await?;
    Ok(())
}
