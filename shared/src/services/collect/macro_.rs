//! `collect-macro`: rates, the dollar and money supply from FRED.

use futures_util::future::join_all;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::observations::{self, ObservationsSummary};
use super::session::Session;
use super::{CollectError, ObservedSeries};
use crate::app::App;
use crate::domain::observations::Metric;
use crate::sources::fred;

const METRICS: [Metric; 4] = [
    Metric::FedFundsRate,
    Metric::DollarIndex,
    Metric::TenYearYield,
    Metric::MoneySupply,
];

/// How far back the first run goes. Source: DOMAIN "Market inputs".
const fn first_span(metric: Metric) -> SignedDuration {
    SignedDuration::from_hours(
        24 * if matches!(metric, Metric::MoneySupply) {
            30 * 31
        } else {
            400
        },
    )
}

/// How far back later runs ask again: money supply is revised for months, the others for days.
const fn overlap(metric: Metric) -> SignedDuration {
    SignedDuration::from_hours(
        24 * if matches!(metric, Metric::MoneySupply) {
            400
        } else {
            14
        },
    )
}

/// Collects every series as of the app's clock.
///
/// What may work on the next try fails the run after the rest was stored: the next schedule is a day away.
pub async fn collect(app: &App) -> Result<ObservationsSummary, CollectError> {
    collect_beyond(app, SignedDuration::ZERO).await
}

/// The same; a first run goes back further by so much.
pub(super) async fn collect_beyond(
    app: &App,
    further: SignedDuration,
) -> Result<ObservationsSummary, CollectError> {
    let session = Session::open(app).await;
    // Side by side: four services that hang one after the other would outlast the invocation.
    let asked = METRICS.map(async |metric| (metric, collect_metric(app, &session, metric, further).await));
    let collected = join_all(asked).await;
    session.close(app).await?;
    let mut summary = ObservationsSummary::default();
    for (metric, series) in collected {
        summary.add(metric, series)?;
    }
    if summary.failures.iter().any(|failure| failure.may_pass) {
        return Err(CollectError::Incomplete(summary.failures));
    }
    Ok(summary)
}

async fn collect_metric(
    app: &App,
    session: &Session,
    metric: Metric,
    further: SignedDuration,
) -> Result<ObservedSeries, CollectError> {
    let start = observations::start(app, metric, first_span(metric) + further, overlap(metric)).await?;
    let since = start.since.to_zoned(TimeZone::UTC).date();
    let fetched = fred::observations(&session.upstream, metric, since).await?;
    observations::store(app, metric, start, fetched).await
}
