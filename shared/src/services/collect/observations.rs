//! What the collectors of dated values have in common: continue a series, date its values, store them.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{CollectError, Failure};
use crate::app::App;
use crate::db::{self, Upserted, rejected};
use crate::domain::observations::{Metric, Observation};
use crate::domain::rejection::Rows;
use crate::sources::{Fetched, Reported, SourceError};

/// What one run of a collector of dated values did.
#[derive(Debug, Default, Serialize)]
pub struct ObservationsSummary {
    /// One entry a series that was collected.
    pub series: Vec<SeriesSummary>,
    /// What did not work; everything else was stored all the same.
    pub failures: Vec<Failure>,
}

/// What became of one series.
#[derive(Debug, Serialize)]
pub struct SeriesSummary {
    /// The series.
    pub metric: Metric,
    /// Values received.
    pub received: usize,
    /// Rows inserted, updated and left as they were; what an updated one said before is kept.
    pub rows: Upserted,
    /// Rows that cannot be stored; they are kept for inspection.
    pub rejected: usize,
}

impl ObservationsSummary {
    /// Adds the outcome of one series.
    pub(super) fn add(
        &mut self,
        metric: Metric,
        outcome: Result<SeriesSummary, CollectError>,
    ) -> Result<(), CollectError> {
        match outcome {
            Ok(series) => self.series.push(series),
            Err(error) => self.failures.push(Failure::of(metric.to_string(), error)?),
        }
        Ok(())
    }
}

/// Where a run takes a series up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Start {
    /// The series was empty: its whole history counts as known since its publication.
    pub(super) is_first_run: bool,
    /// The earliest date to ask for.
    pub(super) since: Timestamp,
}

/// From where on to ask: `first_span` back on the first run, later `overlap` before the newest value,
/// because sources still change their last values.
pub(super) async fn start(
    app: &App,
    metric: Metric,
    first_span: SignedDuration,
    overlap: SignedDuration,
) -> Result<Start, CollectError> {
    Ok(match db::observations::find_newest_date(&app.db, metric).await? {
        None => Start {
            is_first_run: true,
            since: app.clock.now() - first_span,
        },
        Some(newest) => Start {
            is_first_run: false,
            since: newest - overlap,
        },
    })
}

/// Stores what a source reported.
pub(super) async fn store(
    app: &App,
    metric: Metric,
    start: Start,
    fetched: Fetched<Rows<Reported>>,
) -> Result<SeriesSummary, CollectError> {
    let now = app.clock.now();
    let Fetched { value: rows, source } = fetched;
    rejected::record(&app.db, (source, metric.as_str()), &rows.rejected, now).await?;
    for row in &rows.rejected {
        tracing::warn!(metric = metric.as_str(), reason = %row.reason, "a value was rejected");
    }
    if rows.is_useless() {
        return Err(CollectError::Source(SourceError::Broken {
            service: source,
            reason: format!("none of its {} rows can be stored", rows.rejected.len()),
        }));
    }
    let observation = |reported: &Reported| Observation {
        metric,
        observed_at: reported.observed_at,
        value: reported.value,
        available_at: available_at(metric, reported.observed_at, start.is_first_run, now),
        source: source.to_owned(),
        realtime_start: reported.realtime_start,
        is_interpolated: false,
    };
    let observations: Vec<Observation> = rows.accepted.iter().map(observation).collect();
    let written = db::observations::upsert(&app.db, &observations, now).await?;
    Ok(SeriesSummary {
        metric,
        received: observations.len(),
        rows: written,
        rejected: rows.rejected.len(),
    })
}

/// When a value became known. Source: DOMAIN "Market inputs".
///
/// What a running collector fetches became known now. The history of a first run was published
/// long before, its date plus the usual lag; nothing is known before it is fetched or published.
fn available_at(metric: Metric, observed_at: Timestamp, is_first_run: bool, now: Timestamp) -> Timestamp {
    if is_first_run {
        now.min(observed_at + metric.publication_lag())
    } else {
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn history_of_a_first_run_counts_as_known_since_its_publication() {
        let known = available_at(
            Metric::MoneySupply,
            at("2024-01-01T00:00:00Z"),
            true,
            at("2024-06-01T00:00:00Z"),
        );
        assert_eq!(known, at("2024-03-01T00:00:00Z"));
    }

    #[test]
    fn what_came_before_its_usual_lag_is_known_since_it_was_fetched() {
        let now = at("2024-01-02T00:30:00Z");
        assert_eq!(
            available_at(Metric::Nvt, at("2024-01-01T00:00:00Z"), true, now),
            now
        );
    }

    #[test]
    fn a_value_fetched_by_a_running_collector_was_not_known_before() {
        let now = at("2024-06-01T00:00:00Z");
        assert_eq!(
            available_at(Metric::FearGreed, at("2024-01-01T00:00:00Z"), false, now),
            now
        );
    }
}
