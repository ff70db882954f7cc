//! One series of candles: new and changed ones first, then whatever its grid still lacks.
//!
//! The newest candles are asked for again in every run, because the exchange may still change them.
//! After that the audit goes on where the run before left it, page by page, until every place of the
//! grid is stored or known to be a hole of the exchange's own. An empty series is nothing but open
//! places: the first run is an audit too.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::CollectError;
use super::session::Session;
use crate::app::App;
use crate::db::market_data::{self, Until};
use crate::db::market_gaps::{self, Gap};
use crate::db::{Upserted, admin, market_audits, rejected};
use crate::domain::candles::{self, Audit, Page};
use crate::domain::market::{Asset, Candle, Timeframe, series_name};
use crate::domain::rejection::Rows;
use crate::domain::wire::Utc;
use crate::sources::{Fetched, SourceError, binance};

/// How far back hourly candles are collected on the first run. Source: DOMAIN "Market inputs".
const HOURLY_HISTORY: SignedDuration = SignedDuration::from_hours(365 * 24);

/// How many of the newest candles are asked for again: a change of an older one is not noticed.
const ASKED_AGAIN: i32 = 3;

/// The most pages of an audit in one run; the next one goes on. A series of eight years of four-hour
/// candles has eighteen.
const PAGES_A_RUN: usize = 50;

/// How often the audit begins at the beginning: a row that was lost is found within a day.
const FULL_AUDIT: SignedDuration = SignedDuration::from_hours(24);

/// How often the exchange is asked whether it has mended a hole.
const HOLE_CHECK: SignedDuration = SignedDuration::from_hours(7 * 24);

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
    /// Candles that said something else before.
    pub revised: usize,
    /// Rows the exchange sent that cannot be stored; they are kept for inspection.
    pub rejected: usize,
    /// Open times for which the exchange itself has no candle, found in this run.
    pub new_holes: Vec<Utc>,
    /// Every place of the grid before this one is settled; nothing when the series is not offered.
    pub settled_until: Option<Utc>,
}

/// One series in one run.
pub(super) struct SeriesRun<'a> {
    app: &'a App,
    session: &'a Session,
    key: (Asset, Timeframe),
    /// The run's time: what closes while it works belongs to the next run.
    now: Timestamp,
    summary: SeriesSummary,
}

impl<'a> SeriesRun<'a> {
    pub(super) fn new(app: &'a App, session: &'a Session, (asset, timeframe): (Asset, Timeframe)) -> Self {
        let summary = SeriesSummary {
            asset,
            timeframe,
            is_offered: true,
            received: 0,
            rows: Upserted::default(),
            revised: 0,
            rejected: 0,
            new_holes: Vec::new(),
            settled_until: None,
        };
        Self {
            app,
            session,
            key: (asset, timeframe),
            now: app.clock.now(),
            summary,
        }
    }

    /// Brings the series up to now, then settles what is open in it.
    pub(super) async fn collect(mut self) -> Result<SeriesSummary, CollectError> {
        let (_, timeframe) = self.key;
        let until = Until {
            opened_by: self.now,
            as_of: self.now,
        };
        let newest = market_data::find_newest(&self.app.db, self.key, until).await?;
        if let Some(newest) = &newest {
            let start = newest.candle.open_time - timeframe.duration() * (ASKED_AGAIN - 1);
            self.ask(start, binance::PAGE).await?;
        }
        self.audit().await?;
        self.summary.is_offered = newest.is_some() || self.summary.settled_until.is_some();
        Ok(self.summary)
    }

    /// Asks for what is open, a page at a time, from where the last run stopped.
    async fn audit(&mut self) -> Result<(), CollectError> {
        let Some(known) = self.standing().await? else {
            return Ok(());
        };
        let mut standing = known;
        if self.now.duration_since(standing.began_at) >= FULL_AUDIT {
            standing.settled_until = standing.first_open_time;
            standing.began_at = self.now;
        }
        let holes = market_gaps::list(&self.app.db, self.key, standing.settled_until).await?;
        let mut audit = self.open_audit(standing.settled_until, &holes).await?;
        let known_holes: BTreeSet<Timestamp> = holes.iter().map(|hole| hole.open_time).collect();
        for _ in 0..PAGES_A_RUN {
            let Some(piece) = audit.next_piece() else {
                break;
            };
            // The candle after the piece shows that the exchange went on, and is judged anew against the one before it.
            let page = self.ask(piece.first, piece.count + 1).await?;
            let found = audit.take(piece, &page);
            self.note_holes(&found, &known_holes, &page).await?;
            standing.settled_until = audit.settled_until();
            market_audits::save(&self.app.db, self.key, &standing).await?;
        }
        standing.settled_until = audit.settled_until();
        if standing != known {
            market_audits::save(&self.app.db, self.key, &standing).await?;
        }
        self.summary.settled_until = Some(standing.settled_until.into());
        Ok(())
    }

    /// Where the audit stands; it begins anew when history is wanted from an earlier time than
    /// before. Nothing when the exchange has no candle of this series.
    async fn standing(&mut self) -> Result<Option<market_audits::Audit>, CollectError> {
        let beginning = self.beginning()?;
        let known = market_audits::find(&self.app.db, self.key).await?;
        if let Some(known) = known.filter(|known| known.asked_since <= beginning) {
            return Ok(Some(known));
        }
        let first = self.rows_from(beginning, 1).await?;
        let page = page_of(&first.value, 1);
        let offered = page.received.first().or(page.rejected.iter().flatten().next());
        Ok(offered.map(|first_open_time| {
            // A row off the grid stands for the place it is nearest to.
            let first_open_time = candles::open_time_at(self.key.1, *first_open_time).max(beginning);
            market_audits::Audit {
                asked_since: beginning,
                first_open_time,
                settled_until: first_open_time,
                began_at: self.now,
            }
        }))
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

    async fn open_audit(&self, first: Timestamp, holes: &[Gap]) -> Result<Audit, CollectError> {
        let (_, timeframe) = self.key;
        let stored = market_data::list_places(&self.app.db, self.key, first).await?;
        let believed = holes
            .iter()
            .filter(|hole| self.now.duration_since(hole.checked_at) < HOLE_CHECK)
            .map(|hole| hole.open_time);
        let settled = stored.into_iter().map(|place| place.open_time).chain(believed);
        let last = candles::newest_closed(timeframe, self.now);
        Ok(Audit::new(timeframe, (first, last), settled))
    }

    async fn note_holes(
        &mut self,
        found: &[Timestamp],
        known: &BTreeSet<Timestamp>,
        page: &Page,
    ) -> Result<(), CollectError> {
        let mended: Vec<Timestamp> = page
            .received
            .iter()
            .copied()
            .filter(|time| known.contains(time))
            .collect();
        if !mended.is_empty() {
            market_gaps::forget(&self.app.db, self.key, &mended).await?;
        }
        if !found.is_empty() {
            market_gaps::record(&self.app.db, self.key, found, self.now).await?;
        }
        for hole in found.iter().filter(|hole| !known.contains(hole)) {
            let (asset, timeframe) = self.key;
            tracing::info!(asset = asset.as_str(), timeframe = timeframe.as_str(), open_time = %hole, "the exchange has no candle here");
            self.summary.new_holes.push((*hole).into());
        }
        Ok(())
    }

    /// Asks for candles from `start` on and stores the closed ones.
    async fn ask(&mut self, start: Timestamp, limit: usize) -> Result<Page, CollectError> {
        let (_, timeframe) = self.key;
        let limit = limit.min(binance::PAGE);
        let Fetched { value: rows, source } = self.rows_from(start, limit).await?;
        let page = page_of(&rows, limit);
        let closed: Vec<Candle> = rows
            .accepted
            .into_iter()
            .filter(|candle| candles::is_closed(timeframe, candle.open_time, self.now))
            .collect();
        self.store(&closed, source).await?;
        Ok(page)
    }

    /// Fetches rows and keeps those that make no candle. When none of them even says its time, they
    /// are no candles of ours, and certainly no sign that the exchange has none.
    async fn rows_from(
        &mut self,
        start: Timestamp,
        limit: usize,
    ) -> Result<Fetched<Rows<Candle>>, CollectError> {
        let fetched = self.fetch(start, limit).await?;
        self.keep_rejected(&fetched.value, fetched.source).await?;
        let rows = &fetched.value;
        if rows.is_useless() && rows.rejected.iter().all(|row| row.dated.is_none()) {
            return Err(CollectError::Source(SourceError::Broken {
                service: binance::SERVICE,
                reason: format!("none of its {} rows is a candle", rows.rejected.len()),
            }));
        }
        Ok(fetched)
    }

    async fn fetch(&self, start: Timestamp, limit: usize) -> Result<Fetched<Rows<Candle>>, SourceError> {
        let (asset, timeframe) = self.key;
        let fetched = binance::klines(&self.session.upstream, asset, timeframe, start, limit).await?;
        let times = || fetched.value.accepted.iter().map(|candle| candle.open_time);
        let reason = if !times().is_sorted() {
            "the candles are not in order"
        } else if times().next().is_some_and(|first| first < start) {
            "there are candles from before the time that was asked for"
        } else {
            return Ok(fetched);
        };
        Err(SourceError::Broken {
            service: binance::SERVICE,
            reason: reason.to_owned(),
        })
    }

    async fn keep_rejected(&mut self, rows: &Rows<Candle>, source: &str) -> Result<(), CollectError> {
        let (asset, timeframe) = self.key;
        for row in &rows.rejected {
            tracing::warn!(asset = asset.as_str(), timeframe = timeframe.as_str(), reason = %row.reason, "a candle was rejected");
        }
        self.summary.rejected += rows.rejected.len();
        let series = series_name(self.key);
        Ok(rejected::record(&self.app.db, (source, &series), &rows.rejected, self.now).await?)
    }

    async fn store(&mut self, closed: &[Candle], source: &str) -> Result<(), CollectError> {
        let (_, timeframe) = self.key;
        let (Some(first), Some(last)) = (closed.first(), closed.last()) else {
            return Ok(());
        };
        let db = &self.app.db;
        admin::ensure_partitions(db, timeframe, first.open_time, last.open_time).await?;
        let before = market_data::find_close_before(db, self.key, first.open_time).await?;
        let marked = candles::with_anomalies(before, closed);
        let written = market_data::upsert(db, self.key, &marked, source, self.now).await?;
        self.summary.rows += written.rows;
        self.summary.revised += written.revised;
        self.summary.received += closed.len();
        Ok(())
    }
}

fn page_of(rows: &Rows<Candle>, limit: usize) -> Page {
    Page {
        received: rows.accepted.iter().map(|candle| candle.open_time).collect(),
        rejected: rows.rejected.iter().map(|row| row.dated).collect(),
        is_full: rows.accepted.len() + rows.rejected.len() >= limit,
    }
}
