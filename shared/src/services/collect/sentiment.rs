//! `collect-sentiment`: the Fear & Greed index, all of its history on the first run.

use jiff::SignedDuration;

use super::observations::{self, ObservationsSummary};
use super::session::Session;
use super::{CollectError, ObservedSeries};
use crate::app::App;
use crate::domain::observations::Metric;
use crate::sources::fear_greed;

/// How many days a later run asks for: enough to close a hole of two weeks.
const RECENT_DAYS: u32 = 14;

/// Collects the index as of the app's clock.
pub async fn collect(app: &App) -> Result<ObservationsSummary, CollectError> {
    let session = Session::open(app).await;
    let collected = collect_index(app, &session).await;
    session.close(app).await?;
    let mut summary = ObservationsSummary::default();
    summary.add(Metric::FearGreed, collected)?;
    Ok(summary)
}

async fn collect_index(app: &App, session: &Session) -> Result<ObservedSeries, CollectError> {
    let start =
        observations::start(app, Metric::FearGreed, SignedDuration::ZERO, SignedDuration::ZERO).await?;
    let days = if start.is_first_run { 0 } else { RECENT_DAYS };
    let fetched = fear_greed::index(&session.upstream, days).await?;
    observations::store(app, Metric::FearGreed, start, fetched).await
}
