//! A stretch of stored history, boundary by boundary: what the platform would have decided then.
//!
//! The same run as the scheduled one, on a clock that is moved: it reads what was known at each
//! boundary and nothing else. It fetches nothing that is stored already.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::app::App;
use crate::db::{DbError, strategies};
use crate::services::collect;
use crate::services::decide::{self, RunError};

/// How long after a boundary its run is due. Source: DOMAIN "Decision", step 0.
const RUN_DELAY: SignedDuration = SignedDuration::from_mins(2);

/// Why history cannot be stepped through.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The clock is the system's: it cannot be moved.
    #[error("history needs a clock that can be moved")]
    SystemClock,
    /// The clock is beyond the beginning already.
    #[error("the clock is at {now}, later than the first boundary {first}")]
    Late {
        /// The time.
        now: Timestamp,
        /// The first boundary.
        first: Timestamp,
    },
    /// The strategies cannot be read.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A run failed.
    #[error("the run for {as_of} failed")]
    Run {
        /// Its boundary.
        as_of: Timestamp,
        /// Why.
        #[source]
        source: RunError,
    },
}

/// What became of the boundaries.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stepped {
    /// Boundaries at which something was due.
    pub boundaries: usize,
    /// Executions with a decision.
    pub decided: usize,
    /// Executions without one.
    pub skipped: usize,
}

/// Runs the strategies at each of their boundaries in `from..=to`, and tells `progress` after each.
pub async fn step(
    app: &App,
    (from, to): (Timestamp, Timestamp),
    mut progress: impl FnMut(Timestamp, &Stepped),
) -> Result<Stepped, StepError> {
    if !app.clock.is_fixed() {
        return Err(StepError::SystemClock);
    }
    let mut stepped = Stepped::default();
    for as_of in boundaries(app, from, to).await? {
        let due = as_of + RUN_DELAY;
        let now = app.clock.now();
        if now > due {
            return Err(StepError::Late { now, first: as_of });
        }
        app.clock.advance(due.duration_since(now));
        // A market that was too old is fresh again when the collector finds it so; none runs here.
        collect::follow_staleness(app)
            .await
            .map_err(|error| StepError::Run {
                as_of,
                source: error.into(),
            })?;
        let run = decide::run_due(app, due, None).await;
        let summary = run.map_err(|source| StepError::Run { as_of, source })?;
        let decided = summary
            .executed
            .iter()
            .filter(|one| one.skip_reason.is_none())
            .count();
        stepped.boundaries += 1;
        stepped.decided += decided;
        stepped.skipped += summary.executed.len() - decided;
        progress(as_of, &stepped);
    }
    Ok(stepped)
}

/// The boundaries of all active strategies, each once, in order.
async fn boundaries(app: &App, from: Timestamp, to: Timestamp) -> Result<Vec<Timestamp>, DbError> {
    let mut found = Vec::new();
    for strategy in strategies::list_active(&app.db).await? {
        let mut boundary = strategy.interval.boundary_at_or_before(to);
        while boundary >= from {
            found.push(boundary);
            boundary -= strategy.interval.duration();
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
