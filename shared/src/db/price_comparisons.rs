//! How far apart the two live prices of an asset were when they were last compared.

use db_queries::queries::market_data as queries;

use super::{Db, DbError};
use crate::domain::market::{Asset, Price};
use crate::domain::quotes::Comparison;

/// The last comparison of an asset's prices.
pub async fn find(db: &Db, asset: Asset) -> Result<Option<Comparison>, DbError> {
    let connection = db.get().await?;
    let row = queries::find_comparison()
        .bind(&connection, &asset.as_str())
        .opt()
        .await?;
    row.map(|row| {
        let price = |value| {
            Price::new(value).ok_or_else(|| DbError::row("price comparison", "a price is not positive"))
        };
        Ok(Comparison {
            compared_at: row.compared_at,
            exchange: price(row.exchange_price)?,
            reference: price(row.reference_price)?,
            difference_pct: row.difference_pct,
            apart_in_a_row: u32::try_from(row.apart_in_a_row)
                .map_err(|error| DbError::row("price comparison", error))?,
        })
    })
    .transpose()
}

/// Keeps a comparison unless a newer one is there.
pub async fn save(db: &Db, asset: Asset, comparison: &Comparison) -> Result<(), DbError> {
    let connection = db.get().await?;
    queries::save_comparison()
        .bind(
            &connection,
            &asset.as_str(),
            &comparison.compared_at,
            &comparison.exchange.value(),
            &comparison.reference.value(),
            &comparison.difference_pct,
            &i32::try_from(comparison.apart_in_a_row).unwrap_or(i32::MAX),
        )
        .await?;
    Ok(())
}
