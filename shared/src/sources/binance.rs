//! Binance spot, market data without a key: candles and the live price.
//!
//! Several addresses are tried in order; a pause, a refusal or a failure of one sends the run to
//! the next. One that has nearly used up what it lets a minute weigh is left alone until the next
//! minute. A row that makes no candle is handed on as rejected, with the reason. Whether a candle is
//! closed is not judged here.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::client::Ask;
use super::rows::{self, Refused};
use super::weight::WeightLimit;
use super::{Fetched, SourceError, Upstream, change_pct, exact, live_price, past};
use crate::domain::candles;
use crate::domain::market::{Asset, Candle, Price, Timeframe};
use crate::domain::rejection::{Rejection, Rows};

/// The service's name in labels and logs.
pub const SERVICE: &str = "binance";

/// The most candles one answer holds.
pub const PAGE: usize = 1000;

/// Where answers say how much weight this address has used in the running minute.
const USED_WEIGHT: &str = "x-mbx-used-weight-1m";

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
) -> Result<Fetched<Rows<Candle>>, SourceError> {
    let query = || {
        vec![
            ("symbol", asset.symbol().to_owned()),
            ("interval", timeframe.as_str().to_owned()),
            ("startTime", start.as_millisecond().to_string()),
            ("limit", limit.min(PAGE).to_string()),
        ]
    };
    let now = upstream.clock.now();
    let read = |rows: Vec<Box<RawValue>>| Ok(candles(timeframe, &rows, now));
    first_base(upstream, "api/v3/klines", query, Vec::len, &read).await
}

fn candles(timeframe: Timeframe, rows: &[Box<RawValue>], now: Timestamp) -> Rows<Candle> {
    rows::read(
        rows,
        |candle: &Candle| candle.open_time,
        |row| {
            let candle = candle(row)?;
            candles::accept(timeframe, &candle, now)
                .map_err(|reason| Refused::at(candle.open_time, reason))?;
            Ok(Some(candle))
        },
    )
}

fn candle(row: &RawValue) -> Result<Candle, Refused> {
    let fields: Vec<&RawValue> = serde_json::from_str(row.get()).map_err(|_| Refused::SHAPE)?;
    let [time, open, high, low, close, volume, ..] = fields[..] else {
        return Err(Refused::SHAPE);
    };
    let opened_ms: i64 = time.get().parse().map_err(|_| Refused::SHAPE)?;
    let open_time = Timestamp::from_millisecond(opened_ms).map_err(|_| Refused::SHAPE)?;
    let figure = |value: &RawValue| exact(value).ok_or_else(|| Refused::at(open_time, Rejection::Shape));
    let prices = [figure(open)?, figure(high)?, figure(low)?, figure(close)?];
    Candle::new(open_time, prices, figure(volume)?).map_err(|error| Refused::at(open_time, error))
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
    let now = upstream.clock.now();
    first_base(upstream, "api/v3/ticker/24hr", query, |_| 1, &|raw| {
        ticker(&raw, now)
    })
    .await
}

fn ticker(raw: &RawTicker, now: Timestamp) -> Result<Ticker, &'static str> {
    Ok(Ticker {
        price: live_price(&raw.last_price)?,
        change_24h_pct: change_pct(&raw.price_change_percent)?,
        at: past(Timestamp::from_millisecond(raw.close_time), now)?,
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
    let settings = upstream.settings()?;
    let weight = WeightLimit {
        header: USED_WEIGHT,
        per_minute: settings.binance_weight_per_minute,
    };
    for base in &settings.binance_base_urls {
        let ask = Ask {
            service: SERVICE,
            base,
            path,
            query: query(),
            key_in_query: None,
            key_in_header: None,
            weight: Some(weight),
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
