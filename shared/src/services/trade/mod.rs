//! Decisions become trades: every subscription that takes part, chunk by chunk.
//!
//! A chunk is one transaction: it takes the decision's turn, looks at the locks of now, locks its
//! subscriptions, lets the pure engine work and writes everything back set-wise, with the events that
//! tell of it. What is killed between two chunks is gone on with where it was left; what is killed
//! within one is as if it had not begun. Decides nothing and delivers no event.
//!
//! Everything is locked in one order: the decision, its subscriptions by id, the user's portfolio,
//! push streams. So a pause, a withdrawal or a stop comes before a chunk or after it, and nobody
//! waits in a circle.

mod chunk;
pub mod events;

use std::time::Duration;

use jiff::SignedDuration;
use serde::Serialize;

use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::{Contention, DbError, decisions};
use crate::domain::identity::DecisionId;

use chunk::{End, Step};

/// How long after T a decision may still be traded. Source: DOMAIN "Decision", step 0.
const PATIENCE: SignedDuration = SignedDuration::from_mins(60);

/// Subscriptions in one transaction. Larger ones are hardly faster, and hold locks and memory longer.
pub const CHUNK: usize = 1000;

/// How often a chunk is tried that meets a conflict: such a one is gone at once, or it is no accident.
const TRIES: usize = 3;

/// Why decisions could not be traded.
#[derive(Debug, thiserror::Error)]
pub enum TradeError {
    /// The database failed. What was committed stays; the next run goes on from there.
    #[error("decisions could not be traded")]
    Database(#[from] DbError),
    /// What happened cannot be told as JSON.
    #[error("a trade cannot be told")]
    Event(#[from] serde_json::Error),
}

/// What became of pending decisions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TradeSummary {
    /// Decisions traded to their end in this run.
    pub traded: usize,
    /// Decisions that came too late.
    pub expired: usize,
    /// Decisions that a lock stopped.
    pub blocked: usize,
    /// Decisions that are left to the next run: this one's time is up, or somebody held what they need.
    pub left: usize,
    /// Subscriptions that were dealt with.
    pub subscriptions: usize,
    /// Fills.
    pub trades: usize,
}

/// Trades every decision that is pending, the oldest T first, within `time_left` where that is known.
///
/// Can run beside itself: runners take turns chunk by chunk. A decision that another transaction is in
/// the way of is left to the next run. One that fails does not stop the others; the first failure is
/// returned when all had their turn. Only a server that is lost ends the run.
pub async fn pending(app: &App, time_left: Option<Duration>) -> Result<TradeSummary, TradeError> {
    pending_by(app, time_left, CHUNK).await
}

/// The same with chunks of another size.
pub async fn pending_by(
    app: &App,
    time_left: Option<Duration>,
    chunk: usize,
) -> Result<TradeSummary, TradeError> {
    let mut summary = TradeSummary::default();
    let mut patience = Patience::new(time_left);
    let mut failure = None;
    for id in decisions::list_pending(&app.db).await? {
        match one(app, id, chunk, &mut patience, &mut summary).await {
            Ok(()) => {}
            Err(TradeError::Database(error)) if error.contention().is_some() => {
                tracing::warn!(
                    decision = %id,
                    error = &error as &dyn std::error::Error,
                    "a decision is left to the next run: another transaction is in its way"
                );
                summary.left += 1;
            }
            // Nothing else would get through either.
            Err(TradeError::Database(error)) if error.is_unavailable() => return Err(error.into()),
            Err(error) => {
                tracing::error!(
                    decision = %id,
                    error = &error as &dyn std::error::Error,
                    "a decision could not be traded"
                );
                failure.get_or_insert(error);
            }
        }
    }
    failure.map_or(Ok(summary), Err)
}

/// Trades one decision as far as the time allows.
async fn one(
    app: &App,
    id: DecisionId,
    chunk: usize,
    patience: &mut Patience,
    summary: &mut TradeSummary,
) -> Result<(), TradeError> {
    loop {
        if patience.is_over() {
            summary.left += 1;
            return Ok(());
        }
        let watch = Stopwatch::start();
        let Step { traded, end } = Box::pin(step(app, id, chunk)).await?;
        patience.learn(watch.elapsed());
        summary.subscriptions += traded.subscriptions;
        summary.trades += traded.trades;
        match end {
            None => continue,
            Some(End::Traded) => summary.traded += 1,
            Some(End::Expired) => summary.expired += 1,
            Some(End::Blocked) => summary.blocked += 1,
            Some(End::Elsewhere) => {}
        }
        return Ok(());
    }
}

/// The next chunk, tried again when it meets a conflict: it was rolled back, as if it had not begun.
async fn step(app: &App, id: DecisionId, chunk: usize) -> Result<Step, TradeError> {
    let mut tries = 1;
    loop {
        match chunk::next(app, id, chunk).await {
            Err(TradeError::Database(error))
                if tries < TRIES && error.contention() == Some(Contention::Conflict) =>
            {
                tries += 1;
            }
            ended => return ended,
        }
    }
}

/// How much of a run's time is left: no chunk is begun that may not end in it.
struct Patience {
    since: Stopwatch,
    time_left: Option<Duration>,
    longest: Duration,
}

impl Patience {
    fn new(time_left: Option<Duration>) -> Self {
        Self {
            since: Stopwatch::start(),
            time_left,
            longest: Duration::ZERO,
        }
    }

    fn learn(&mut self, chunk: Duration) {
        self.longest = self.longest.max(chunk);
    }

    fn is_over(&self) -> bool {
        self.time_left
            .is_some_and(|left| self.since.elapsed() + self.longest >= left)
    }
}
