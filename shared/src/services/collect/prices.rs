//! `collect-prices`: the exchange's closed candles and its live price.
//!
//! Every series is continued from its newest stored candle; the first run pages from the beginning
//! of history. What is missing on the grid is asked for once more; what the exchange itself does
//! not have is written down as its hole. No candle is ever made up.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{CollectError, Failure, Session};
use crate::app::App;
use crate::db::market_data::{self, StoredCandle, Upserted};
use crate::db::{admin, live_prices, market_gaps};
use crate::domain::candles::{self, is_anomaly};
use crate::domain::market::{Asset, Candle, Timeframe};
use crate::domain::wire::Utc;

/// The exchange answers at most this many candles at once.
const PAGE: usize = 1000;

/// How far back hourly candles are collected on the first run. Source: DOMAIN "Market inputs".
const HOURLY_HISTORY: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What one run of the collector did.
#[derive(Debug, Default, Serialize)]
pub struct PricesSummary {
    /// One entry a series.
    pub series: Vec<SeriesSummary>,
    /// Live prices that were stored anew.
    pub live_prices_changed: u64,
    /// What did not work; everything else was stored all the same.
    pub failures: Vec<Failure>,
}

/// What became of one series of candles.
#[derive(Debug, Serialize)]
pub struct SeriesSummary {
    /// The asset.
    pub asset: Asset,
    /// The timeframe.
    pub timeframe: Timeframe,
    /// Whether the exchange has candles of this timeframe at all.
    pub offered: bool,
    /// Closed candles received.
    pub received: usize,
    /// Rows inserted, updated and left as they were.
    #[serde(flatten)]
    pub rows: Upserted,
    /// Rows the exchange sent that make no candle.
    pub rejected: usize,
    /// Open times the exchange itself has no candle for, found in this run.
    pub new_holes: Vec<Utc>,
    /// Holes the exchange had filled when it was asked again.
    pub refilled: usize,
}

/// Collects every series and the live prices as of the app's clock.
///
/// A series that fails is named in the summary; the others go on.
pub async fn collect(app: &App) -> Result<PricesSummary, CollectError> {
    let session = Session::open(app, &["binance"]).await;
    let collected = collect_all(app, &session).await;
    session.close(app).await?;
    collected
}

async fn collect_all(app: &App, session: &Session) -> Result<PricesSummary, CollectError> {
    let mut summary = PricesSummary::default();
    let series = Asset::ALL.into_iter().flat_map(|asset| Timeframe::STORED.map(|timeframe| (asset, timeframe)));
    let runs = series.map(|(asset, timeframe)| async move {
        (format!("{} {timeframe}", asset.symbol()), collect_series(app, session, asset, timeframe).await)
    });
    for (what, outcome) in join_all(runs).await {
        match outcome {
            Ok(series) => summary.series.push(series),
            Err(error) => summary.failures.push(Failure::of(what, error)?),
        }
    }
    for asset in Asset::ALL {
        match collect_live_price(app, session, asset).await {
            Ok(changed) => summary.live_prices_changed += u64::from(changed),
            Err(error) => summary.failures.push(Failure::of(format!("{} live price", asset.symbol()), error)?),
        }
    }
    Ok(summary)
}

/// Continues one series up to now, then looks for what is missing in it.
async fn collect_series(
    app: &App,
    session: &Session,
    asset: Asset,
    timeframe: Timeframe,
) -> Result<SeriesSummary, CollectError> {
    let mut progress = Progress::new(asset, timeframe);
    let newest = market_data::find_newest(&app.db, asset, timeframe).await?;
    let mut previous_close = newest.as_ref().map(|stored| stored.candle.close);
    let mut start = match &newest {
        Some(stored) => candles::next_open_time(timeframe, stored.candle.open_time),
        None => first_open_time(app, timeframe),
    };
    while candles::is_closed(timeframe, start, app.clock.now()) {
        let page = session.klines(app, asset, timeframe, start, PAGE).await?;
        let Some(last) = progress.closed_candles(&page.value, app.clock.now()).last().copied() else { break };
        let closed = progress.closed_candles(&page.value, app.clock.now());
        progress.store(app, &closed, &page.source, &mut previous_close).await?;
        if page.value.len() < PAGE {
            break;
        }
        start = candles::next_open_time(timeframe, last.open_time);
    }
    Ok(progress.summary)
}
