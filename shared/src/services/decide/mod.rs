//! `run-strategies`: what is due is decided, once, as of its boundary.
//!
//! A run gathers what was known at T, lets the agents analyse it, decides and records. It reads
//! nothing that was not known at T, so that a run an hour late decides the same.

mod agents;
mod gather;
mod record;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;
use serde::Serialize;

use crate::app::App;
use crate::db::{DbError, executions, strategies};
use crate::domain::decision::{self, Answers, Situation};
use crate::domain::strategy::Strategy;
use crate::domain::wire::Utc;
use crate::services::collect::{self, CollectError};
use crate::services::scores;

pub use agents::{AgentAnswer, Analyses};
use gather::KnownAt;
pub use gather::MarketAt;
pub use record::ExecutionDocument;

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The database failed.
    #[error("the run could not read or record")]
    Database(#[from] DbError),
    /// The prices of T could not be collected and kept.
    #[error("the prices of the boundary could not be collected")]
    Prices(#[from] CollectError),
    /// A decision cannot be written as JSON.
    #[error("a decision cannot be recorded")]
    Record(#[from] serde_json::Error),
}

/// What a run did.
#[derive(Debug, Default, Serialize)]
pub struct RunSummary {
    /// Executions recorded in this run.
    pub executed: Vec<Executed>,
    /// Strategies whose newest boundary had been executed before.
    pub not_due: usize,
}

/// One execution of a run.
#[derive(Debug, Serialize)]
pub struct Executed {
    /// Which strategy.
    pub strategy_id: String,
    /// T.
    pub as_of: Utc,
    /// `decided` or `skipped`.
    pub status: &'static str,
    /// Why it was skipped.
    pub skip_reason: Option<String>,
}

/// Runs every strategy whose newest boundary at `now` has not been executed yet.
pub async fn run_due(app: &App, now: Timestamp) -> Result<RunSummary, RunError> {
    let mut summary = RunSummary::default();
    let mut gathered = Gathered::default();
    for strategy in strategies::list_active(&app.db).await? {
        let as_of = strategy.interval.boundary_at_or_before(now);
        if executions::find_at(&app.db, &strategy.id, as_of).await?.is_some() {
            summary.not_due += 1;
            continue;
        }
        let known = gathered.at(app, as_of).await?;
        let market = known.market(app, strategy.trend_timeframe).await?;
        summary.executed.push(execute(app, &strategy, &market).await?);
    }
    Ok(summary)
}

/// What was gathered in this run: strategies due at the same T share it, whatever their timeframe.
#[derive(Default)]
struct Gathered(HashMap<Timestamp, KnownAt>);

impl Gathered {
    async fn at(&mut self, app: &App, as_of: Timestamp) -> Result<&KnownAt, RunError> {
        match self.0.entry(as_of) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                collect_boundary(app, as_of).await?;
                Ok(place.insert(KnownAt::read(app, as_of).await?))
            }
        }
    }
}

/// Collects prices when a candle that closes at T is not stored yet. A source that fails leaves
/// the decision to what there is; freshness says how old that is.
async fn collect_boundary(app: &App, as_of: Timestamp) -> Result<(), RunError> {
    if !gather::has_boundary_candles(app, as_of).await? {
        let summary = collect::collect_prices(app).await?;
        for failure in summary.failures {
            tracing::warn!(
                what = failure.what,
                why = failure.why,
                "the boundary's prices are incomplete"
            );
        }
    }
    Ok(())
}

async fn execute(app: &App, strategy: &Strategy, market: &MarketAt) -> Result<Executed, RunError> {
    let analyses = agents::analyse(market);
    let situation = Situation {
        as_of: market.as_of,
        answers: Answers::new(
            analyses.macro_.analysis.outcome.clone(),
            analyses.onchain.analysis.outcome.clone(),
            analyses.ta.analysis.outcome.clone(),
            analyses.onchain.degraded,
        ),
        risk: market.risk.clone(),
        prices: market.prices.clone(),
        locks: market.locks.clone(),
    };
    let verdict = decision::decide(strategy, &strategy.weights, &situation);
    let recorded = record::record(app, strategy, &analyses, &verdict, market).await?;
    scores::remember(app, strategy, &recorded).await;
    Ok(Executed {
        strategy_id: strategy.id.to_string(),
        as_of: market.as_of.into(),
        // Of what is recorded, which is another delivery's when that came first.
        status: if recorded.decided.is_some() {
            "decided"
        } else {
            "skipped"
        },
        skip_reason: scores::skip_reason_of(&recorded),
    })
}
