//! The cost report: what agents, models, strategies and sources took in a span of days, against the budget.
//!
//! Read from the sums by day alone, never from the rows behind them. It shows what is known: the cost
//! of a call that nobody settled is not made up, only what was reserved for it is named.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::app::App;
use crate::db::budget::{self, Spent};
use crate::db::costs::{self, Part, SourceCalls, Sums};
use crate::db::{Db, DbError};
use crate::domain::costs::{DAILY_BUDGET, Span, Usage, utc_day};
use crate::domain::wire::{self, Utc};
use crate::telemetry;

/// Days of the daily report.
pub const DAILY_REPORT: u16 = 30;

/// The metric of a UTC day's spend so far, USD; `template.yaml` has its alarm.
const SPEND_METRIC: &str = "ModelSpendUsd";

/// What a number of attempts took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Figures {
    /// Rows: model calls, answers used again, rules.
    pub attempts: i64,
    /// Attempts that gave no answer.
    pub failures: i64,
    /// Attempts that used an earlier answer again.
    pub cache_hits: i64,
    /// Tokens of prompts that no cache served or kept.
    pub input_tokens: i64,
    /// Tokens of prompts that were written to a provider's cache.
    pub cache_write_tokens: i64,
    /// Tokens of prompts that were read from a provider's cache.
    pub cached_tokens: i64,
    /// Tokens of answers.
    pub output_tokens: i64,
    /// All of these, each once.
    pub tokens_used: i64,
    /// USD, exact, as text.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub cost_usd: Decimal,
}

impl From<Usage> for Figures {
    fn from(usage: Usage) -> Self {
        Self {
            attempts: usage.attempts,
            failures: usage.failures,
            cache_hits: usage.cache_hits,
            input_tokens: usage.input_tokens,
            cache_write_tokens: usage.cache_write_tokens,
            cached_tokens: usage.cached_tokens,
            output_tokens: usage.output_tokens,
            tokens_used: usage.tokens_used(),
            cost_usd: usage.cost,
        }
    }
}

/// What the whole span took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Total {
    /// Answers that agents were asked for: distinct (execution, agent).
    pub executions: i64,
    /// What they took.
    #[serde(flatten)]
    pub figures: Figures,
    /// How many of the models' answers were used again, in percent; null when no model answered.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub cache_hit_rate_pct: Option<Decimal>,
}

/// An agent's share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct AgentCosts {
    /// Which agent.
    pub agent: &'static str,
    /// Answers it was asked for.
    pub executions: i64,
    /// What they took.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A model's share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ModelCosts {
    /// Whose it is.
    pub provider: String,
    /// Which one.
    pub model: String,
    /// What its attempts took.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A strategy's share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct StrategyCosts {
    /// Which strategy.
    pub strategy_id: String,
    /// Answers it asked agents for.
    pub executions: i64,
    /// What they took.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Calls to an outside service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct SourceCosts {
    /// Which service.
    pub data_source: String,
    /// All of them.
    pub calls: i64,
    /// Those that gave nothing that could be used.
    pub failures: i64,
}

impl From<SourceCalls> for SourceCosts {
    fn from(of: SourceCalls) -> Self {
        Self {
            data_source: of.data_source,
            calls: of.calls,
            failures: of.failures,
        }
    }
}

/// A UTC day on which something was asked or spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct DayCosts {
    /// Which day.
    #[cfg_attr(feature = "http", schema(value_type = String, format = Date))]
    pub day: Date,
    /// Answers that agents were asked for.
    pub executions: i64,
    /// What they took.
    #[serde(flatten)]
    pub figures: Figures,
    /// What is still reserved: on a day that ended, for calls whose cost nobody knows.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub reserved_usd: Decimal,
}

/// The running day against its cap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Today {
    /// Which day.
    #[cfg_attr(feature = "http", schema(value_type = String, format = Date))]
    pub day: Date,
    /// By calls whose cost is known.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub settled_usd: Decimal,
    /// By calls on their way, at worst, and by those that nobody settled.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub reserved_usd: Decimal,
    /// What both never exceed.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub cap_usd: Decimal,
}

/// The costs of a span of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct CostReport {
    /// The first day.
    #[cfg_attr(feature = "http", schema(value_type = String, format = Date))]
    pub first_day: Date,
    /// The last day.
    #[cfg_attr(feature = "http", schema(value_type = String, format = Date))]
    pub last_day: Date,
    /// When it was made.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub created_at: Utc,
    /// Everything together.
    pub total: Total,
    /// What a day is planned to cost at most.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub daily_budget_usd: Decimal,
    /// The days that were dearer.
    #[cfg_attr(feature = "http", schema(value_type = Vec<String>))]
    pub days_above_budget: Vec<Date>,
    /// Reserved on days that ended, for calls that nobody settled. Their cost is not known.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub unsettled_usd: Decimal,
    /// The running day.
    pub today: Today,
    /// By agent.
    pub by_agent: Vec<AgentCosts>,
    /// By model, rules among them.
    pub by_model: Vec<ModelCosts>,
    /// By strategy.
    pub by_strategy: Vec<StrategyCosts>,
    /// Calls to outside services.
    pub by_source: Vec<SourceCosts>,
    /// By day, oldest first; days without anything are left out.
    pub by_day: Vec<DayCosts>,
}

/// What the daily task says of the day that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayReported {
    /// Which day.
    pub day: Date,
    /// What its calls have cost.
    #[serde(serialize_with = "wire::plain")]
    pub cost_usd: Decimal,
    /// What was reserved for those that nobody settled.
    #[serde(serialize_with = "wire::plain")]
    pub unsettled_usd: Decimal,
    /// Whether it was dearer than planned.
    pub is_above_budget: bool,
}

/// Why a report was not kept.
#[derive(Debug, thiserror::Error)]
pub enum CostsError {
    /// The database failed.
    #[error("the sums cannot be read or the report kept")]
    Database(#[from] DbError),
    /// The report cannot be written as JSON.
    #[error("the report cannot be written down")]
    Report(#[from] serde_json::Error),
}

/// The report of a span, as of `now`, with the running day against `cap`.
pub async fn report(db: &Db, span: Span, cap: Decimal, now: Timestamp) -> Result<CostReport, DbError> {
    let today = utc_day(now);
    // Four statements on their way are a large future; one allocation keeps it out of every caller's.
    let sums = Box::pin(costs::sums(db, span, today)).await?;
    Ok(of_sums(&sums, span, (today, cap), now))
}

/// Makes and keeps the report of the day that ended before `scheduled_at`, and publishes its spend.
pub async fn report_day_before(app: &App, scheduled_at: Timestamp) -> Result<DayReported, CostsError> {
    let day = utc_day(scheduled_at).saturating_sub(SignedDuration::from_hours(24));
    let now = app.clock.now();
    let cap = app.config.daily_cap_usd();
    let report = report(&app.db, Span::ending(day, DAILY_REPORT), cap, now).await?;
    costs::save_report(&app.db, day, &serde_json::to_value(&report)?, now).await?;
    let spent = publish_spend(app, day).await?;
    Ok(DayReported {
        day,
        cost_usd: spent.settled,
        unsettled_usd: spent.reserved,
        is_above_budget: spent.settled > DAILY_BUDGET,
    })
}

/// Publishes what a UTC day's model calls have cost so far, dated now or, when the day has ended, at
/// its end. `run-strategies` does so after each run, so that the alarm need not wait for the day's end.
pub async fn publish_spend(app: &App, day: Date) -> Result<Spent, DbError> {
    let spent = budget::spent(&app.db, day).await?;
    let at = app.clock.now().min(end_of(day));
    telemetry::metric(SPEND_METRIC, spent.total(), app.config.core.stage.as_str(), at);
    Ok(spent)
}

fn end_of(day: Date) -> Timestamp {
    let last = day.at(23, 59, 59, 999_000_000);
    last.to_zoned(TimeZone::UTC)
        .map_or(Timestamp::MAX, |end| end.timestamp())
}

fn of_sums(sums: &Sums, span: Span, (today, cap): (Date, Decimal), now: Timestamp) -> CostReport {
    let by_day = days(sums, span);
    let spent_today = sums.spent_on(today);
    CostReport {
        first_day: span.first,
        last_day: span.last,
        created_at: now.into(),
        total: total(sums),
        daily_budget_usd: DAILY_BUDGET,
        days_above_budget: by_day
            .iter()
            .filter(|day| day.figures.cost_usd > DAILY_BUDGET)
            .map(|day| day.day)
            .collect(),
        unsettled_usd: by_day
            .iter()
            .filter(|day| day.day < today)
            .map(|day| day.reserved_usd)
            .sum(),
        today: Today {
            day: today,
            settled_usd: spent_today.settled,
            reserved_usd: spent_today.reserved,
            cap_usd: cap,
        },
        by_agent: agents(sums),
        by_model: models(sums),
        by_strategy: strategies(sums),
        by_source: sums.sources.iter().cloned().map(SourceCosts::from).collect(),
        by_day,
    }
}

fn total(sums: &Sums) -> Total {
    let mut usage = Usage::default();
    let mut executions = 0;
    for (part, of_day) in &sums.usage {
        if let Part::Day(day) = part {
            usage += *of_day;
            executions += sums.executions_of(&Part::Day(*day));
        }
    }
    Total {
        executions,
        cache_hit_rate_pct: usage.cache_hit_rate_pct(),
        figures: usage.into(),
    }
}

fn agents(sums: &Sums) -> Vec<AgentCosts> {
    let of = |(part, usage): &(Part, Usage)| match part {
        Part::Agent(agent) => Some(AgentCosts {
            agent: agent.as_str(),
            executions: sums.executions_of(part),
            figures: (*usage).into(),
        }),
        _ => None,
    };
    sums.usage.iter().filter_map(of).collect()
}

fn models(sums: &Sums) -> Vec<ModelCosts> {
    let of = |(part, usage): &(Part, Usage)| match part {
        Part::Model { provider, model } => Some(ModelCosts {
            provider: provider.clone(),
            model: model.clone(),
            figures: (*usage).into(),
        }),
        _ => None,
    };
    sums.usage.iter().filter_map(of).collect()
}

fn strategies(sums: &Sums) -> Vec<StrategyCosts> {
    let of = |(part, usage): &(Part, Usage)| match part {
        Part::Strategy(strategy) => Some(StrategyCosts {
            strategy_id: strategy.clone(),
            executions: sums.executions_of(part),
            figures: (*usage).into(),
        }),
        _ => None,
    };
    sums.usage.iter().filter_map(of).collect()
}

/// A day may have only one of the two: attempts that cost nothing, or reservations that nobody settled.
fn days(sums: &Sums, span: Span) -> Vec<DayCosts> {
    let with_attempts = sums.usage.iter().filter_map(|(part, _)| match part {
        Part::Day(day) => Some(*day),
        _ => None,
    });
    let with_money = sums
        .spent
        .iter()
        .map(|(day, _)| *day)
        .filter(|day| *day <= span.last);
    let days: std::collections::BTreeSet<Date> = with_attempts.chain(with_money).collect();
    days.into_iter()
        .map(|day| DayCosts {
            day,
            executions: sums.executions_of(&Part::Day(day)),
            figures: sums.usage_of(&Part::Day(day)).into(),
            reserved_usd: sums.spent_on(day).reserved,
        })
        .collect()
}
