//! What models said: the answer that is used again, and the one that stands in when every model fails.
//!
//! One for each agent, scope and T. Whether an answer may be used again is a rule of the domain.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use db_queries::queries::model_answers as queries;

use super::{Db, DbError, attempts};
use crate::domain::agents::AgentKind;

/// A model's answer as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelAnswer {
    /// Its id.
    pub id: Uuid,
    /// Which agent asked.
    pub agent: AgentKind,
    /// The trend timeframe for the technical agent, empty for the others.
    pub scope: String,
    /// T.
    pub as_of: Timestamp,
    /// What the rules said before the model did, -1..=1, four decimals.
    pub rule_score: Decimal,
    /// The freshness class of each input.
    pub freshness: Value,
    /// The prices that the answer was given at.
    pub prices: Value,
    /// The final score, after the clamps, -1..=1, four decimals.
    pub score: Decimal,
    /// The score as the model gave it.
    pub model_score: Decimal,
    /// The model's reasoning.
    pub reasoning: String,
    /// The whole answer, as it came.
    pub raw: String,
    /// Who answered.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// Which text it was asked with.
    pub prompt_version: String,
    /// The execution that asked, and paid.
    pub execution_id: Uuid,
    /// When it was written down.
    pub created_at: Timestamp,
}

/// Keeps an answer. False when there is one for the agent, the scope and T already: the first stays, unless
/// it answered another text.
pub async fn record(db: &Db, answer: &ModelAnswer) -> Result<bool, DbError> {
    let connection = db.get().await?;
    let written = queries::record_answer()
        .bind(
            &connection,
            &answer.id,
            &answer.agent.as_str(),
            &answer.scope.as_str(),
            &answer.as_of,
            &answer.rule_score,
            &answer.freshness,
            &answer.prices,
            &answer.score,
            &answer.model_score,
            &answer.reasoning.as_str(),
            &answer.raw.as_str(),
            &answer.provider.as_str(),
            &answer.model.as_str(),
            &answer.prompt_version.as_str(),
            &answer.execution_id,
            &answer.created_at,
        )
        .await?;
    Ok(written > 0)
}

/// The newest answer of an agent in a scope whose T is `as_of` or before.
pub async fn find_newest_until(
    db: &Db,
    agent: AgentKind,
    scope: &str,
    as_of: Timestamp,
) -> Result<Option<ModelAnswer>, DbError> {
    let connection = db.get().await?;
    let row = queries::newest_answer_until()
        .bind(&connection, &agent.as_str(), &scope, &as_of)
        .opt()
        .await?;
    row.map(answer_of).transpose()
}

fn answer_of(row: queries::NewestAnswerUntil) -> Result<ModelAnswer, DbError> {
    Ok(ModelAnswer {
        id: row.id,
        agent: attempts::agent("model answer", &row.agent_type)?,
        scope: row.scope,
        as_of: row.as_of,
        rule_score: row.rule_score,
        freshness: row.freshness,
        prices: row.prices,
        score: row.score,
        model_score: row.model_score,
        reasoning: row.reasoning,
        raw: row.raw,
        provider: row.provider,
        model: row.model,
        prompt_version: row.prompt_version,
        execution_id: row.execution_id,
        created_at: row.created_at,
    })
}
