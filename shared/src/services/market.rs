//! Reading the market: the last price, candles, indicator series.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::cache::Key;
use crate::db::market_data::{self, PageOf, StoredCandle, Until};
use crate::db::{DbError, live_prices};
use crate::domain::candles;
use crate::domain::decision::{ClosingPrice, newest_close};
use crate::domain::freshness::{self, Freshness};
use crate::domain::indicators::{Columns, Values};
use crate::domain::market::{Asset, Timeframe};
use crate::domain::quotes::{self, PriceService};
use crate::domain::wire::{self, Utc};

/// How long a price outlives a database that is gone. Source: DOMAIN "Operations".
const KEEP: Duration = Duration::from_hours(24);

/// What is known of an asset's price.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct MarketPrice {
    /// The exchange's pair.
    pub symbol: String,
    /// The live price; null before the first one.
    pub live: Option<Live>,
    /// The newest closed candle's price; null before the first one.
    pub last_close: Option<LastClose>,
    /// The database is gone and this is the last that is known.
    pub stale: bool,
    /// How long ago it was known, in seconds; 0 unless stale.
    pub age_seconds: i64,
}

/// A price as it lies in the cache.
#[derive(Serialize, Deserialize)]
struct Remembered {
    known_at: Timestamp,
    price: MarketPrice,
}

impl Remembered {
    /// What is left of it at `now`: its age and its freshness go on.
    fn shown(self, now: Timestamp) -> MarketPrice {
        let last_close = self.price.last_close.map(|close| LastClose {
            freshness: freshness::of_candle(close.timeframe, close.closed_at.into(), now),
            ..close
        });
        MarketPrice {
            last_close,
            stale: true,
            age_seconds: now.duration_since(self.known_at).as_secs(),
            ..self.price
        }
    }
}

/// A price outside of any candle.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Live {
    /// USDT for one unit, as text.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub price: Decimal,
    /// Change over 24 hours, in percent; null when the service does not say.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub change_24h_pct: Option<Decimal>,
    /// Who reported it.
    pub source: String,
    /// The exchange is silent; an average over many exchanges stands in for it.
    #[serde(default)]
    pub is_fallback: bool,
    /// When it was the price.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub observed_at: Utc,
}

/// The price at which the newest candle closed: what decisions use.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct LastClose {
    /// USDT for one unit, as text.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub price: Decimal,
    /// Of which timeframe the candle is.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub timeframe: Timeframe,
    /// When it closed.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub closed_at: Utc,
    /// `fresh`, `carried`, or null when it is too old to be used.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub freshness: Option<Freshness>,
}

/// The price of an asset; from the cache, marked stale, when the database is gone.
pub async fn price(app: &App, asset: Asset) -> Result<MarketPrice, DbError> {
    match read_price(app, asset).await {
        Err(error) if error.is_unavailable() => remembered(app, asset).await.ok_or(error),
        outcome => outcome,
    }
}

async fn read_price(app: &App, asset: Asset) -> Result<MarketPrice, DbError> {
    let now = app.clock.now();
    let quotes = live_prices::list(&app.db, asset).await?;
    let live = quotes::shown(&quotes, now).map(|live| Live {
        price: live.price.value(),
        change_24h_pct: live.change_24h_pct,
        source: live.source.clone(),
        is_fallback: live.service != PriceService::Binance,
        observed_at: live.observed_at.into(),
    });
    let last_close = last_close(app, asset, now).await?.map(|close| LastClose {
        price: close.price.value(),
        timeframe: close.timeframe,
        closed_at: close.closed_at,
        freshness: freshness::of_candle(close.timeframe, close.closed_at.into(), now),
    });
    Ok(MarketPrice {
        symbol: asset.symbol().to_owned(),
        live,
        last_close,
        stale: false,
        age_seconds: 0,
    })
}

/// The newest close at `at` over all stored timeframes. Source: DOMAIN "Decision", step 0.
pub async fn last_close(app: &App, asset: Asset, at: Timestamp) -> Result<Option<ClosingPrice>, DbError> {
    let mut closes = Vec::new();
    for timeframe in Timeframe::STORED {
        let opened_by = candles::newest_closed_by(timeframe, at);
        let until = Until { opened_by, as_of: at };
        let newest = market_data::find_newest(&app.db, (asset, timeframe), until).await?;
        closes.extend(newest.map(|stored| ClosingPrice {
            price: stored.candle.close,
            timeframe,
            closed_at: candles::end_of(timeframe, stored.candle.open_time).into(),
        }));
    }
    Ok(newest_close(closes, at))
}

/// The last closed price at `at` of every asset that has one.
pub async fn last_closes(app: &App, at: Timestamp) -> Result<BTreeMap<Asset, ClosingPrice>, DbError> {
    let mut prices = BTreeMap::new();
    for asset in Asset::ALL {
        prices.extend(last_close(app, asset, at).await?.map(|price| (asset, price)));
    }
    Ok(prices)
}

async fn remembered(app: &App, asset: Asset) -> Option<MarketPrice> {
    let bytes = app.cache.get(&Key::Price(asset.symbol())).await.ok().flatten()?;
    let known: Remembered = serde_json::from_slice(&bytes).ok()?;
    Some(known.shown(app.clock.now()))
}

/// Keeps the prices for a time without a database. A cache that is down loses nothing now.
pub async fn remember_prices(app: &App) -> Result<(), DbError> {
    for asset in Asset::ALL {
        let known = Remembered {
            known_at: app.clock.now(),
            price: read_price(app, asset).await?,
        };
        let Ok(bytes) = serde_json::to_vec(&known) else {
            continue;
        };
        if let Err(error) = app.cache.set(&Key::Price(asset.symbol()), &bytes, KEEP).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a price could not be kept in the cache"
            );
        }
    }
    Ok(())
}

/// A candle as it is shown.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownCandle {
    /// When it begins.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub open_time: Utc,
    /// First price, USDT as text.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub open: Decimal,
    /// Highest price.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub high: Decimal,
    /// Lowest price.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub low: Decimal,
    /// Last price.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub close: Decimal,
    /// Units of the asset traded.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub volume: Decimal,
    /// Its close moved more than 20 % from the one before.
    pub is_anomaly: bool,
    /// Who reported it.
    pub source: String,
}

impl From<StoredCandle> for ShownCandle {
    fn from(stored: StoredCandle) -> Self {
        let candle = stored.candle;
        Self {
            open_time: candle.open_time.into(),
            open: candle.open.value(),
            high: candle.high.value(),
            low: candle.low.value(),
            close: candle.close.value(),
            volume: candle.volume.value(),
            is_anomaly: stored.is_anomaly,
            source: stored.source,
        }
    }
}

/// A page of closed candles, newest first.
pub async fn list_candles(
    app: &App,
    series: (Asset, Timeframe),
    page: PageOf,
) -> Result<Vec<ShownCandle>, DbError> {
    let stored = market_data::list_page(&app.db, series, page).await?;
    Ok(stored.into_iter().map(ShownCandle::from).collect())
}

/// Indicators after one closed candle; null while the series is too short.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownIndicators {
    /// When the candle begins.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub open_time: Utc,
    /// The candle is missing at the exchange and was read as a flat one.
    pub is_filled: bool,
    /// EMA(21), USDT.
    pub ema21: Option<f64>,
    /// EMA(55), USDT.
    pub ema55: Option<f64>,
    /// RSI(14), 0..=100.
    pub rsi14: Option<f64>,
    /// MACD(12, 26) line, USDT.
    pub macd: Option<f64>,
    /// Its signal line over 9.
    pub macd_signal: Option<f64>,
    /// Line - signal.
    pub macd_histogram: Option<f64>,
    /// Upper Bollinger band (20, 2), USDT.
    pub bollinger_upper: Option<f64>,
    /// Middle Bollinger band.
    pub bollinger_middle: Option<f64>,
    /// Lower Bollinger band.
    pub bollinger_lower: Option<f64>,
    /// ATR(14), USDT.
    pub atr14: Option<f64>,
}

impl ShownIndicators {
    fn of(open_time: Timestamp, is_filled: bool, values: Values) -> Self {
        Self {
            open_time: open_time.into(),
            is_filled,
            ema21: values.ema21,
            ema55: values.ema55,
            rsi14: values.rsi14,
            macd: values.macd.map(|macd| macd.macd),
            macd_signal: values.macd.map(|macd| macd.signal),
            macd_histogram: values.macd.map(|macd| macd.histogram),
            bollinger_upper: values.bollinger.map(|bands| bands.upper),
            bollinger_middle: values.bollinger.map(|bands| bands.middle),
            bollinger_lower: values.bollinger.map(|bands| bands.lower),
            atr14: values.atr14,
        }
    }
}

/// A page of indicators, newest first. They run over all of the series, whatever the page shows.
pub async fn list_indicators(
    app: &App,
    (asset, timeframe): (Asset, Timeframe),
    page: PageOf,
) -> Result<Vec<ShownIndicators>, DbError> {
    let now = app.clock.now();
    let stored = if timeframe == Timeframe::W1 {
        Timeframe::D1
    } else {
        timeframe
    };
    let until = Until {
        opened_by: candles::newest_closed_by(stored, now),
        as_of: now,
    };
    let candles = market_data::list_until(&app.db, (asset, stored), until).await?;
    let series = if timeframe == Timeframe::W1 {
        candles::weeks_of_days(&candles, now)
    } else {
        candles::on_full_grid(timeframe, &candles)
    };
    let bars: Vec<_> = series.iter().map(candles::GridCandle::bar).collect();
    let columns = Columns::over(&bars);
    let limit = usize::try_from(page.limit).unwrap_or(0);
    Ok(series
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, place)| {
            let time = place.candle.open_time;
            time >= page.from && time <= page.to && time < page.before
        })
        .take(limit)
        .map(|(index, place)| ShownIndicators::of(place.candle.open_time, place.is_filled, columns.at(index)))
        .collect())
}
