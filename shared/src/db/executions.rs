//! What strategies decided.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use db_queries::queries::strategies::{self as queries, ExecutionRow};

use super::attempts::{self, Attempt, Of};
use super::decisions::{self, Decisions};
use super::{Db, DbError, pool, push};
use crate::domain::push::EventKind;
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

/// Records an execution with those of its attempts that cost nothing, with what it decided, and with
/// the news of it for followers, in one transaction: what costs money is written down when it is spent.
/// When the strategy has an execution for that time already, nothing is written and that one is returned.
pub async fn record(
    db: &Db,
    execution: &Execution,
    free_attempts: &[Attempt],
    decisions: &Decisions,
    news: &[(EventKind, Value)],
) -> Result<Execution, DbError> {
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
    let of = Of {
        execution_id: execution.id,
        strategy_id: &execution.strategy_id,
    };
    attempts::record(&transaction, of, free_attempts, execution.created_at).await?;
    decisions::record(&transaction, execution, decisions).await?;
    // The last one: it locks what others wait for.
    push::append_for_followers(&transaction, &execution.strategy_id, news, execution.created_at).await?;
    transaction.commit().await?;
    Ok(execution.clone())
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
