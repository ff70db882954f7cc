//! The last price an exchange told. Never part of a candle series.

use jiff::Timestamp;
use rust_decimal::Decimal;

use db_queries::queries::market_data as queries;

use super::{Db, DbError};
use crate::domain::market::{Asset, Price};

/// A price outside of any candle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LivePrice {
    /// USDT for one unit.
    pub price: Price,
    /// Change over 24 hours, in percent.
    pub change_24h_pct: Decimal,
    /// Who reported it.
    pub source: String,
    /// When it was the price.
    pub observed_at: Timestamp,
}

/// Keeps a price unless a newer one is there. Tells whether anything changed.
pub async fn upsert(db: &Db, asset: Asset, live: &LivePrice) -> Result<bool, DbError> {
    let connection = db.get().await?;
    let written = queries::upsert_live_price()
        .bind(
            &connection,
            &asset.as_str(),
            &live.price.value(),
            &live.change_24h_pct,
            &live.source.as_str(),
            &live.observed_at,
        )
        .await?;
    Ok(written > 0)
}

/// The last price of an asset.
pub async fn find(db: &Db, asset: Asset) -> Result<Option<LivePrice>, DbError> {
    let connection = db.get().await?;
    let row = queries::live_price()
        .bind(&connection, &asset.as_str())
        .opt()
        .await?;
    row.map(|row| {
        let price = Price::new(row.price).ok_or_else(|| DbError::row("live price", "it is not positive"))?;
        Ok(LivePrice {
            price,
            change_24h_pct: row.change_24h_pct,
            source: row.source,
            observed_at: row.observed_at,
        })
    })
    .transpose()
}
