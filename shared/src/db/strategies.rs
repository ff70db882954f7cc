//! Strategies: rows that decide.

use db_queries::queries::strategies::{self as queries, StrategyRow};

use super::{Db, DbError};
use crate::domain::market::UnknownName;
use crate::domain::strategy::{IntervalMinutes, Strategy, StrategyId, StrategyIdError, Weights};

/// Every strategy that decides, by id.
pub async fn list_active(db: &Db) -> Result<Vec<Strategy>, DbError> {
    let connection = db.get().await?;
    let rows = queries::active_strategies().bind(&connection).all().await?;
    rows.into_iter().map(strategy).collect()
}

/// One strategy, active or not.
pub async fn find(db: &Db, id: &StrategyId) -> Result<Option<Strategy>, DbError> {
    let connection = db.get().await?;
    let row = queries::strategy().bind(&connection, &id.as_str()).opt().await?;
    row.map(strategy).transpose()
}

fn strategy(row: StrategyRow) -> Result<Strategy, DbError> {
    let unreadable = |error: &str| DbError::row("strategy", error);
    Ok(Strategy {
        id: row
            .id
            .parse()
            .map_err(|error: StrategyIdError| DbError::row("strategy", error))?,
        name: row.name,
        interval: IntervalMinutes::new(row.interval_minutes).ok_or_else(|| unreadable("its interval"))?,
        trend_timeframe: row
            .trend_timeframe
            .parse()
            .map_err(|error: UnknownName| DbError::row("strategy", error))?,
        weights: Weights::new(row.weight_macro, row.weight_onchain, row.weight_ta)
            .map_err(|error| DbError::row("strategy", error))?,
        buy_fraction: row.buy_fraction.normalize(),
        buy_fraction_high: row.buy_fraction_high.normalize(),
    })
}
