//! Binance spot, market data without a key: candles and the live price.
//!
//! Several addresses are tried in order; a pause, a refusal or a failure of one sends the run to
//! the next. A row that makes no candle is handed on as rejected, with the reason. Whether a candle is
//! closed is not judged here.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::client::Ask;
use super::{Fetched, SourceError, Upstream, exact};
use crate::domain::candles::is_on_grid;
use crate::domain::market::{Asset, Candle, CandleError, Price, Timeframe};

/// The service's name in labels and logs.
pub const SERVICE: &str = "binance";

/// The most candles one answer holds.
pub const PAGE: usize = 1000;

/// A row of candles that makes no candle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RejectedRow {
    /// It is not a row of a time and numbers.
    #[error("the row has no time or no numbers where they belong")]
    Shape,
    /// Its figures cannot have been traded.
    #[error("{0}")]
    Figures(#[from] CandleError),
    /// No candle of the timeframe opens at this time.
    #[error("no candle opens at {0}")]
    OffGrid(Timestamp),
    /// The answer has a candle of this time already.
    #[error("there are two candles of {0}")]
    Duplicate(Timestamp),
}

/// One row of an answer.
pub type Row = Result<Candle, RejectedRow>;

/// The last price and its change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticker {
    /// USDT for one unit.
    pub price: Price,
    /// Change over 24 hours, in percent.
    pub change_24h_pct: Decimal,
    /// When it was the price.
    pub at: Timestamp,
}

/// Candles from `start` on, oldest first, at most `limit`; the last may still be forming.
pub async fn klines(
    upstream: &Upstream,
    asset: Asset,
    timeframe: Timeframe,
    start: Timestamp,
    limit: usize,
) -> Result<Fetched<Vec<Row>>, SourceError> {
    let query = || {
        vec![
            ("symbol", asset.symbol().to_owned()),
            ("interval", timeframe.as_str().to_owned()),
            ("startTime", start.as_millisecond().to_string()),
            ("limit", limit.min(PAGE).to_string()),
        ]
    };
    let read = |rows: Vec<RawRow>| Ok(candles(timeframe, &rows));
    first_base(upstream, "api/v3/klines", query, Vec::len, &read).await
}

type RawRow = Vec<Box<RawValue>>;

/// Of two candles of one time the first is taken.
fn candles(timeframe: Timeframe, rows: &[RawRow]) -> Vec<Row> {
    let mut seen = BTreeSet::new();
    let mut on_grid_once = |row: &RawRow| {
        let candle = candle(row)?;
        let open_time = candle.open_time;
        if !is_on_grid(timeframe, open_time) {
            return Err(RejectedRow::OffGrid(open_time));
        }
        if !seen.insert(open_time) {
            return Err(RejectedRow::Duplicate(open_time));
        }
        Ok(candle)
    };
    rows.iter().map(&mut on_grid_once).collect()
}

fn candle(row: &[Box<RawValue>]) -> Row {
    let [time, open, high, low, close, volume, ..] = row else {
        return Err(RejectedRow::Shape);
    };
    let opened_ms: i64 = time.get().parse().map_err(|_| RejectedRow::Shape)?;
    let open_time = Timestamp::from_millisecond(opened_ms).map_err(|_| RejectedRow::Shape)?;
    let figure = |value: &RawValue| exact(value).ok_or(RejectedRow::Shape);
    let prices = [figure(open)?, figure(high)?, figure(low)?, figure(close)?];
    Ok(Candle::new(open_time, prices, figure(volume)?)?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTicker {
    last_price: Box<RawValue>,
    price_change_percent: Box<RawValue>,
    close_time: i64,
}

/// The live price and its change over 24 hours.
pub async fn ticker_24h(upstream: &Upstream, asset: Asset) -> Result<Fetched<Ticker>, SourceError> {
    let query = || vec![("symbol", asset.symbol().to_owned())];
    first_base(upstream, "api/v3/ticker/24hr", query, |_| 1, &|raw| ticker(&raw)).await
}

fn ticker(raw: &RawTicker) -> Result<Ticker, &'static str> {
    let price = exact(&raw.last_price).ok_or("the last price is no number")?;
    let price = Price::new(price).ok_or("the last price is not positive")?;
    let change_24h_pct = exact(&raw.price_change_percent).ok_or("the change is no number")?;
    let at = Timestamp::from_millisecond(raw.close_time).map_err(|_| "the close time is no time")?;
    Ok(Ticker {
        price,
        change_24h_pct,
        at,
    })
}

/// Asks the addresses in order until one answers.
async fn first_base<T: DeserializeOwned, U>(
    upstream: &Upstream,
    path: &str,
    query: impl Fn() -> Vec<(&'static str, String)>,
    count: fn(&T) -> usize,
    read: &(dyn Fn(T) -> Result<U, &'static str> + Sync),
) -> Result<Fetched<U>, SourceError> {
    let mut last = SourceError::Configuration {
        service: SERVICE,
        reason: "no address is configured".to_owned(),
    };
    for base in &upstream.settings()?.binance_base_urls {
        let ask = Ask {
            service: SERVICE,
            base,
            path,
            query: query(),
            key_in_query: None,
            key_in_header: None,
            count,
            read,
        };
        match upstream.get(&ask).await {
            Ok(fetched) => return Ok(fetched),
            Err(error @ SourceError::Broken { .. }) => return Err(error),
            Err(error) => last = error,
        }
    }
    Err(last)
}
