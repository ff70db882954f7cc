//! The three agents of an execution, side by side: each one's rules, then whoever of its models answers.
//!
//! [`agent`] decides whether a model is asked and what stands in for one that is silent; [`ladder`] asks
//! one after the other, within time and budget, and writes every attempt down. Reads no market: that
//! was gathered before. Records no execution: that is decided after.

mod agent;
mod breakers;
mod ladder;
mod time;

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::DbError;
use crate::db::attempts::Attempt;
use crate::domain::agents::{AgentKind, Analysis, macro_agent, onchain, ta};
use crate::domain::market::Timeframe;
use crate::domain::voices::{AgentAnswer, AgentAnswers, AnsweredBy, Silence};

use super::gather::MarketAt;
pub use agent::ask_one;
use time::TimeLeft;

/// For whom the agents analyse.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The execution, which is recorded later.
    pub execution_id: Uuid,
    /// Its strategy.
    pub strategy_id: &'a str,
    /// What was known at T.
    pub market: &'a MarketAt,
}

impl Occasion<'_> {
    const fn as_of(&self) -> Timestamp {
        self.market.as_of
    }
}

/// The agents' answers, and the rows of the log that belong to the execution.
#[derive(Debug)]
pub struct Analysed {
    /// The answers.
    pub answers: AgentAnswers,
    /// One row for each agent that no model answered just now; attempts that cost money are written down
    /// already.
    pub attempts: Vec<Attempt>,
}

/// The agents during one run: strategies that are due at the same time share its time and what was
/// found out about the models.
#[derive(Debug)]
pub struct Analysts {
    /// Names the run to whoever lets one caller at a time through.
    run_id: Uuid,
    invocation: Stopwatch,
    time_left: Option<Duration>,
    /// Begins with the first question, not with the prices that were collected before it.
    time: OnceLock<TimeLeft>,
    found: Mutex<Found>,
}

/// What a run found out about the models.
#[derive(Debug, Default)]
struct Found {
    silent: HashMap<Subject, Silence>,
    has_heard: bool,
    has_fallen_back: bool,
}

/// What an agent is asked about, whatever strategy asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Subject {
    agent: AgentKind,
    /// The technical agent reads another series for each trend timeframe.
    trend: Option<Timeframe>,
    as_of: Timestamp,
}

impl Subject {
    fn of(agent: AgentKind, market: &MarketAt) -> Self {
        Self {
            agent,
            trend: (agent == AgentKind::Ta).then_some(market.trend_timeframe),
            as_of: market.as_of,
        }
    }

    /// The trend timeframe, where there is one: what answers of one agent are told apart by.
    fn scope(&self) -> &'static str {
        self.trend.map_or("", Timeframe::as_str)
    }
}

impl Analysts {
    /// Agents for a run that has `time_left`, where that is known.
    pub fn new(app: &App, time_left: Option<Duration>) -> Self {
        Self {
            run_id: app.ids.next(),
            invocation: Stopwatch::start(),
            time_left,
            time: OnceLock::new(),
            found: Mutex::default(),
        }
    }

    fn time(&self, app: &App) -> &TimeLeft {
        self.time.get_or_init(|| {
            let elapsed = self.invocation.elapsed();
            let remaining = self.time_left.map(|left| left.saturating_sub(elapsed));
            TimeLeft::begin(app.models.limits(), remaining)
        })
    }

    /// Whether the locks of the models may be lifted after this run: no agent fell back on its rules,
    /// and a model had its word, or there is none to wait for.
    pub fn may_unlock(&self, app: &App) -> bool {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        !found.has_fallen_back && (found.has_heard || !app.models.is_configured())
    }

    /// Lets the agents analyse what was known at T.
    pub async fn analyse(&self, app: &App, occasion: &Occasion<'_>) -> Result<Analysed, DbError> {
        let market = occasion.market;
        let [macro_, onchain, ta] = by_rules(market);
        // Each to its end: an agent that is dropped half-way would leave a call that nobody writes down.
        let (macro_, onchain, ta) = futures_util::join!(
            self.answer(app, occasion, macro_),
            self.answer(app, occasion, onchain),
            self.answer(app, occasion, ta),
        );
        let (macro_, onchain, ta) = (macro_?, onchain?, ta?);
        let mut attempts = Vec::new();
        let mut keep = |(answer, attempt): (AgentAnswer, Option<Attempt>)| {
            attempts.extend(attempt);
            answer
        };
        let answers = AgentAnswers {
            macro_: keep(macro_),
            onchain: keep(onchain),
            ta: keep(ta),
        };
        self.note(&answers);
        Ok(Analysed { answers, attempts })
    }

    fn note(&self, answers: &AgentAnswers) {
        let fell_back = |answer: &&AgentAnswer| answer.answered_by == AnsweredBy::RulesFallback;
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.has_heard |= answers.has_heard_a_model();
        found.has_fallen_back |= answers.all().iter().any(fell_back);
    }

    fn known_silence(&self, subject: &Subject) -> Option<Silence> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.silent.get(subject).cloned()
    }

    fn note_silence(&self, subject: Subject, silence: &Silence) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.silent.insert(subject, silence.clone());
    }
}

/// What the rules alone say, macro, on-chain, technical.
pub fn by_rules(market: &MarketAt) -> [Analysis; 3] {
    [
        macro_agent::analyse(&market.observations, market.as_of),
        onchain::analyse(&market.observations, market.as_of),
        ta::analyse(&market.technicals),
    ]
}
