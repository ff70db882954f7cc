//! How good the data is that decisions read: coverage of the candles, holes, the age of every input.
//!
//! Reads only what is stored; it asks no service and mends nothing.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::app::App;
use crate::db::{
    DbError, live_prices, market_audits, market_data, market_gaps, observations, price_comparisons, rejected,
    revisions,
};
use crate::domain::candles::{self, Coverage, Day, Range};
use crate::domain::freshness::{Freshness, Windows};
use crate::domain::market::{Asset, Timeframe, series_name};
use crate::domain::observations::Metric;
use crate::domain::quotes::{self, Comparison, Quote};
use crate::domain::wire::{self, Utc};

/// The most holes, and the most incomplete days, that are listed of a series.
const LISTED: usize = 100;

/// The input that is the price outside of any candle.
pub const LIVE_PRICE: &str = "live_price";

/// The data of an asset, and what is shared by all of them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Quality {
    /// The exchange's pair.
    pub symbol: String,
    /// When this was so.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub as_of: Utc,
    /// One entry a timeframe that is collected.
    pub series: Vec<SeriesQuality>,
    /// The live price and every metric that a decision reads or shows.
    pub inputs: Vec<InputQuality>,
    /// The two live prices held against each other; null before the first time.
    pub comparison: Option<ShownComparison>,
}

/// A series of candles.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct SeriesQuality {
    /// The length of a candle.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub timeframe: Timeframe,
    /// The first candle that the exchange has; null when it has none.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub first_open_time: Option<Utc>,
    /// The newest stored candle.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub newest_open_time: Option<Utc>,
    /// Every candle before this one is stored or a hole of the exchange's own.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub settled_until: Option<Utc>,
    /// Candles from the first to the newest that has closed by now.
    pub expected: usize,
    /// Stored ones of them.
    pub stored: usize,
    /// Stored of expected, in percent, rounded down; null when none is expected.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub coverage_pct: Option<Decimal>,
    /// Candles that the exchange itself does not have.
    pub exchange_holes: usize,
    /// Candles that are neither stored nor known to be holes: they will be asked for.
    pub missing: usize,
    /// The newest hundred holes and missing pieces, newest first.
    pub holes: Vec<Hole>,
    /// The newest hundred UTC days that lack a candle, newest first.
    pub incomplete_days: Vec<IncompleteDay>,
    /// Stored candles whose close moved more than 20 % from the one before.
    pub anomalies: usize,
    /// Changes of closed candles that were noticed.
    pub revisions: i64,
    /// How often a row of this series could not be stored.
    pub rejected: i64,
    /// Seconds since the newest candle closed.
    pub age_seconds: Option<i64>,
    /// Until which age it is fresh.
    pub fresh_for_seconds: i64,
    /// `fresh`, `carried`, or null when it is too old to be used.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub freshness: Option<Freshness>,
}

/// Candles in a row that are not stored.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Hole {
    /// The first open time.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub from: Utc,
    /// The last open time.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub to: Utc,
    /// How many candles.
    pub candles: usize,
    /// `exchange` when the exchange itself has none, `missing` when it is still to be asked.
    pub kind: &'static str,
}

impl Hole {
    fn of(piece: &Range, kind: &'static str) -> Self {
        Self {
            from: piece.first.into(),
            to: piece.last.into(),
            candles: piece.count,
            kind,
        }
    }
}

/// A UTC day that lacks a candle.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct IncompleteDay {
    /// Which.
    #[cfg_attr(feature = "http", schema(value_type = String, format = Date))]
    pub date: Date,
    /// Candles the grid has in it.
    pub expected: usize,
    /// Stored ones.
    pub stored: usize,
    /// Those the exchange itself does not have.
    pub exchange_holes: usize,
}

impl From<&Day> for IncompleteDay {
    fn from(day: &Day) -> Self {
        Self {
            date: day.date,
            expected: day.expected,
            stored: day.stored,
            exchange_holes: day.holes,
        }
    }
}

/// An input that is one value at a time.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct InputQuality {
    /// `live_price`, or the metric.
    pub input: &'static str,
    /// What the newest value is dated; null when there is none.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub observed_at: Option<Utc>,
    /// Who told it.
    pub source: Option<String>,
    /// Seconds since its date.
    pub age_seconds: Option<i64>,
    /// Until which age it is fresh.
    pub fresh_for_seconds: i64,
    /// Until which age it is used at all.
    pub used_for_seconds: i64,
    /// `fresh`, `carried`, or null when it is too old to be used.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub freshness: Option<Freshness>,
    /// How often a value of this input could not be stored.
    pub rejected: i64,
}

impl InputQuality {
    fn of(
        input: &'static str,
        windows: Windows,
        newest: Option<(Timestamp, String)>,
        now: Timestamp,
    ) -> Self {
        let age = newest.as_ref().map(|(at, _)| now.duration_since(*at));
        let (observed_at, source) = newest.unzip();
        Self {
            input,
            observed_at: observed_at.map(Utc::from),
            source,
            age_seconds: age.map(|age| age.as_secs()),
            fresh_for_seconds: windows.fresh().as_secs(),
            used_for_seconds: windows.carried().as_secs(),
            freshness: age.and_then(|age| windows.judge(age.max(SignedDuration::ZERO))),
            rejected: 0,
        }
    }
}

/// The exchange's live price held against the reference's.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownComparison {
    /// When they were compared last.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub compared_at: Utc,
    /// The exchange's price, as text.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub exchange: Decimal,
    /// The reference's price, as text.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub reference: Decimal,
    /// How far apart they are, in percent of the exchange's.
    #[serde(serialize_with = "wire::number")]
    #[cfg_attr(feature = "http", schema(value_type = f64))]
    pub difference_pct: Decimal,
    /// Comparisons in a row in which they were too far apart.
    pub apart_in_a_row: u32,
}

impl From<Comparison> for ShownComparison {
    fn from(comparison: Comparison) -> Self {
        Self {
            compared_at: comparison.compared_at.into(),
            exchange: comparison.exchange.value(),
            reference: comparison.reference.value(),
            difference_pct: comparison.difference_pct,
            apart_in_a_row: comparison.apart_in_a_row,
        }
    }
}

/// The quality of an asset's data as of the app's clock.
pub async fn of_asset(app: &App, asset: Asset) -> Result<Quality, DbError> {
    let now = app.clock.now();
    let rejected = rejections(app, asset).await?;
    let mut series = Vec::new();
    for timeframe in Timeframe::STORED {
        let mut quality = of_series(app, (asset, timeframe), now).await?;
        quality.rejected = rejected
            .get(&series_name((asset, timeframe)))
            .copied()
            .unwrap_or(0);
        series.push(quality);
    }
    let mut inputs = vec![live_price(app, asset, now).await?];
    inputs.extend(metrics(app, now).await?);
    for input in &mut inputs {
        input.rejected = rejected.get(input.input).copied().unwrap_or(0);
    }
    Ok(Quality {
        symbol: asset.symbol().to_owned(),
        as_of: now.into(),
        series,
        inputs,
        comparison: price_comparisons::find(&app.db, asset)
            .await?
            .map(ShownComparison::from),
    })
}

async fn rejections(app: &App, asset: Asset) -> Result<HashMap<String, i64>, DbError> {
    let candles = Timeframe::STORED.map(|timeframe| series_name((asset, timeframe)));
    let metrics = Metric::ALL.map(|metric| metric.as_str().to_owned());
    let names: Vec<String> = candles.into_iter().chain(metrics).collect();
    let counts = rejected::list_counts(&app.db, &names).await?;
    Ok(counts
        .into_iter()
        .map(|count| (count.series, count.times))
        .collect())
}

async fn of_series(
    app: &App,
    (asset, timeframe): (Asset, Timeframe),
    now: Timestamp,
) -> Result<SeriesQuality, DbError> {
    let key = (asset, timeframe);
    let audit = market_audits::find(&app.db, key).await?;
    let since = audit.map_or(Timestamp::UNIX_EPOCH, |audit| audit.first_open_time);
    let places = market_data::list_places(&app.db, key, since).await?;
    let gaps = market_gaps::list(&app.db, key, since).await?;
    // Before the first audit of a series, what is stored begins it.
    let first = audit
        .map(|_| since)
        .or(places.first().map(|place| place.open_time));
    let last = candles::newest_closed(timeframe, now);
    let coverage = first.map_or_else(Coverage::default, |first| {
        Coverage::of(
            timeframe,
            (first, last),
            places.iter().map(|place| place.open_time),
            gaps.iter().map(|gap| gap.open_time),
        )
    });
    let newest = places.last().map(|place| place.open_time);
    let age = newest.map(|newest| now.duration_since(candles::end_of(timeframe, newest)));
    let windows = Windows::of_candles(timeframe);
    Ok(SeriesQuality {
        timeframe,
        first_open_time: first.map(Utc::from),
        newest_open_time: newest.map(Utc::from),
        settled_until: audit.map(|audit| audit.settled_until.into()),
        expected: coverage.expected,
        stored: coverage.stored,
        coverage_pct: coverage.percent(),
        exchange_holes: count(&coverage.holes),
        missing: count(&coverage.missing),
        holes: holes(&coverage),
        incomplete_days: incomplete_days(&coverage),
        anomalies: places.iter().filter(|place| place.is_anomaly).count(),
        revisions: revisions::count_of_candles(&app.db, key).await?,
        rejected: 0,
        age_seconds: age.map(|age| age.as_secs()),
        fresh_for_seconds: windows.fresh().as_secs(),
        freshness: age.and_then(|age| windows.judge(age)),
    })
}

fn count(pieces: &[Range]) -> usize {
    pieces.iter().map(|piece| piece.count).sum()
}

fn holes(coverage: &Coverage) -> Vec<Hole> {
    let own = coverage.holes.iter().map(|piece| Hole::of(piece, "exchange"));
    let missing = coverage.missing.iter().map(|piece| Hole::of(piece, "missing"));
    let mut holes: Vec<Hole> = own.chain(missing).collect();
    holes.sort_by_key(|hole| std::cmp::Reverse(hole.from));
    holes.truncate(LISTED);
    holes
}

fn incomplete_days(coverage: &Coverage) -> Vec<IncompleteDay> {
    let newest_first = coverage.incomplete_days.iter().rev();
    newest_first.take(LISTED).map(IncompleteDay::from).collect()
}

async fn live_price(app: &App, asset: Asset, now: Timestamp) -> Result<InputQuality, DbError> {
    let told = live_prices::list(&app.db, asset).await?;
    let newest = quotes::shown(&told, now).map(
        |Quote {
             observed_at, source, ..
         }| (*observed_at, source.clone()),
    );
    Ok(InputQuality::of(
        LIVE_PRICE,
        Windows::of_live_prices(),
        newest,
        now,
    ))
}

async fn metrics(app: &App, now: Timestamp) -> Result<Vec<InputQuality>, DbError> {
    let mut newest: HashMap<Metric, (Timestamp, String)> = observations::list_newest(&app.db, &Metric::ALL)
        .await?
        .into_iter()
        .map(|newest| (newest.metric, (newest.observed_at, newest.source)))
        .collect();
    let quality = |metric: Metric| {
        InputQuality::of(
            metric.as_str(),
            Windows::of_metric(metric),
            newest.remove(&metric),
            now,
        )
    };
    Ok(Metric::ALL.into_iter().map(quality).collect())
}
