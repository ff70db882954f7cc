//! The last price that each service told of an asset. Never part of a candle series.

use db_queries::queries::market_data as queries;

use super::{Db, DbError};
use crate::domain::market::{Asset, Price};
use crate::domain::quotes::{PriceService, Quote};

/// Keeps a price unless a newer one of the same service is there. Tells whether anything changed.
pub async fn upsert(db: &Db, asset: Asset, quote: &Quote) -> Result<bool, DbError> {
    let connection = db.get().await?;
    let written = queries::upsert_live_price()
        .bind(
            &connection,
            &asset.as_str(),
            &quote.service.as_str(),
            &quote.price.value(),
            &quote.change_24h_pct,
            &quote.source.as_str(),
            &quote.observed_at,
        )
        .await?;
    Ok(written > 0)
}

/// The last prices of an asset, at most one a service.
pub async fn list(db: &Db, asset: Asset) -> Result<Vec<Quote>, DbError> {
    let connection = db.get().await?;
    let rows = queries::live_prices()
        .bind(&connection, &asset.as_str())
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            let service = PriceService::ALL
                .into_iter()
                .find(|service| service.as_str() == row.service)
                .ok_or_else(|| DbError::row("live price", format!("unknown service {}", row.service)))?;
            Ok(Quote {
                service,
                price: Price::new(row.price)
                    .ok_or_else(|| DbError::row("live price", "it is not positive"))?,
                change_24h_pct: row.change_24h_pct,
                source: row.source,
                observed_at: row.observed_at,
            })
        })
        .collect()
}
