//! One question to one model after the other, until one gives a usable answer.
//!
//! Before each attempt its worst case is reserved of the day's money, after it its cost is written
//! down, whatever came of it. Source: DOMAIN "Language models".

use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::time::TimeLeft;
use super::{Occasion, breakers};
use crate::app::App;
use crate::db::attempts::{self, Attempt, Of};
use crate::db::{DbError, budget};
use crate::domain::agents::AgentKind;
use crate::domain::costs::utc_day;
use crate::domain::models::{ModelPrice, Rung};
use crate::domain::voices::{Silence, SilenceCause};
use crate::llm::{Attempted, ModelAnswer, ModelErrorKind, Next, Prompt, Question};

/// Who answered, and what.
#[derive(Debug)]
pub(super) struct Answered {
    /// Which rung.
    pub(super) rung: Rung,
    /// What the model is called by its provider.
    pub(super) model: String,
    /// What it said.
    pub(super) answer: ModelAnswer,
}

/// One agent's question.
pub(super) struct Climb<'a> {
    pub(super) app: &'a App,
    pub(super) occasion: &'a Occasion<'a>,
    pub(super) agent: AgentKind,
    pub(super) prompt: &'a Prompt,
    /// Who may be asked, best first.
    pub(super) rungs: &'a [Rung],
    /// Names the run: its agents go through a half-open breaker together.
    pub(super) run_id: Uuid,
    pub(super) time: TimeLeft,
}

/// What came of one rung.
enum Tried {
    Answered {
        model: String,
        answer: ModelAnswer,
    },
    /// The provider's own words stay in the log: a silence is shown to everybody.
    Failed(ModelErrorKind),
    LeftAlone(Timestamp),
    OutOfBudget,
    OutOfTime,
}

impl Climb<'_> {
    /// Asks one model after the other until one answers.
    pub(super) async fn climb(&self) -> Result<Result<Answered, Silence>, DbError> {
        let mut cause = SilenceCause::ModelsDown;
        let mut told = Vec::new();
        for rung in self.rungs {
            let what = match self.try_rung(rung).await? {
                Tried::Answered { model, answer } => {
                    let rung = rung.clone();
                    return Ok(Ok(Answered { rung, model, answer }));
                }
                Tried::Failed(kind) => kind.as_str().to_owned(),
                Tried::LeftAlone(until) => format!("left alone until {until}"),
                Tried::OutOfBudget => {
                    cause = SilenceCause::Budget;
                    "not asked, the day's budget is spent".to_owned()
                }
                Tried::OutOfTime => {
                    told.push(format!("{}: no time is left", rung.model));
                    break;
                }
            };
            told.push(format!("{}: {what}", rung.model));
        }
        let detail = told.join("; ");
        tracing::warn!(agent = self.agent.as_str(), detail, "no model answered");
        Ok(Err(Silence { cause, detail }))
    }

    async fn try_rung(&self, rung: &Rung) -> Result<Tried, DbError> {
        if let Some(until) = breakers::left_alone_until(self.app, rung, self.run_id).await {
            return Ok(Tried::LeftAlone(until));
        }
        let limits = self.app.models.limits();
        let mut retries = limits.retries_per_rung;
        loop {
            let Some(patience) = self.time.for_attempt() else {
                return Ok(Tried::OutOfTime);
            };
            let Some(attempted) = self.attempt(rung, patience).await? else {
                return Ok(Tried::OutOfBudget);
            };
            let error = match attempted.answer {
                Ok(answer) => {
                    breakers::note_success(self.app, rung).await;
                    let model = attempted.model;
                    return Ok(Tried::Answered { model, answer });
                }
                Err(error) => error,
            };
            breakers::note_failure(self.app, rung, &error).await;
            let pause = match error.next(limits) {
                Next::RetryHere { after } if retries > 0 => {
                    self.jittered(after.unwrap_or(limits.retry_pause))
                }
                _ => return Ok(Tried::Failed(error.kind)),
            };
            if !self.time.allows(pause) {
                return Ok(Tried::Failed(error.kind));
            }
            retries -= 1;
            tokio::time::sleep(pause).await;
        }
    }

    /// Asks once; `None` when the day's money does not cover the worst case.
    async fn attempt(&self, rung: &Rung, patience: Duration) -> Result<Option<Attempted>, DbError> {
        let Some(reservation) = self.reserve(rung).await? else {
            return Ok(None);
        };
        let question = Question {
            rung: rung.clone(),
            prompt: self.prompt.clone(),
            patience,
        };
        let attempted = self.app.models.ask(&question).await;
        self.write_down(reservation, rung, &attempted).await?;
        Ok(Some(attempted))
    }

    async fn reserve(&self, rung: &Rung) -> Result<Option<Uuid>, DbError> {
        let (app, now) = (self.app, self.app.clock.now());
        let price = app.models.prices().find(&rung.model).price;
        let worst = price.worst_case(self.prompt.bytes(), u64::from(rung.max_output_tokens));
        let (id, day) = (app.ids.next(), utc_day(now));
        let cap = app.config.daily_cap_usd();
        let is_granted = budget::reserve(&app.db, id, day, worst, cap, now).await?;
        Ok(is_granted.then_some(id))
    }

    /// What is not known to have been billed is not made up: the reservation then stays for the day.
    async fn write_down(&self, reservation: Uuid, rung: &Rung, attempted: &Attempted) -> Result<(), DbError> {
        let of = Of {
            execution_id: self.occasion.execution_id,
            strategy_id: self.occasion.strategy_id,
        };
        let (app, attempt, now) = (self.app, self.row(rung, attempted), self.app.clock.now());
        if attempted.is_usage_known {
            budget::settle(&app.db, reservation, of, &attempt, now).await?;
        } else {
            attempts::note(&app.db, of, &[attempt], now).await?;
        }
        Ok(())
    }

    fn row(&self, rung: &Rung, attempted: &Attempted) -> Attempt {
        let usage = attempted.usage;
        let price = self.price_of(rung, &attempted.model);
        let (status, error) = match &attempted.answer {
            Ok(_) => ("ok", None),
            Err(error) => (error.kind.as_str(), Some(error.to_string())),
        };
        let count = |tokens: u64| i64::try_from(tokens).unwrap_or(i64::MAX);
        Attempt {
            id: self.app.ids.next(),
            agent: self.agent,
            provider: rung.provider.as_str().to_owned(),
            model: attempted.model.clone(),
            prompt_version: Some(self.prompt.version.to_owned()),
            status: status.to_owned(),
            input_tokens: count(usage.input),
            cache_write_tokens: count(usage.cache_write_5m.saturating_add(usage.cache_write_1h)),
            cached_tokens: count(usage.cache_read),
            output_tokens: count(usage.output),
            cost: if attempted.is_usage_known {
                price.cost(&usage)
            } else {
                Decimal::ZERO
            },
            latency_ms: attempted.latency_ms,
            is_cache_hit: false,
            error,
        }
    }

    /// The price of the model that answered. A name that the table does not know counts as the one that
    /// was asked, which is what was reserved; where that is unknown too, as the dearest known.
    fn price_of(&self, rung: &Rung, answered: &str) -> ModelPrice {
        let table = self.app.models.prices();
        let found = table.find(answered);
        if found.is_known {
            return found.price;
        }
        tracing::error!(
            asked = rung.model,
            answered,
            "a model has no price of its own; add it to prices.toml"
        );
        table.find(&rung.model).price
    }

    /// Up to half as long again, so that agents that failed together do not ask again together.
    fn jittered(&self, pause: Duration) -> Duration {
        let part = self.app.ids.next().as_u128() % 1000;
        pause + pause.mul_f64(f64::from(u32::try_from(part).unwrap_or(0)) / 2000.0)
    }
}
