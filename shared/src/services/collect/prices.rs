//! `collect-prices`: the exchange's closed candles and the live prices.
//!
//! Every series and every price is collected side by side. What one of them lacks or fails at does
//! not stop the others.

use futures_util::future::join_all;
use serde::Serialize;

use super::candles::{SeriesRun, SeriesSummary};
use super::session::Session;
use super::{CollectError, Failure, quotes};
use crate::app::App;
use crate::domain::decision::{self, LockReason};
use crate::domain::market::{Asset, Timeframe, series_name};
use crate::services::{locks, market, partitions};

/// What one run of the collector did.
#[derive(Debug, Default, Serialize)]
pub struct PricesSummary {
    /// One entry a series.
    pub series: Vec<SeriesSummary>,
    /// Live prices that were stored anew.
    pub live_prices_changed: u64,
    /// Partitions with candles that nobody keeps any more.
    pub partitions_dropped: Vec<String>,
    /// What did not work; everything else was stored all the same.
    pub failures: Vec<Failure>,
}

/// Collects every series and the live prices as of the app's clock.
///
/// A series that fails is named in the summary; the others go on. Fails as a whole only when what
/// was collected cannot be kept.
pub async fn collect(app: &App) -> Result<PricesSummary, CollectError> {
    let session = Session::open(app).await;
    let collected = collect_all(app, &session).await;
    session.close(app).await?;
    follow_staleness(app).await?;
    market::remember_prices(app).await?;
    collected
}

/// The market is too old to trade in, or no longer: that is known now, not only at the next boundary.
pub async fn follow_staleness(app: &App) -> Result<(), CollectError> {
    let now = app.clock.now();
    let cause = decision::stale_cause(&market::last_closes(app, now).await?, now);
    locks::follow_and_show(app, LockReason::StaleMarket, cause.as_deref()).await?;
    Ok(())
}

async fn collect_all(app: &App, session: &Session) -> Result<PricesSummary, CollectError> {
    let series = Asset::ALL
        .into_iter()
        .flat_map(|asset| Timeframe::STORED.map(|timeframe| (asset, timeframe)));
    let runs = series.map(async |key| {
        (
            series_name(key),
            SeriesRun::new(app, session, key).collect().await,
        )
    });
    // All side by side: an exchange that hangs must not outlast the invocation.
    let (runs, live) = futures_util::join!(join_all(runs), quotes::collect(app, session));
    let mut summary = PricesSummary {
        partitions_dropped: partitions::keep(app).await.dropped,
        ..PricesSummary::default()
    };
    for (what, outcome) in runs {
        match outcome {
            Ok(series) => summary.series.push(series),
            Err(error) => summary.failures.push(Failure::of(what, error)?),
        }
    }
    let live = live?;
    summary.live_prices_changed = live.changed;
    summary.failures.extend(live.failures);
    Ok(summary)
}
