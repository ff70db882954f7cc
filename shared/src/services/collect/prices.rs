//! `collect-prices`: the exchange's closed candles and its live price.
//!
//! Every series is continued from its newest stored candle; the first run pages from the beginning
//! of history. What is missing on the grid is asked for once more; what the exchange itself does
//! not have is written down as its hole and not asked for again.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::session::Session;
use super::{CollectError, Failure};
use crate::app::App;
use crate::db::live_prices::{self, LivePrice};
use crate::db::{Upserted, admin, market_data, market_gaps};
use crate::domain::candles;
use crate::domain::market::{Asset, Candle, Price, Timeframe};
use crate::domain::wire::Utc;
use crate::services::market;
use crate::sources::binance::{self, Row};
use crate::sources::{Fetched, SourceError};

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
    /// False when nothing is stored and the exchange has no candle of this timeframe either.
    pub is_offered: bool,
    /// Closed candles received.
    pub received: usize,
    /// Rows inserted, updated and left as they were.
    pub rows: Upserted,
    /// Rows the exchange sent that make no candle.
    pub rejected: usize,
    /// Open times for which the exchange itself has no candle, found in this run.
    pub new_holes: Vec<Utc>,
}

/// Collects every series and the live prices as of the app's clock.
///
/// A series that fails is named in the summary; the others go on. Fails as a whole only when what
/// was collected cannot be kept.
pub async fn collect(app: &App) -> Result<PricesSummary, CollectError> {
    let session = Session::open(app).await;
    let collected = collect_all(app, &session).await;
    session.close(app).await?;
    market::remember_prices(app).await?;
    collected
}

async fn collect_all(app: &App, session: &Session) -> Result<PricesSummary, CollectError> {
    let mut summary = PricesSummary::default();
    let series = Asset::ALL
        .into_iter()
        .flat_map(|asset| Timeframe::STORED.map(|timeframe| (asset, timeframe)));
    let runs = series.map(async |(asset, timeframe)| {
        let outcome = SeriesRun::new(app, session, asset, timeframe).collect().await;
        (format!("{} {timeframe}", asset.symbol()), outcome)
    });
    let live = Asset::ALL.map(async |asset| (asset, collect_live_price(app, session, asset).await));
    // All side by side: an exchange that hangs must not outlast the invocation.
    let (runs, live) = futures_util::join!(join_all(runs), join_all(live));
    for (what, outcome) in runs {
        match outcome {
            Ok(series) => summary.series.push(series),
            Err(error) => summary.failures.push(Failure::of(what, error)?),
        }
    }
    for (asset, outcome) in live {
        match outcome {
            Ok(changed) => summary.live_prices_changed += u64::from(changed),
            Err(error) => summary
                .failures
                .push(Failure::of(format!("{} live price", asset.symbol()), error)?),
        }
    }
    Ok(summary)
}

async fn collect_live_price(app: &App, session: &Session, asset: Asset) -> Result<bool, CollectError> {
    let fetched = binance::ticker_24h(&session.upstream, asset).await?;
    let live = LivePrice {
        price: fetched.value.price,
        change_24h_pct: fetched.value.change_24h_pct,
        source: fetched.source.to_owned(),
        observed_at: fetched.value.at,
    };
    Ok(live_prices::upsert(&app.db, asset, &live).await?)
}

/// One series in one run.
struct SeriesRun<'a> {
    app: &'a App,
    session: &'a Session,
    key: (Asset, Timeframe),
    /// The run's time: what closes while it works belongs to the next run.
    now: Timestamp,
    previous_close: Option<Price>,
    summary: SeriesSummary,
}

impl<'a> SeriesRun<'a> {
    fn new(app: &'a App, session: &'a Session, asset: Asset, timeframe: Timeframe) -> Self {
        let summary = SeriesSummary {
            asset,
            timeframe,
            is_offered: true,
            received: 0,
            rows: Upserted::default(),
            rejected: 0,
            new_holes: Vec::new(),
        };
        Self {
            app,
            session,
            key: (asset, timeframe),
            now: app.clock.now(),
            previous_close: None,
            summary,
        }
    }

    /// Continues the series up to now, then looks for what is missing in it.
    async fn collect(mut self) -> Result<SeriesSummary, CollectError> {
        let (_, timeframe) = self.key;
        let newest = market_data::find_newest(&self.app.db, self.key, self.now).await?;
        self.previous_close = newest.as_ref().map(|stored| stored.candle.close);
        let start = match &newest {
            Some(stored) => candles::next_open_time(timeframe, stored.candle.open_time),
            None => self.beginning()?,
        };
        self.follow(start).await?;
        self.summary.is_offered = newest.is_some() || self.summary.received > 0;
        if self.summary.rows.inserted > 0 {
            self.look_for_holes().await?;
        }
        Ok(self.summary)
    }

    fn beginning(&self) -> Result<Timestamp, SourceError> {
        let (_, timeframe) = self.key;
        let start = if timeframe == Timeframe::H1 {
            self.now - HOURLY_HISTORY
        } else {
            let since = self.app.upstream.settings()?.history_since;
            since
                .to_zoned(TimeZone::UTC)
                .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
        };
        Ok(candles::open_time_at(timeframe, start))
    }

    /// Page by page from `start` on, until there is no further closed candle.
    async fn follow(&mut self, mut start: Timestamp) -> Result<(), CollectError> {
        let (asset, timeframe) = self.key;
        while candles::is_closed(timeframe, start, self.now) {
            let page =
                binance::klines(&self.session.upstream, asset, timeframe, start, binance::PAGE).await?;
            let is_last = page.value.len() < binance::PAGE;
            let Some(newest) = self.store(page).await? else {
                break;
            };
            if is_last {
                break;
            }
            start = candles::next_open_time(timeframe, newest);
        }
        Ok(())
    }

    /// Keeps the closed candles of a page; gives the open time of the newest one.
    async fn store(&mut self, page: Fetched<Vec<Row>>) -> Result<Option<Timestamp>, CollectError> {
        let (_, timeframe) = self.key;
        let closed = self.closed_candles(page.value)?;
        let (Some(first), Some(last)) = (closed.first(), closed.last()) else {
            return Ok(None);
        };
        admin::ensure_partitions(&self.app.db, timeframe, first.open_time, last.open_time).await?;
        let marked = candles::with_anomalies(self.previous_close, &closed);
        self.summary.rows +=
            market_data::upsert(&self.app.db, self.key, &marked, page.source, self.now).await?;
        self.summary.received += closed.len();
        self.previous_close = Some(last.close);
        Ok(Some(last.open_time))
    }

    fn closed_candles(&mut self, rows: Vec<Row>) -> Result<Vec<Candle>, SourceError> {
        let (asset, timeframe) = self.key;
        let mut closed: Vec<Candle> = Vec::with_capacity(rows.len());
        for row in rows {
            match row {
                Ok(candle) => {
                    let is_closed = candles::is_closed(timeframe, candle.open_time, self.now);
                    closed.extend(is_closed.then_some(candle));
                }
                Err(error) => {
                    tracing::warn!(asset = asset.as_str(), timeframe = timeframe.as_str(), error = %error, "a candle was rejected");
                    self.summary.rejected += 1;
                }
            }
        }
        if closed.is_sorted_by(|one, next| one.open_time < next.open_time) {
            return Ok(closed);
        }
        Err(SourceError::Broken {
            service: binance::SERVICE,
            reason: "the candles are not in order".to_owned(),
        })
    }

    /// The close of the newest stored candle before the one that opens at `open_time`.
    async fn close_before(&self, open_time: Timestamp) -> Result<Option<Price>, CollectError> {
        let before = open_time - self.key.1.duration();
        let newest = market_data::find_newest(&self.app.db, self.key, before).await?;
        Ok(newest.map(|stored| stored.candle.close))
    }

    /// Compares what is stored with the grid. Each missing piece is asked for once; what the
    /// exchange answers is stored, what it does not have is its own hole.
    async fn look_for_holes(&mut self) -> Result<(), CollectError> {
        let (asset, timeframe) = self.key;
        let stored = market_data::list_open_times(&self.app.db, self.key).await?;
        let known: BTreeSet<Timestamp> = market_gaps::list(&self.app.db, self.key)
            .await?
            .into_iter()
            .collect();
        let mut missing = candles::missing_open_times(timeframe, &stored);
        missing.retain(|time| !known.contains(time));
        let mut holes = Vec::new();
        for piece in candles::ranges(timeframe, &missing) {
            let limit = piece.count.min(binance::PAGE);
            // The candle after the piece is judged anew: its mark is against the one before it.
            let after = candles::next_open_time(timeframe, piece.last);
            let answer = binance::klines(
                &self.session.upstream,
                asset,
                timeframe,
                piece.first,
                (limit + 1).min(binance::PAGE),
            )
            .await?;
            let source = answer.source;
            let is_whole = answer.value.iter().all(Result::is_ok);
            let mut refilled = self.closed_candles(answer.value)?;
            refilled.retain(|candle| candle.open_time <= after);
            // A row that makes no candle may yet be mended at the exchange: it is no hole of its own.
            if is_whole {
                let expected = candles::expected_open_times(timeframe, piece.first, piece.last).take(limit);
                holes.extend(expected.filter(|time| refilled.iter().all(|candle| candle.open_time != *time)));
            }
            if refilled.iter().any(|candle| candle.open_time <= piece.last) {
                self.previous_close = self.close_before(piece.first).await?;
                self.store(Fetched {
                    value: refilled.into_iter().map(Ok).collect(),
                    source,
                })
                .await?;
            }
        }
        market_gaps::record(&self.app.db, self.key, &holes, self.now).await?;
        for hole in &holes {
            tracing::info!(asset = asset.as_str(), timeframe = timeframe.as_str(), open_time = %hole, "the exchange has no candle here");
        }
        self.summary.new_holes = holes.into_iter().map(Utc::from).collect();
        Ok(())
    }
}
