//! Writing an execution down: the document that is served, the log rows that cost nothing, and what
//! it decided for each vector of weights. Trades nothing.

use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::RunError;
use crate::app::App;
use crate::db::attempts::Attempt;
use crate::db::decisions::{self, Decisions, NewDecision, Status};
use crate::db::executions::{self, Decided, Execution};
use crate::domain;
use crate::domain::decision::{Signal, Situation, Verdict, reasons};
use crate::domain::market::Asset;
use crate::domain::money::Money;
use crate::domain::paper::{Prices, REFERENCE_CAPITAL_USD};
use crate::domain::strategy::{Strategy, Weights};
use crate::domain::voices::AgentAnswers;
use crate::services::push::tell;

/// Everything that made a decision, as it is stored and served.
#[derive(Debug, Serialize)]
pub struct ExecutionDocument<'a> {
    /// The agents' answers with their components and inputs.
    pub agents: &'a AgentAnswers,
    /// The decision, or why there is none.
    pub verdict: &'a Verdict,
    /// The strategy as it was.
    pub strategy: &'a Strategy,
    /// Whether there was a language model to ask.
    pub has_models: bool,
}

/// Records an execution as of T, with what it decided in the same situation for the weights that
/// subscriptions have of their own. Returns the stored one, and whether it is this one and not
/// another delivery's that came first.
pub async fn record(
    app: &App,
    id: Uuid,
    document: &ExecutionDocument<'_>,
    situation: &Situation,
    attempts: &[Attempt],
) -> Result<(Execution, bool), RunError> {
    let decisions = decisions(app, document, situation).await?;
    let execution = Execution {
        id,
        strategy_id: document.strategy.id.to_string(),
        as_of: situation.as_of,
        decided: match document.verdict {
            Verdict::Decided(decision) => Some(Decided {
                conviction: decision.conviction.value(),
                signal: decision.signal.as_str().to_owned(),
            }),
            Verdict::Skipped(_) => None,
        },
        document: serde_json::to_value(document)?,
        created_at: app.clock.now(),
    };
    let news = tell::of_execution(&execution);
    let recorded = executions::record(&app.db, &execution, attempts, &decisions, &news).await?;
    let is_ours = recorded == execution;
    Ok((recorded, is_ours))
}

/// What is decided: for the strategy's own weights, and for each other vector among those that take
/// part.
async fn decisions(
    app: &App,
    document: &ExecutionDocument<'_>,
    situation: &Situation,
) -> Result<Decisions, RunError> {
    let (strategy, as_of) = (document.strategy, situation.as_of);
    // It takes part from the strategy's first decision on.
    let capital = Money::usd(REFERENCE_CAPITAL_USD);
    decisions::ensure_reference(&app.db, &strategy.id, capital, as_of, app.clock.now()).await?;
    let price = |asset| situation.prices.get(&asset).map(|close| close.price);
    let prices = Prices::new(price(Asset::Btc), price(Asset::Eth));
    let mut made = Vec::new();
    // Without a price a skipped execution says nothing about anybody's equity.
    if matches!(document.verdict, Verdict::Decided(_)) || !prices.is_empty() {
        made.push(decision(document.verdict, strategy.weights, true));
    }
    for weights in decisions::list_vectors(&app.db, &strategy.id, as_of).await? {
        if weights != strategy.weights {
            let verdict = domain::decision::decide(strategy, &weights, situation);
            made.push(decision(&verdict, weights, false));
        }
    }
    Ok(Decisions { prices, made })
}

fn decision(verdict: &Verdict, weights: Weights, is_own: bool) -> NewDecision {
    let (status, reason) = standing(verdict);
    let (decided, position, explanation) = match verdict {
        Verdict::Decided(decision) => (
            Some((decision.conviction, decision.signal)),
            decision.recommended_position,
            &decision.explanation,
        ),
        Verdict::Skipped(skipped) => (None, Decimal::ZERO, &skipped.explanation),
    };
    NewDecision {
        weights,
        is_own,
        decided,
        position,
        explanation: explanation.clone(),
        status,
        reason,
    }
}

/// Whether a decision is to be traded. Only a BUY or a SELL can be blocked: nothing else has orders.
fn standing(verdict: &Verdict) -> (Status, Option<String>) {
    let decision = match verdict {
        Verdict::Decided(decision) => decision,
        Verdict::Skipped(skipped) => return (Status::Nothing, Some(skipped.reason.to_string())),
    };
    match decision.signal {
        Signal::Hold | Signal::Pause => (Status::Nothing, None),
        Signal::Buy | Signal::Sell if decision.locks.is_empty() => (Status::Pending, None),
        Signal::Buy | Signal::Sell => (Status::Blocked, Some(reasons(&decision.locks))),
    }
}
