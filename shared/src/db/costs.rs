//! What attempts and calls come to, from the sums by day; and the reports that were made of them.
//!
//! The rows behind the sums are never read here: there may be millions.

use futures_util::try_join;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use db_queries::queries::costs as queries;

use super::budget::Spent;
use super::{Db, DbError, attempts};
use crate::domain::agents::AgentKind;
use crate::domain::costs::{Span, Usage};

/// The one thing that a sum is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// An agent.
    Agent(AgentKind),
    /// A model of a provider.
    Model {
        /// Whose it is.
        provider: String,
        /// Its name.
        model: String,
    },
    /// A strategy.
    Strategy(String),
    /// A UTC day.
    Day(Date),
}

/// Calls to an outside service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCalls {
    /// Which service.
    pub data_source: String,
    /// All of them.
    pub calls: i64,
    /// Those without an answer that could be used.
    pub failures: i64,
}

/// Everything that is summed over a span.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    /// What attempts used, in the order of the parts' names.
    pub usage: Vec<(Part, Usage)>,
    /// Executions of agents, by all parts but models.
    pub executions: Vec<(Part, i64)>,
    /// Calls to outside services, in the order of their names.
    pub sources: Vec<SourceCalls>,
    /// The money of each day and of the running one, oldest first.
    pub spent: Vec<(Date, Spent)>,
}

impl Sums {
    /// What attempts of a part used; nothing when it has none.
    pub fn usage_of(&self, part: &Part) -> Usage {
        value_of(&self.usage, part)
    }

    /// How often agents were asked; 0 when the part has none.
    pub fn executions_of(&self, part: &Part) -> i64 {
        value_of(&self.executions, part)
    }

    /// What a day's calls have taken.
    pub fn spent_on(&self, day: Date) -> Spent {
        value_of(&self.spent, &day)
    }
}

fn value_of<K: PartialEq, V: Copy + Default>(pairs: &[(K, V)], key: &K) -> V {
    pairs
        .iter()
        .find(|(known, _)| known == key)
        .map_or_else(V::default, |(_, value)| *value)
}

/// The sums over a span, and the money of `today`. The statements travel together: one round trip.
pub async fn sums(db: &Db, span: Span, today: Date) -> Result<Sums, DbError> {
    let connection = db.get().await?;
    let Span { first, last } = &span;
    let (usage, executions, sources, spent) = try_join!(
        async { queries::cost_sums().bind(&connection, first, last).all().await },
        async {
            queries::execution_sums()
                .bind(&connection, first, last)
                .all()
                .await
        },
        async { queries::source_sums().bind(&connection, first, last).all().await },
        async {
            queries::spend_days()
                .bind(&connection, first, last, &today)
                .all()
                .await
        },
    )?;
    Ok(Sums {
        usage: usage.into_iter().map(usage_of).collect::<Result<_, _>>()?,
        executions: executions
            .into_iter()
            .map(executions_of)
            .collect::<Result<_, _>>()?,
        sources: sources.into_iter().map(calls_of).collect(),
        spent: spent.into_iter().map(spent_of).collect(),
    })
}

/// Keeps the report of a day, in the place of an earlier one.
pub async fn save_report(db: &Db, day: Date, document: &Value, now: Timestamp) -> Result<(), DbError> {
    let connection = db.get().await?;
    queries::save_report()
        .bind(&connection, &day, &now, &document)
        .await?;
    Ok(())
}

/// The report of a day.
pub async fn find_report(db: &Db, day: Date) -> Result<Option<Value>, DbError> {
    let connection = db.get().await?;
    Ok(queries::find_report().bind(&connection, &day).opt().await?)
}

fn usage_of(row: queries::CostSums) -> Result<(Part, Usage), DbError> {
    let usage = Usage {
        attempts: row.attempts,
        failures: row.failures,
        cache_hits: row.cache_hits,
        model_answers: row.model_answers,
        input_tokens: row.input_tokens,
        cache_write_tokens: row.cache_write_tokens,
        cached_tokens: row.cached_tokens,
        output_tokens: row.output_tokens,
        cost: row.cost,
    };
    let model = row.provider.zip(row.model);
    let part = part(row.agent_type, model, row.strategy_id, row.day)?;
    Ok((part, usage))
}

fn executions_of(row: queries::ExecutionSums) -> Result<(Part, i64), DbError> {
    let part = part(row.agent_type, None, row.strategy_id, row.day)?;
    Ok((part, row.executions))
}

fn part(
    agent: Option<String>,
    model: Option<(String, String)>,
    strategy: Option<String>,
    day: Option<Date>,
) -> Result<Part, DbError> {
    match (agent, model, strategy, day) {
        (Some(name), None, None, None) => Ok(Part::Agent(attempts::agent("sum", &name)?)),
        (None, Some((provider, model)), None, None) => Ok(Part::Model { provider, model }),
        (None, None, Some(strategy), None) => Ok(Part::Strategy(strategy)),
        (None, None, None, Some(day)) => Ok(Part::Day(day)),
        _ => Err(DbError::row("sum", "it is not of one thing")),
    }
}

fn calls_of(row: queries::SourceSums) -> SourceCalls {
    SourceCalls {
        data_source: row.data_source,
        calls: row.calls,
        failures: row.failures,
    }
}

fn spent_of(row: queries::SpendDays) -> (Date, Spent) {
    let spent = Spent {
        settled: row.settled,
        reserved: row.reserved,
    };
    (row.day, spent)
}
