//! Attempts to make an agent answer: model calls, answers used again, rules.
//!
//! The sums by day (`agent_cost_days`, `agent_execution_days`) are kept by the table itself, whoever
//! writes. Attempts that cost money are written by [`super::budget::settle`], with their money.

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use db_queries::queries::costs as queries;

use super::{Db, DbError, pool};
use crate::domain::agents::AgentKind;

/// One attempt to make an agent answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its id.
    pub id: Uuid,
    /// Which agent.
    pub agent: AgentKind,
    /// Who answered: `rules`, or a model provider.
    pub provider: String,
    /// Which model; `rules` when none.
    pub model: String,
    /// Which text the model was asked with.
    pub prompt_version: Option<String>,
    /// How it went, in one word. All but `ok`, `abstained`, `last_result` and `rules_fallback` count as
    /// failures.
    pub status: String,
    /// Tokens of the prompt that no cache served or kept.
    pub input_tokens: i64,
    /// Tokens of the prompt that were written to the provider's cache.
    pub cache_write_tokens: i64,
    /// Tokens of the prompt that were read from the provider's cache.
    pub cached_tokens: i64,
    /// Tokens of the answer.
    pub output_tokens: i64,
    /// USD, exact, ten decimals at most.
    pub cost: Decimal,
    /// How long it took.
    pub latency_ms: i64,
    /// Whether an earlier answer was used again.
    pub is_cache_hit: bool,
    /// What went wrong.
    pub error: Option<String>,
}

/// Which run of which strategy attempts belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of<'a> {
    /// The execution, which may not be recorded yet.
    pub execution_id: Uuid,
    /// Its strategy.
    pub strategy_id: &'a str,
}

/// Writes attempts down whose cost is not known: their reservation stays as it is.
pub async fn note(db: &Db, of: Of<'_>, attempts: &[Attempt], now: Timestamp) -> Result<(), DbError> {
    let mut connection = db.get().await?;
    let transaction = pool::begin(&mut connection).await?;
    record(&transaction, of, attempts, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// Writes attempts that cost nothing in the transaction of their execution.
pub(super) async fn record(
    transaction: &Transaction<'_>,
    of: Of<'_>,
    attempts: &[Attempt],
    now: Timestamp,
) -> Result<(), DbError> {
    let text = |value: fn(&Attempt) -> &str| -> Vec<&str> { attempts.iter().map(value).collect() };
    let maybe =
        |value: fn(&Attempt) -> Option<&str>| -> Vec<Option<&str>> { attempts.iter().map(value).collect() };
    let number = |value: fn(&Attempt) -> i64| -> Vec<i64> { attempts.iter().map(value).collect() };
    queries::record_attempts()
        .bind(
            transaction,
            &of.execution_id,
            &of.strategy_id,
            &now,
            &attempts.iter().map(|attempt| attempt.id).collect::<Vec<_>>(),
            &text(|attempt| attempt.agent.as_str()),
            &text(|attempt| &attempt.provider),
            &text(|attempt| &attempt.model),
            &maybe(|attempt| attempt.prompt_version.as_deref()),
            &text(|attempt| &attempt.status),
            &number(|attempt| attempt.input_tokens),
            &number(|attempt| attempt.cache_write_tokens),
            &number(|attempt| attempt.cached_tokens),
            &number(|attempt| attempt.output_tokens),
            &attempts.iter().map(|attempt| attempt.cost).collect::<Vec<_>>(),
            &number(|attempt| attempt.latency_ms),
            &attempts
                .iter()
                .map(|attempt| attempt.is_cache_hit)
                .collect::<Vec<_>>(),
            &maybe(|attempt| attempt.error.as_deref()),
        )
        .await?;
    Ok(())
}

/// The attempts behind an execution, in the order in which they were begun.
pub async fn list(db: &Db, execution_id: Uuid) -> Result<Vec<Attempt>, DbError> {
    let connection = db.get().await?;
    let rows = queries::attempts_of()
        .bind(&connection, &execution_id)
        .all()
        .await?;
    rows.into_iter().map(attempt_of).collect()
}

fn attempt_of(row: queries::AttemptRow) -> Result<Attempt, DbError> {
    Ok(Attempt {
        id: row.id,
        agent: agent("attempt", &row.agent_type)?,
        provider: row.provider,
        model: row.model,
        prompt_version: row.prompt_version,
        status: row.status,
        input_tokens: row.input_tokens,
        cache_write_tokens: row.cache_write_tokens,
        cached_tokens: row.cached_tokens,
        output_tokens: row.output_tokens,
        cost: row.cost,
        latency_ms: row.latency_ms,
        is_cache_hit: row.cache_hit,
        error: row.error,
    })
}

/// The agent that a stored `what` names.
pub(super) fn agent(what: &'static str, name: &str) -> Result<AgentKind, DbError> {
    AgentKind::ALL
        .into_iter()
        .find(|agent| agent.as_str() == name)
        .ok_or_else(|| DbError::row(what, format!("unknown agent {name}")))
}
