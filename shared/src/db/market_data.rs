//! Candles.

use jiff::Timestamp;
use rust_decimal::Decimal;

use db_queries::queries::market_data::{self as queries, CandleRow};

use super::{Db, DbError, Upserted};
use crate::domain::market::{Asset, Candle, Price, Timeframe};

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

/// What became of written candles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Rows inserted, updated and left as they were.
    pub rows: Upserted,
    /// Candles that said something else before; what they said is kept.
    pub revised: usize,
}

/// Writes candles of one series that came from one source; see `upsert_candles` in the queries.
pub async fn upsert(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    candles: &[(Candle, bool)],
    source: &str,
    now: Timestamp,
) -> Result<Written, DbError> {
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
            &now,
            &source,
        )
        .one()
        .await?;
    Ok(Written {
        rows: Upserted::of(candles.len(), counts.inserted, counts.updated),
        revised: usize::try_from(counts.revised).unwrap_or(0),
    })
}

/// Which candles are read: those that opened at or before a time, as they were known at another.
#[derive(Debug, Clone, Copy)]
pub struct Until {
    /// The last open time.
    pub opened_by: Timestamp,
    /// Of a candle that the exchange changed after this, what it said before.
    pub as_of: Timestamp,
}

/// The newest candle of a series.
pub async fn find_newest(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    until: Until,
) -> Result<Option<StoredCandle>, DbError> {
    let connection = db.get().await?;
    let row = queries::newest_candle()
        .bind(
            &connection,
            &until.as_of,
            &asset.as_str(),
            &timeframe.as_str(),
            &until.opened_by,
        )
        .opt()
        .await?;
    row.map(stored).transpose()
}

/// All candles of a series, oldest first.
pub async fn list_until(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    until: Until,
) -> Result<Vec<Candle>, DbError> {
    let connection = db.get().await?;
    let rows = queries::candles_until()
        .bind(
            &connection,
            &asset.as_str(),
            &timeframe.as_str(),
            &until.opened_by,
            &until.as_of,
        )
        .all()
        .await?;
    rows.iter().map(candle).collect()
}

/// A stored place of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// When its candle opened.
    pub open_time: Timestamp,
    /// The candle's close moved more than 20 % from the one before.
    pub is_anomaly: bool,
}

/// The places of a series from `since` on for which a candle is stored, oldest first.
pub async fn list_places(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    since: Timestamp,
) -> Result<Vec<Place>, DbError> {
    let connection = db.get().await?;
    Ok(queries::places()
        .bind(&connection, &asset.as_str(), &timeframe.as_str(), &since)
        .map(|row| Place {
            open_time: row.open_time,
            is_anomaly: row.is_anomaly,
        })
        .all()
        .await?)
}

/// The close of the newest stored candle that opened before `open_time`.
pub async fn find_close_before(
    db: &Db,
    (asset, timeframe): (Asset, Timeframe),
    open_time: Timestamp,
) -> Result<Option<Price>, DbError> {
    let connection = db.get().await?;
    let close = queries::close_before()
        .bind(&connection, &asset.as_str(), &timeframe.as_str(), &open_time)
        .opt()
        .await?;
    let price = |close| Price::new(close).ok_or_else(|| DbError::row("candle", "its close is not positive"));
    close.map(price).transpose()
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
