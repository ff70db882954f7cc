//! `collect-onchain`: what Bitcoin's chain says. Glassnode with a key; the free source without.
//!
//! The free source has active addresses and NVT; the other metrics are then reported as missing.

use futures_util::future::join_all;
use jiff::SignedDuration;

use super::observations::{self, ObservationsSummary};
use super::session::Session;
use super::{CollectError, Failure, ObservedSeries};
use crate::app::App;
use crate::domain::observations::Metric;
use crate::sources::{blockchain_info, glassnode};

const METRICS: [Metric; 5] = [
    Metric::MvrvZScore,
    Metric::Nvt,
    Metric::ExchangeNetFlow,
    Metric::LongTermHolderSupply,
    Metric::ActiveAddresses,
];

/// Sixty days on the first run. Source: DOMAIN "Market inputs".
const FIRST_SPAN: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The last days are asked for again: they are still corrected.
const OVERLAP: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Collects every metric as of the app's clock.
pub async fn collect(app: &App) -> Result<ObservationsSummary, CollectError> {
    collect_beyond(app, SignedDuration::ZERO).await
}

/// The same; a first run goes back further by so much.
pub(super) async fn collect_beyond(
    app: &App,
    further: SignedDuration,
) -> Result<ObservationsSummary, CollectError> {
    let session = Session::open(app).await;
    // Side by side: five answers that hang one after the other would outlast the invocation.
    let asked = METRICS.map(async |metric| (metric, collect_metric(app, &session, metric, further).await));
    let collected = join_all(asked).await;
    session.close(app).await?;
    let mut summary = ObservationsSummary::default();
    for (metric, series) in collected {
        match series.transpose() {
            Some(series) => summary.add(metric, series)?,
            None => summary.failures.push(no_free_source(metric)),
        }
    }
    Ok(summary)
}

fn no_free_source(metric: Metric) -> Failure {
    Failure {
        what: metric.to_string(),
        why: "there is no free source for it; set GLASSNODE_API_KEY".to_owned(),
        may_pass: false,
    }
}

/// One metric; nothing when no source that we may ask has it.
async fn collect_metric(
    app: &App,
    session: &Session,
    metric: Metric,
    further: SignedDuration,
) -> Result<Option<ObservedSeries>, CollectError> {
    let start = observations::start(app, metric, FIRST_SPAN + further, OVERLAP).await?;
    let has_key = app.upstream.settings()?.glassnode_api_key.is_some();
    let fetched = match metric {
        _ if has_key => glassnode::series(&session.upstream, metric, start.since).await?,
        Metric::ActiveAddresses => blockchain_info::active_addresses(&session.upstream).await?,
        Metric::Nvt => blockchain_info::nvt(&session.upstream).await?,
        _ => return Ok(None),
    };
    observations::store(app, metric, start, fetched).await.map(Some)
}
