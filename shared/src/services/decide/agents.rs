//! The three agents side by side, with what each answer took.

use rust_decimal::Decimal;
use serde::Serialize;

use super::MarketAt;
use crate::clock::Stopwatch;
use crate::domain::agents::{AgentKind, Analysis, macro_agent, onchain, ta};

/// An agent's answer and how it came about.
#[derive(Debug, Clone, Serialize)]
pub struct AgentAnswer {
    /// What the agent says.
    #[serde(flatten)]
    pub analysis: Analysis,
    /// Which model moved the rules' score; `rules` when none did.
    pub model: &'static str,
    /// Whether an older answer stands in for one that failed.
    pub degraded: bool,
    /// Tokens used.
    pub tokens_used: u32,
    /// USD, exact.
    #[serde(serialize_with = "crate::domain::wire::plain")]
    pub cost_usd: Decimal,
    /// How long it took, milliseconds. Not part of the record: it would differ from run to run.
    #[serde(skip)]
    pub latency_ms: i64,
}

/// All three answers.
#[derive(Debug, Clone, Serialize)]
pub struct Analyses {
    /// The macro agent's.
    #[serde(rename = "macro")]
    pub macro_: AgentAnswer,
    /// The on-chain agent's.
    pub onchain: AgentAnswer,
    /// The technical agent's.
    pub ta: AgentAnswer,
}

impl Analyses {
    /// In the order they are shown.
    pub fn all(&self) -> [&AgentAnswer; 3] {
        [&self.macro_, &self.onchain, &self.ta]
    }
}

/// Lets the agents read the market. With rules alone this is arithmetic: nothing to wait for.
pub fn analyse(market: &MarketAt) -> Analyses {
    Analyses {
        macro_: by_rules(|| macro_agent::analyse(&market.observations, market.as_of)),
        onchain: by_rules(|| onchain::analyse(&market.observations, market.as_of)),
        ta: by_rules(|| ta::analyse(&market.technicals)),
    }
}

fn by_rules(rules: impl FnOnce() -> Analysis) -> AgentAnswer {
    let watch = Stopwatch::start();
    let analysis = rules();
    AgentAnswer {
        analysis,
        model: "rules",
        degraded: false,
        tokens_used: 0,
        cost_usd: Decimal::ZERO,
        latency_ms: watch.elapsed_ms(),
    }
}

impl AgentAnswer {
    /// Which agent.
    pub const fn agent(&self) -> AgentKind {
        self.analysis.agent
    }
}
