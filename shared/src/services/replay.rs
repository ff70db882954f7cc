//! Proves a past execution: its deterministic part is computed again from what was known at its time,
//! and must be the same. On request another model is asked what it would have said.
//!
//! What a model said is part of the record and is taken from there; everything else is worked out
//! anew from what is stored as of T. Candles and first history that reached the database after the
//! execution are read too: an execution that lacked them comes out differently, and the differences
//! say where. Changes nothing but the log of what was spent.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::db::executions::Execution;
use crate::db::{DbError, attempts, executions};
use crate::domain::agents::{AgentKind, Score};
use crate::domain::models::Rung;
use crate::domain::strategy::Strategy;
use crate::domain::voices::{AgentAnswer, AgentAnswers, Voice};
use crate::domain::wire::{self, Utc};
use crate::services::analyse::{self, Occasion};
use crate::services::decide;
use crate::services::gather::{KnownAt, MarketAt};

/// Why an execution cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// There is no execution of this id.
    #[error("there is no execution {0}")]
    NoExecution(Uuid),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The record has another shape than this version writes.
    #[error("the record of the execution cannot be read")]
    Record(#[from] serde_json::Error),
}

/// What a replay found.
#[derive(Debug, Serialize)]
pub struct Replayed {
    /// The execution.
    pub execution_id: Uuid,
    /// Which strategy.
    pub strategy_id: String,
    /// T.
    pub as_of: Utc,
    /// Conviction and signal; null where the execution was skipped.
    pub recorded: Figures,
    /// The same, worked out again.
    pub recomputed: Figures,
    /// Everything in the record that came out differently; nothing when it is proven.
    pub differences: Vec<Difference>,
    /// What another model would have made of it, where one was asked.
    pub other_model: Option<OtherModel>,
}

impl Replayed {
    /// Whether the record came out the same, to the last character.
    pub const fn is_proven(&self) -> bool {
        self.differences.is_empty()
    }
}

/// What a decision comes down to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// 0 to 100.
    pub conviction: Value,
    /// BUY, SELL, HOLD or PAUSE.
    pub signal: Value,
}

/// A part of the record that came out differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where in the record: `/verdict/conviction`.
    pub path: String,
    /// What is recorded; nothing where the record lacks it.
    pub recorded: Option<Value>,
    /// What came out; nothing where that lacks it.
    pub recomputed: Option<Value>,
}

/// What another model makes of an execution.
#[derive(Debug, Serialize)]
pub struct OtherModel {
    /// Which.
    pub model: String,
    /// The agents that it was asked for.
    pub agents: Vec<OtherAnswer>,
    /// Conviction and signal with its answers.
    pub figures: Figures,
}

/// One agent's answer beside another model's.
#[derive(Debug, Serialize)]
pub struct OtherAnswer {
    /// Which agent.
    pub agent: AgentKind,
    /// The score that counted.
    pub recorded_score: Option<Score>,
    /// What the recorded answer had cost, USD.
    #[serde(serialize_with = "wire::plain")]
    pub recorded_cost_usd: Decimal,
    /// The score that would have counted; null where the other model gave no answer.
    pub score: Option<Score>,
    /// What the other answer cost, USD.
    #[serde(serialize_with = "wire::plain")]
    pub cost_usd: Decimal,
    /// Why there is no answer.
    pub why_not: Option<String>,
}

/// What of a record a replay reads.
#[derive(Deserialize)]
struct Recorded {
    agents: AgentAnswers,
    strategy: Strategy,
    has_models: bool,
}

/// Replays one execution; asks `other`, where one is given, what it would have said.
pub async fn replay(app: &App, id: Uuid, other: Option<&Rung>) -> Result<Replayed, ReplayError> {
    let execution = executions::find(&app.db, id)
        .await?
        .ok_or(ReplayError::NoExecution(id))?;
    let recorded = Recorded::deserialize(&execution.document)?;
    let known = KnownAt::read(app, execution.as_of).await?;
    let market = known.market(app, recorded.strategy.trend_timeframe).await?;
    let answers = answered_again(&market, &recorded.agents);
    let document = document(&recorded, &market, &answers)?;
    let other_model = match other {
        Some(rung) => Some(ask_other(app, &execution, &recorded, &market, rung).await?),
        None => None,
    };
    Ok(Replayed {
        execution_id: execution.id,
        strategy_id: execution.strategy_id.clone(),
        as_of: execution.as_of.into(),
        recorded: figures(&execution.document),
        recomputed: figures(&document),
        differences: differences(&execution.document, &document),
        other_model,
    })
}

/// The rules' analyses anew, with what the models had said.
fn answered_again(market: &MarketAt, recorded: &AgentAnswers) -> AgentAnswers {
    let [macro_, onchain, ta] = analyse::by_rules(market);
    let again = |analysis, answer: &AgentAnswer| AgentAnswer::new(analysis, answer.voice(), market.as_of);
    AgentAnswers {
        macro_: again(macro_, &recorded.macro_),
        onchain: again(onchain, &recorded.onchain),
        ta: again(ta, &recorded.ta),
    }
}

fn document(
    recorded: &Recorded,
    market: &MarketAt,
    answers: &AgentAnswers,
) -> Result<Value, serde_json::Error> {
    let verdict = decide::verdict(&recorded.strategy, market, answers, recorded.has_models);
    let document = decide::ExecutionDocument {
        agents: answers,
        verdict: &verdict,
        strategy: &recorded.strategy,
        has_models: recorded.has_models,
    };
    serde_json::to_value(&document)
}

async fn ask_other(
    app: &App,
    execution: &Execution,
    recorded: &Recorded,
    market: &MarketAt,
    rung: &Rung,
) -> Result<OtherModel, ReplayError> {
    // A run of its own in the log, so that the execution's own attempts stay what they were.
    let occasion = Occasion {
        execution_id: app.ids.next(),
        strategy_id: &execution.strategy_id,
        market,
    };
    let before = attempts::list(&app.db, execution.id).await?;
    let mut answers = answered_again(market, &recorded.agents);
    let mut asked = Vec::new();
    for analysis in analyse::by_rules(market) {
        let (agent, rule) = (analysis.agent, analysis.score());
        if rule.is_none() {
            continue;
        }
        let outcome = analyse::ask_one(app, &occasion, &analysis, rung).await?;
        let recorded_answer = recorded.agents.of(agent);
        let (score, why_not) = match outcome {
            Ok(spoken) => {
                let answer = AgentAnswer::new(analysis, Voice::Model(spoken), market.as_of);
                let score = answer.analysis.score();
                *answers.of_mut(agent) = answer;
                (score, None)
            }
            Err(silence) => (None, Some(silence.to_string())),
        };
        let cost_of = |rows: &[attempts::Attempt]| -> Decimal {
            rows.iter()
                .filter(|row| row.agent == agent)
                .map(|row| row.cost)
                .sum()
        };
        asked.push(OtherAnswer {
            agent,
            recorded_score: recorded_answer.analysis.score(),
            recorded_cost_usd: cost_of(&before),
            score,
            cost_usd: cost_of(&attempts::list(&app.db, occasion.execution_id).await?),
            why_not,
        });
    }
    Ok(OtherModel {
        model: rung.model.clone(),
        agents: asked,
        figures: figures(&document(recorded, market, &answers)?),
    })
}

fn figures(document: &Value) -> Figures {
    Figures {
        conviction: document["verdict"]["conviction"].clone(),
        signal: document["verdict"]["signal"].clone(),
    }
}

/// Where two documents differ, the deepest places only.
fn differences(recorded: &Value, recomputed: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), recorded, recomputed, &mut found);
    found
}

fn compare(path: String, recorded: &Value, recomputed: &Value, found: &mut Vec<Difference>) {
    match (recorded, recomputed) {
        (Value::Object(one), Value::Object(two)) => {
            for name in one
                .keys()
                .chain(two.keys().filter(|name| !one.contains_key(*name)))
            {
                let path = format!("{path}/{name}");
                match (one.get(name), two.get(name)) {
                    (Some(one), Some(two)) => compare(path, one, two, found),
                    (one, two) => found.push(Difference {
                        path,
                        recorded: one.cloned(),
                        recomputed: two.cloned(),
                    }),
                }
            }
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            for (place, (one, two)) in one.iter().zip(two).enumerate() {
                compare(format!("{path}/{place}"), one, two, found);
            }
        }
        _ if recorded == recomputed => {}
        _ => found.push(Difference {
            path,
            recorded: Some(recorded.clone()),
            recomputed: Some(recomputed.clone()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_deepest_places_that_differ_are_named() {
        let recorded =
            json!({ "same": [1, { "x": 1.0 }], "changed": { "deep": [1, 2] }, "gone": 1, "longer": [1] });
        let recomputed = json!({ "same": [1, { "x": 1.0 }], "changed": { "deep": [1, 3] }, "new": null, "longer": [1, 2] });
        let paths: Vec<String> = differences(&recorded, &recomputed)
            .into_iter()
            .map(|difference| difference.path)
            .collect();
        assert_eq!(paths, ["/changed/deep/1", "/gone", "/longer", "/new"]);
    }
}
