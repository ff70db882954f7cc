//! `run-strategies`: what is due is decided, once, as of its boundary, and what is pending is traded.
//!
//! A run gathers what was known at T, lets the agents analyse it, decides and records. It reads
//! nothing that was not known at T, so that a run an hour late decides the same. Trades come last,
//! when the locks of every strategy's findings are set.

mod record;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::{DbError, executions, strategies};
use crate::domain::costs::utc_day;
use crate::domain::decision::{self, Answers, LockReason, Situation, Verdict};
use crate::domain::strategy::Strategy;
use crate::domain::voices::AgentAnswers;
use crate::domain::wire::Utc;
use crate::ids;
use crate::services::analyse::{Analysts, Occasion};
use crate::services::collect::{self, CollectError};
use crate::services::gather::{self, KnownAt, MarketAt};
use crate::services::trade::{self, TradeError, TradeSummary};
use crate::services::{costs, locks, push, scores};

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
    /// What was decided could not be traded.
    #[error("the run could not trade")]
    Trade(#[from] TradeError),
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
    /// What became of pending decisions, these and earlier ones.
    pub trading: TradeSummary,
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

/// Runs every strategy whose newest boundary at `now` has not been executed yet, and trades what is
/// pending: what was decided now, and what earlier runs left. `time_left` is what both may take of it,
/// where that is known.
pub async fn run_due(app: &App, now: Timestamp, time_left: Option<Duration>) -> Result<RunSummary, RunError> {
    let watch = Stopwatch::start();
    let rest = || time_left.map(|left| left.saturating_sub(watch.elapsed()));
    let decided = decide_due(app, now, time_left).await;
    // What is decided already must not wait for what cannot be decided now.
    let traded = trade::pending(app, rest()).await;
    // Trades come first: whoever hangs at the other end of a socket holds up none.
    push::deliver_after_commit(app, rest()).await;
    let mut summary = decided?;
    summary.trading = traded?;
    Ok(summary)
}

async fn decide_due(app: &App, now: Timestamp, time_left: Option<Duration>) -> Result<RunSummary, RunError> {
    let mut summary = RunSummary::default();
    let mut gathered = Gathered::default();
    let analysts = Analysts::new(app, time_left);
    for strategy in strategies::list_active(&app.db).await? {
        let as_of = strategy.interval.boundary_at_or_before(now);
        if executions::find_at(&app.db, &strategy.id, as_of).await?.is_some() {
            summary.not_due += 1;
            continue;
        }
        let known = gathered.at(app, as_of).await?;
        let market = known.market(app, strategy.trend_timeframe).await?;
        // Three agents on their way are a large future; one allocation keeps it out of every caller's.
        let executed = Box::pin(execute(app, &analysts, &strategy, &market)).await?;
        summary.executed.push(executed);
    }
    if !summary.executed.is_empty() {
        lift_model_locks(app, &analysts).await?;
        tell_spend(app, now).await;
    }
    Ok(summary)
}

/// Lifts the locks of the models where no agent of this run fell back on its rules and a model had its
/// word, or where there is no model to wait for. One strategy alone cannot tell: another one's technical
/// agent reads another trend.
async fn lift_model_locks(app: &App, analysts: &Analysts) -> Result<(), DbError> {
    if !analysts.may_unlock(app) {
        return Ok(());
    }
    let mut has_changed = false;
    for reason in [LockReason::ModelsDown, LockReason::Budget] {
        has_changed |= locks::follow(app, reason, None).await?;
    }
    if has_changed {
        scores::remember_all(app).await?;
    }
    Ok(())
}

/// The day's spend, for the alarm on it. Everything is recorded already: a failure here fails nothing.
async fn tell_spend(app: &App, now: Timestamp) {
    if !app.models.is_configured() {
        return;
    }
    if let Err(error) = costs::publish_spend(app, utc_day(now)).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the day's spend was not published"
        );
    }
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
/// the decision to what there is; freshness says how old that is. A process that declared no sources
/// asks nobody: history is stepped through with what is stored.
async fn collect_boundary(app: &App, as_of: Timestamp) -> Result<(), RunError> {
    if app.upstream.settings().is_ok() && !gather::has_boundary_candles(app, as_of).await? {
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

async fn execute(
    app: &App,
    analysts: &Analysts,
    strategy: &Strategy,
    market: &MarketAt,
) -> Result<Executed, RunError> {
    let execution_id = ids::of_execution(strategy.id.as_str(), market.as_of);
    let occasion = Occasion {
        execution_id,
        strategy_id: strategy.id.as_str(),
        market,
    };
    let analysed = analysts.analyse(app, &occasion).await?;
    let has_models = app.models.is_configured();
    let situation = situation(market, &analysed.answers, has_models);
    let verdict = decision::decide(strategy, &strategy.weights, &situation);
    let document = ExecutionDocument {
        agents: &analysed.answers,
        verdict: &verdict,
        strategy,
        has_models,
    };
    let (recorded, is_ours) =
        record::record(app, execution_id, &document, &situation, &analysed.attempts).await?;
    // Locks follow what is recorded: where another delivery came first, its answers count.
    if is_ours && follow_locks(app, &analysed.answers, has_models, &verdict).await? {
        scores::remember_all(app).await?;
    } else {
        scores::remember(app, strategy, &recorded).await;
    }
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

/// What a strategy decides as of T, given the agents' answers: no I/O, so that it can be proven again.
pub fn verdict(strategy: &Strategy, market: &MarketAt, answers: &AgentAnswers, has_models: bool) -> Verdict {
    decision::decide(
        strategy,
        &strategy.weights,
        &situation(market, answers, has_models),
    )
}

/// What every decision of an execution is made in, whatever its weights.
fn situation(market: &MarketAt, answers: &AgentAnswers, has_models: bool) -> Situation {
    Situation {
        as_of: market.as_of,
        answers: Answers::new(
            answers.macro_.analysis.outcome.clone(),
            answers.onchain.analysis.outcome.clone(),
            answers.ta.analysis.outcome.clone(),
            answers.onchain.degraded,
        ),
        risk: market.risk.clone(),
        prices: market.prices.clone(),
        locks: decision::standing_locks(&market.locks, answers.model_locks(has_models).as_deref()),
    }
}

/// Sets the locks whose causes an execution found, and lifts its circuit breaker's when that does not
/// hold any more. Tells whether that changed anything.
///
/// A market that was too old at T may be fresh now: that lock is lifted by the collector. Those of the
/// models are lifted at the end of the run.
async fn follow_locks(
    app: &App,
    answers: &AgentAnswers,
    has_models: bool,
    verdict: &Verdict,
) -> Result<bool, DbError> {
    let own = |reason| {
        let lock = verdict.locks().iter().find(|lock| lock.reason == reason)?;
        Some((reason, lock.detail.clone()))
    };
    let models = answers.model_locks(has_models).unwrap_or_default();
    let mut has_changed = false;
    for (reason, detail) in own(LockReason::StaleMarket).into_iter().chain(models) {
        has_changed |= locks::follow(app, reason, Some(&detail)).await?;
    }
    let pause = own(LockReason::BreakerPause).map(|(_, detail)| detail);
    has_changed |= locks::follow(app, LockReason::BreakerPause, pause.as_deref()).await?;
    Ok(has_changed)
}
