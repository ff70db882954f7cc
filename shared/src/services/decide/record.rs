//! Writing an execution down: the document that is served, and a log row for each answer.

use serde::Serialize;

use super::{AgentAnswer, Analyses, MarketAt, RunError};
use crate::app::App;
use crate::db::attempts::Attempt;
use crate::db::executions::{self, Decided, Execution};
use crate::domain::agents::Outcome;
use crate::domain::decision::Verdict;
use crate::domain::market::Timeframe;
use crate::domain::strategy::{Strategy, Weights};

/// Everything that made a decision, as it is stored and served.
#[derive(Debug, Serialize)]
pub struct ExecutionDocument<'a> {
    /// The agents' answers with their components and inputs.
    pub agents: &'a Analyses,
    /// The decision, or why there is none.
    pub verdict: &'a Verdict,
    /// The strategy's weights as they were.
    pub strategy_weights: &'a Weights,
    /// The timeframe the technical agent read.
    pub trend_timeframe: Timeframe,
}

/// Records an execution; returns the stored one, which is another's when that came first.
pub async fn record(
    app: &App,
    strategy: &Strategy,
    analyses: &Analyses,
    verdict: &Verdict,
    market: &MarketAt,
) -> Result<Execution, RunError> {
    let document = ExecutionDocument {
        agents: analyses,
        verdict,
        strategy_weights: &strategy.weights,
        trend_timeframe: market.trend_timeframe,
    };
    let execution = Execution {
        id: app.ids.next(),
        strategy_id: strategy.id.to_string(),
        as_of: market.as_of,
        decided: match verdict {
            Verdict::Decided(decision) => Some(Decided {
                conviction: decision.conviction.value(),
                signal: decision.signal.as_str().to_owned(),
            }),
            Verdict::Skipped(_) => None,
        },
        document: serde_json::to_value(&document)?,
        created_at: app.clock.now(),
    };
    let attempts: Vec<Attempt> = analyses
        .all()
        .into_iter()
        .map(|answer| attempt(app, answer))
        .collect();
    Ok(executions::record(&app.db, &execution, &attempts).await?)
}

fn attempt(app: &App, answer: &AgentAnswer) -> Attempt {
    let (status, error) = match &answer.analysis.outcome {
        Outcome::Answered { .. } => ("ok", None),
        Outcome::Abstained { reason } => ("abstained", Some(reason.clone())),
    };
    Attempt {
        id: app.ids.next(),
        agent: answer.agent(),
        provider: "rules".to_owned(),
        model: answer.model.to_owned(),
        status: status.to_owned(),
        prompt_version: None,
        input_tokens: 0,
        cache_write_tokens: 0,
        cached_tokens: 0,
        output_tokens: 0,
        cost: answer.cost_usd,
        latency_ms: answer.latency_ms,
        is_cache_hit: false,
        error,
    }
}
