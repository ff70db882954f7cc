//! Reading what was decided: the newest scores, past executions, one of them in full.
//!
//! The newest scores are kept in Redis as they are served, so that the usual request costs one
//! round trip and no query. An entry is trusted until the next execution is due; after that the
//! database is asked, and should it be gone, the entry is served as `stale`.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::app::App;
use crate::cache::Key;
use crate::db::attempts::{self, Attempt};
use crate::db::executions::{self, Execution};
use crate::db::{DbError, locks, strategies};
use crate::domain::strategy::{Strategy, StrategyId, next_run_at_or_after};
use crate::domain::wire::{self, Utc};
use crate::services::revisions::{self, InputRevision};

/// How long the newest scores outlive a database that is gone. Source: DOMAIN "Operations".
const KEEP: Duration = Duration::from_hours(24);

/// `run-strategies` fires two minutes after a boundary and takes well under one.
const EXECUTION_DELAY: SignedDuration = SignedDuration::from_mins(3);

/// How long an answer of the database is trusted when the next execution is overdue.
const OVERDUE_TRUST: SignedDuration = SignedDuration::from_secs(30);

/// Why scores could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ScoresError {
    /// There is no strategy of this id.
    #[error("there is no strategy {0:?}")]
    NoStrategy(String),
    /// The strategy has not been executed yet; the first time is given.
    #[error("no execution yet; the first is due at {due}")]
    NotYet {
        /// When the first one is due.
        due: Utc,
    },
    /// There is no execution of this id.
    #[error("there is no such execution")]
    NoExecution,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A stored document cannot be served.
    #[error("a stored execution cannot be read")]
    Document(#[from] serde_json::Error),
}

/// The newest execution of a strategy.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct NewestScores {
    /// Which strategy.
    pub strategy_id: String,
    /// The execution.
    pub execution_id: Uuid,
    /// T: the boundary it was decided as of.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub as_of: Utc,
    /// Seconds since T.
    pub age_seconds: i64,
    /// The database is gone and this is the last that is known.
    pub stale: bool,
    /// The agents by name: score (null when it abstained), confidence, reasoning, signals, model, degraded.
    #[cfg_attr(feature = "http", schema(value_type = Object))]
    pub agents: Box<RawValue>,
    /// The decision; null when the execution was skipped.
    #[cfg_attr(feature = "http", schema(value_type = Option<Object>))]
    pub decision: Box<RawValue>,
    /// Why it was skipped.
    pub skip_reason: Option<String>,
    /// For a skipped execution: the newest decision before it.
    #[cfg_attr(feature = "http", schema(value_type = Option<Object>))]
    pub last_decision: Box<RawValue>,
    /// What stops scheduled orders.
    #[cfg_attr(feature = "http", schema(value_type = Vec<Object>))]
    pub locks: Box<RawValue>,
}

/// The newest scores as they lie in the cache.
#[derive(Serialize, Deserialize)]
struct Remembered {
    /// Until when no newer execution is expected.
    trusted_until: Timestamp,
    strategy_id: String,
    execution_id: Uuid,
    as_of: Timestamp,
    agents: Box<RawValue>,
    decision: Box<RawValue>,
    skip_reason: Option<String>,
    last_decision: Box<RawValue>,
    locks: Box<RawValue>,
}

impl Remembered {
    fn shown(self, now: Timestamp, stale: bool) -> NewestScores {
        NewestScores {
            strategy_id: self.strategy_id,
            execution_id: self.execution_id,
            as_of: self.as_of.into(),
            age_seconds: now.duration_since(self.as_of).as_secs(),
            stale,
            agents: self.agents,
            decision: self.decision,
            skip_reason: self.skip_reason,
            last_decision: self.last_decision,
            locks: self.locks,
        }
    }
}

/// The cache's key of a strategy's newest scores.
pub fn cache_key(strategy: &StrategyId) -> Key<'_> {
    Key::Scores(strategy.as_str())
}

/// The newest scores. `remembered` is what the cache holds when somebody looked already.
pub async fn newest(
    app: &App,
    id: &StrategyId,
    remembered: Option<Option<&[u8]>>,
) -> Result<NewestScores, ScoresError> {
    let now = app.clock.now();
    let entry = match remembered {
        Some(entry) => entry.and_then(parsed),
        None => look_up(app, id).await,
    };
    match entry {
        Some(entry) if now < entry.trusted_until => Ok(entry.shown(now, false)),
        entry => match (load(app, id, now).await, entry) {
            (Ok(loaded), _) => Ok(loaded.shown(now, false)),
            (Err(ScoresError::Database(error)), Some(entry)) if error.is_unavailable() => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the newest scores are served from the cache"
                );
                Ok(entry.shown(now, true))
            }
            (Err(error), _) => Err(error),
        },
    }
}

async fn look_up(app: &App, id: &StrategyId) -> Option<Remembered> {
    // A cache that is down costs a query, no answer.
    let bytes = app.cache.get(&cache_key(id)).await.ok().flatten()?;
    parsed(&bytes)
}

fn parsed(bytes: &[u8]) -> Option<Remembered> {
    serde_json::from_slice(bytes).ok()
}

async fn load(app: &App, id: &StrategyId, now: Timestamp) -> Result<Remembered, ScoresError> {
    let strategy = strategies::find(&app.db, id)
        .await?
        .ok_or_else(|| ScoresError::NoStrategy(id.to_string()))?;
    let newest = executions::find_newest(&app.db, id).await?;
    // The newest boundary is due already: the next run executes it.
    let due = next_run_at_or_after(now).into();
    let newest = newest.ok_or(ScoresError::NotYet { due })?;
    let entry = entry_of(app, &strategy, &newest, now).await?;
    keep(app, id, &entry).await;
    Ok(entry)
}

/// Keeps a new execution for [`newest`]. A cache that is down loses nothing but speed.
pub async fn remember(app: &App, strategy: &Strategy, execution: &Execution) {
    match entry_of(app, strategy, execution, app.clock.now()).await {
        Ok(entry) => keep(app, &strategy.id, &entry).await,
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the newest scores could not be kept in the cache"
            );
        }
    }
}

/// Renews what is kept of every strategy, after something changed that is shown with its scores.
pub async fn remember_all(app: &App) -> Result<(), DbError> {
    for strategy in strategies::list_active(&app.db).await? {
        if let Some(execution) = executions::find_newest(&app.db, &strategy.id).await? {
            remember(app, &strategy, &execution).await;
        }
    }
    Ok(())
}

async fn keep(app: &App, id: &StrategyId, entry: &Remembered) {
    let Ok(bytes) = serde_json::to_vec(entry) else {
        return;
    };
    if let Err(error) = app.cache.set(&cache_key(id), &bytes, KEEP).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the newest scores could not be kept in the cache"
        );
    }
}

async fn entry_of(
    app: &App,
    strategy: &Strategy,
    execution: &Execution,
    now: Timestamp,
) -> Result<Remembered, ScoresError> {
    let last_decision = if execution.decided.is_some() {
        Value::Null
    } else {
        let earlier = executions::find_newest_decided(&app.db, &strategy.id).await?;
        earlier.map_or(Value::Null, |earlier| decision_of(&earlier))
    };
    let next = execution.as_of + strategy.interval.duration() + EXECUTION_DELAY;
    let locks = locks::list_at(&app.db, now).await?;
    // A lock that ends by itself must not be shown beyond its end.
    let ends = locks
        .iter()
        .filter_map(|lock| lock.until.map(Timestamp::from))
        .min();
    let next = ends.map_or(next, |ends| next.min(ends));
    Ok(Remembered {
        trusted_until: next.max(now + OVERDUE_TRUST),
        strategy_id: execution.strategy_id.clone(),
        execution_id: execution.id,
        as_of: execution.as_of,
        agents: to_raw_value(&agents_of(execution))?,
        decision: to_raw_value(&decision_of(execution))?,
        skip_reason: skip_reason_of(execution),
        last_decision: to_raw_value(&last_decision)?,
        locks: to_raw_value(&locks)?,
    })
}

/// What of the agents' answers is shown in lists: the inputs and components are in the full document.
pub(super) fn agents_of(execution: &Execution) -> Value {
    let short = |answer: &Value| {
        let shown = [
            "confidence",
            "reasoning",
            "signals",
            "flags",
            "model",
            "answered_by",
            "degraded",
        ];
        let mut fields: serde_json::Map<String, Value> = shown
            .into_iter()
            .map(|name| (name.to_owned(), answer[name].clone()))
            .collect();
        fields.insert("score".to_owned(), answer["outcome"]["score"].clone());
        fields.insert(
            "model_age_seconds".to_owned(),
            answer["model_answer"]["age_seconds"].clone(),
        );
        Value::Object(fields)
    };
    match execution.document["agents"].as_object() {
        Some(agents) => agents
            .iter()
            .map(|(name, answer)| (name.clone(), short(answer)))
            .collect(),
        None => Value::Null,
    }
}

/// The decision of an execution as it is shown; null when it was skipped.
pub(super) fn decision_of(execution: &Execution) -> Value {
    if execution.decided.is_none() {
        return Value::Null;
    }
    let verdict = &execution.document["verdict"];
    let mut shown = serde_json::Map::new();
    shown.insert("as_of".to_owned(), verdict["as_of"].clone());
    shown.insert("conviction_score".to_owned(), verdict["conviction"].clone());
    shown.insert("reasoning".to_owned(), verdict["explanation"].clone());
    for name in [
        "signal",
        "weights",
        "factors",
        "breakers",
        "unknowns",
        "recommended_position",
        "prices",
    ] {
        shown.insert(name.to_owned(), verdict[name].clone());
    }
    Value::Object(shown)
}

/// Why an execution has no decision.
pub(super) fn skip_reason_of(execution: &Execution) -> Option<String> {
    execution.decided.is_none().then(|| {
        execution.document["verdict"]["explanation"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    })
}

/// A past execution in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct PastScores {
    /// The execution.
    pub execution_id: Uuid,
    /// Which strategy.
    pub strategy_id: String,
    /// T.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub as_of: Utc,
    /// The agents by name, as in the newest scores.
    #[cfg_attr(feature = "http", schema(value_type = Object))]
    pub agents: Value,
    /// The decision; null when the execution was skipped.
    #[cfg_attr(feature = "http", schema(value_type = Option<Object>))]
    pub decision: Value,
    /// Why it was skipped.
    pub skip_reason: Option<String>,
}

/// Past executions of a strategy before `before`, newest first, at most `limit`.
pub async fn history(
    app: &App,
    id: &StrategyId,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<PastScores>, ScoresError> {
    if strategies::find(&app.db, id).await?.is_none() {
        return Err(ScoresError::NoStrategy(id.to_string()));
    }
    let page = executions::list_page(&app.db, id, before, limit).await?;
    Ok(page
        .iter()
        .map(|execution| PastScores {
            execution_id: execution.id,
            strategy_id: execution.strategy_id.clone(),
            as_of: execution.as_of.into(),
            agents: agents_of(execution),
            decision: decision_of(execution),
            skip_reason: skip_reason_of(execution),
        })
        .collect())
}

/// An execution in full.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct FullExecution {
    /// The execution.
    pub execution_id: Uuid,
    /// Which strategy.
    pub strategy_id: String,
    /// T.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub as_of: Utc,
    /// When it was recorded.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub created_at: Utc,
    /// Agents with their components and inputs, the decision with its weights, factors and breakers.
    #[cfg_attr(feature = "http", schema(value_type = Object))]
    pub document: Value,
    /// Every attempt to make an agent answer, with tokens, cost and latency.
    pub attempts: Vec<ShownAttempt>,
    /// What it read and its sources changed, before it or since.
    pub revisions: Vec<InputRevision>,
}

/// One attempt to make an agent answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownAttempt {
    /// Which agent.
    pub agent: &'static str,
    /// Who answered: `rules`, or a model provider.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// How it went, in one word.
    pub status: String,
    /// Which text the model was asked with.
    pub prompt_version: Option<String>,
    /// Tokens of the prompt that no cache served or kept.
    pub input_tokens: i64,
    /// Tokens of the prompt that were written to the provider's cache.
    pub cache_write_tokens: i64,
    /// Tokens of the prompt that were read from the provider's cache.
    pub cached_tokens: i64,
    /// Tokens of the answer.
    pub output_tokens: i64,
    /// USD, exact, as text.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub cost_usd: rust_decimal::Decimal,
    /// How long it took.
    pub latency_ms: i64,
    /// Whether an earlier answer was used again.
    pub cache_hit: bool,
    /// What went wrong.
    pub error: Option<String>,
}

impl From<Attempt> for ShownAttempt {
    fn from(attempt: Attempt) -> Self {
        // What a provider says may name an account or the end of a key: it stays in the log.
        let error = attempt.error.filter(|_| attempt.provider == "rules");
        Self {
            agent: attempt.agent.as_str(),
            provider: attempt.provider,
            model: attempt.model,
            status: attempt.status,
            prompt_version: attempt.prompt_version,
            input_tokens: attempt.input_tokens,
            cache_write_tokens: attempt.cache_write_tokens,
            cached_tokens: attempt.cached_tokens,
            output_tokens: attempt.output_tokens,
            cost_usd: attempt.cost,
            latency_ms: attempt.latency_ms,
            cache_hit: attempt.is_cache_hit,
            error,
        }
    }
}

/// One execution with everything that made it.
pub async fn execution(app: &App, id: Uuid) -> Result<FullExecution, ScoresError> {
    let execution = executions::find(&app.db, id)
        .await?
        .ok_or(ScoresError::NoExecution)?;
    let attempts = attempts::list(&app.db, id).await?;
    let revisions = revisions::list(app, &execution).await?;
    Ok(FullExecution {
        execution_id: execution.id,
        strategy_id: execution.strategy_id,
        as_of: execution.as_of.into(),
        created_at: execution.created_at.into(),
        document: execution.document,
        attempts: attempts.into_iter().map(ShownAttempt::from).collect(),
        revisions,
    })
}
