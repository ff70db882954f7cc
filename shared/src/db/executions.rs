//! What strategies decided, and the attempts behind each answer.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use db_queries::queries::strategies::{self as queries, ExecutionRow};

use super::{Db, DbError, pool};
use crate::domain::agents::AgentKind;
use crate::domain::strategy::StrategyId;

/// An execution as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Execution {
    /// Its id.
    pub id: Uuid,
    /// Which strategy.
    pub strategy_id: String,
    /// T.
    pub as_of: Timestamp,
    /// `None` when it was skipped.
    pub decided: Option<Decided>,
    /// The whole record, with everything that was read.
    pub document: Value,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// The two figures of a decision that are columns of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// 0..=100, two decimals.
    pub conviction: Decimal,
    /// BUY, SELL, HOLD or PAUSE.
    pub signal: String,
}

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
    /// How it went, in one word.
    pub status: String,
    /// Tokens of the prompt.
    pub input_tokens: i64,
    /// Tokens of the answer.
    pub output_tokens: i64,
    /// Tokens of the prompt that were read from a cache.
    pub cached_tokens: i64,
    /// USD, exact.
    pub cost: Decimal,
    /// How long it took.
    pub latency_ms: i64,
    /// Whether an earlier answer was used again.
    pub is_cache_hit: bool,
    /// What went wrong.
    pub error: Option<String>,
}

/// Records an execution with its attempts, in one transaction. When the strategy has one for that
/// time already, nothing is written and that one is returned.
pub async fn record(db: &Db, execution: &Execution, attempts: &[Attempt]) -> Result<Execution, DbError> {
    let mut connection = db.get().await?;
    let transaction = pool::begin(&mut connection).await?;
    let written = queries::record_execution()
        .bind(
            &transaction,
            &execution.id,
            &execution.strategy_id.as_str(),
            &execution.as_of,
            &if execution.decided.is_some() {
                "decided"
            } else {
                "skipped"
            },
            &execution.decided.as_ref().map(|decided| decided.conviction),
            &execution.decided.as_ref().map(|decided| decided.signal.as_str()),
            &execution.document,
            &execution.created_at,
        )
        .await?;
    if written == 0 {
        let stored = queries::execution_at()
            .bind(&transaction, &execution.strategy_id.as_str(), &execution.as_of)
            .one()
            .await?;
        return Ok(execution_of(stored));
    }
    record_attempts(&transaction, execution, attempts).await?;
    transaction.commit().await?;
    Ok(execution.clone())
}

async fn record_attempts(
    transaction: &deadpool_postgres::Transaction<'_>,
    execution: &Execution,
    attempts: &[Attempt],
) -> Result<(), DbError> {
    let text = |value: fn(&Attempt) -> &str| -> Vec<&str> { attempts.iter().map(value).collect() };
    let number = |value: fn(&Attempt) -> i64| -> Vec<i64> { attempts.iter().map(value).collect() };
    queries::record_attempts()
        .bind(
            transaction,
            &execution.id,
            &execution.created_at,
            &attempts.iter().map(|attempt| attempt.id).collect::<Vec<_>>(),
            &text(|attempt| attempt.agent.as_str()),
            &text(|attempt| &attempt.provider),
            &text(|attempt| &attempt.model),
            &text(|attempt| &attempt.status),
            &number(|attempt| attempt.input_tokens),
            &number(|attempt| attempt.output_tokens),
            &number(|attempt| attempt.cached_tokens),
            &attempts.iter().map(|attempt| attempt.cost).collect::<Vec<_>>(),
            &number(|attempt| attempt.latency_ms),
            &attempts
                .iter()
                .map(|attempt| attempt.is_cache_hit)
                .collect::<Vec<_>>(),
            &attempts
                .iter()
                .map(|attempt| attempt.error.as_deref())
                .collect::<Vec<_>>(),
        )
        .await?;
    Ok(())
}

/// The execution of a strategy as of a time.
pub async fn find_at(db: &Db, strategy: &StrategyId, as_of: Timestamp) -> Result<Option<Execution>, DbError> {
    let connection = db.get().await?;
    let row = queries::execution_at()
        .bind(&connection, &strategy.as_str(), &as_of)
        .opt()
        .await?;
    Ok(row.map(execution_of))
}

/// The newest execution of a strategy, decided or skipped.
pub async fn find_newest(db: &Db, strategy: &StrategyId) -> Result<Option<Execution>, DbError> {
    let connection = db.get().await?;
    let row = queries::newest_execution()
        .bind(&connection, &strategy.as_str())
        .opt()
        .await?;
    Ok(row.map(execution_of))
}

/// The newest execution of a strategy that was not skipped.
pub async fn find_newest_decided(db: &Db, strategy: &StrategyId) -> Result<Option<Execution>, DbError> {
    let connection = db.get().await?;
    let row = queries::newest_decided_execution()
        .bind(&connection, &strategy.as_str())
        .opt()
        .await?;
    Ok(row.map(execution_of))
}

/// Executions of a strategy before `before`, newest first.
pub async fn list_page(
    db: &Db,
    strategy: &StrategyId,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Execution>, DbError> {
    let connection = db.get().await?;
    let rows = queries::execution_page()
        .bind(&connection, &strategy.as_str(), &before, &limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(execution_of).collect())
}

/// One execution by its id.
pub async fn find(db: &Db, id: Uuid) -> Result<Option<Execution>, DbError> {
    let connection = db.get().await?;
    let row = queries::execution_by_id().bind(&connection, &id).opt().await?;
    Ok(row.map(execution_of))
}

/// The attempts behind an execution, in the order they were made, with the times they were recorded.
pub async fn list_attempts(db: &Db, id: Uuid) -> Result<Vec<Attempt>, DbError> {
    let connection = db.get().await?;
    let rows = queries::attempts_of().bind(&connection, &id).all().await?;
    rows.into_iter()
        .map(|row| {
            Ok(Attempt {
                id: row.id,
                agent: agent(&row.agent_type)?,
                provider: row.provider,
                model: row.model,
                status: row.status,
                input_tokens: row.input_tokens,
                output_tokens: row.output_tokens,
                cached_tokens: row.cached_tokens,
                cost: row.cost,
                latency_ms: row.latency_ms,
                is_cache_hit: row.cache_hit,
                error: row.error,
            })
        })
        .collect()
}

fn execution_of(row: ExecutionRow) -> Execution {
    Execution {
        id: row.id,
        strategy_id: row.strategy_id,
        as_of: row.as_of,
        decided: row
            .conviction
            .zip(row.signal)
            .map(|(conviction, signal)| Decided { conviction, signal }),
        document: row.document,
        created_at: row.created_at,
    }
}

fn agent(name: &str) -> Result<AgentKind, DbError> {
    AgentKind::ALL
        .into_iter()
        .find(|agent| agent.as_str() == name)
        .ok_or_else(|| DbError::row("attempt", format!("unknown agent {name}")))
}
