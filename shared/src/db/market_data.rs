//! Candles.

use jiff::Timestamp;
use rust_decimal::Decimal;

use db_queries::queries::market_data::{self as queries, CandleRow};

use super::{Db, DbError, Upserted};
use crate::domain::market::{Asset, Candle, Timeframe};

/// A candle with what the collector noted about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCandle {
    /// The candle.
    pub candle: Candle,
    /// Its close moved more than 20 % from the one before.
    pub is_anomaly: bool,
    /// Who reported it.
    pub source: String,
}

/// Writes candles of one series that came from one source; see `upsert_candles` in the queries.
pub async fn upsert(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    candles: &[(Candle, bool)],
    source: &str,
    now: Timestamp,
) -> Result<Upserted, DbError> {
    let column = |value: fn(&Candle) -> Decimal| -> Vec<Decimal> {
        candles.iter().map(|(candle, _)| value(candle)).collect()
    };
    let open_times: Vec<Timestamp> = candles.iter().map(|(candle, _)| candle.open_time).collect();
    let anomalies: Vec<bool> = candles.iter().map(|(_, is_anomaly)| *is_anomaly).collect();
    let connection = db.get().await?;
    let counts = queries::upsert_candles()
        .bind(
            &connection,
            &open_times,
            &column(|candle| candle.open.value()),
            &column(|candle| candle.high.value()),
            &column(|candle| candle.low.value()),
            &column(|candle| candle.close.value()),
            &column(|candle| candle.volume.value()),
            &anomalies,
            &asset.as_str(),
            &timeframe.as_str(),
            &source,
            &now,
        )
        .one()
        .await?;
    Ok(Upserted::of(candles.len(), counts.inserted, counts.updated))
}

/// The newest candle of a series that opened at or before `opened_by`.
pub async fn find_newest(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    opened_by: Timestamp,
) -> Result<Option<StoredCandle>, DbError> {
    let connection = db.get().await?;
    let row = queries::newest_candle()
        .bind(&connection, &asset.as_str(), &timeframe.as_str(), &opened_by)
        .opt()
        .await?;
    row.map(stored).transpose()
}

/// All candles of a series that opened at or before `opened_by`, oldest first.
pub async fn list_until(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    opened_by: Timestamp,
) -> Result<Vec<Candle>, DbError> {
    let connection = db.get().await?;
    let rows = queries::candles_until()
        .bind(&connection, &asset.as_str(), &timeframe.as_str(), &opened_by)
        .all()
        .await?;
    rows.iter().map(candle).collect()
}

/// Every open time of a series, oldest first.
pub async fn list_open_times(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
) -> Result<Vec<Timestamp>, DbError> {
    let connection = db.get().await?;
    Ok(queries::open_times()
        .bind(&connection, &asset.as_str(), &timeframe.as_str())
        .all()
        .await?)
}

/// Which part of a series a page shows.
#[derive(Debug, Clone, Copy)]
pub struct PageOf {
    /// First open time.
    pub from: Timestamp,
    /// Last open time.
    pub to: Timestamp,
    /// Exclusive bound: the open time of the last candle already shown.
    pub before: Timestamp,
    /// Most candles, at least 1.
    pub limit: i64,
}

/// A page of a series, newest first.
pub async fn list_page(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    page: PageOf,
) -> Result<Vec<StoredCandle>, DbError> {
    let connection = db.get().await?;
    let rows = queries::candle_page()
        .bind(
            &connection,
            &asset.as_str(),
            &timeframe.as_str(),
            &page.from,
            &page.to,
            &page.before,
            &page.limit,
        )
        .all()
        .await?;
    rows.into_iter().map(stored).collect()
}

fn stored(row: CandleRow) -> Result<StoredCandle, DbError> {
    Ok(StoredCandle {
        candle: candle(&row)?,
        is_anomaly: row.is_anomaly,
        source: row.source,
    })
}

fn candle(row: &CandleRow) -> Result<Candle, DbError> {
    Candle::new(
        row.open_time,
        [row.open, row.high, row.low, row.close],
        row.volume,
    )
    .map_err(|error| DbError::row("candle", error))
}
