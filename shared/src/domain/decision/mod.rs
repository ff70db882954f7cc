//! From scores to a conviction, and from the conviction to a signal.
//!
//! [`decide`] is given everything a decision depends on, as of T, and gives back either a
//! [`Decision`] or the reason why there is none ([`Skipped`]). It fetches nothing, trades nothing and
//! does not know the time: T is part of what it is given. All arithmetic is decimal; the division by
//! the sum of the weights is the only step that cannot be exact. Source: DOMAIN "Decision".

mod conviction;
mod explanation;
mod locks;
mod prices;
mod risk;
mod signal;
#[cfg(test)]
mod tests;
mod weights;

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use super::agents::{AgentKind, Outcome};
use super::market::Asset;
use super::strategy::{Strategy, StrategyId, Weights};
use super::wire::{self, Utc};

pub use conviction::{Conviction, conviction};
pub use locks::{Lock, LockReason, reasons, stale_cause, standing_locks};
pub use prices::{ClosingPrice, newest_close};
pub use risk::{Breaker, Factor, Risk, RiskFactor, Unknown, Volatility};
pub use signal::{Signal, recommended_position, signal};
pub use weights::{EffectiveWeights, SkipReason, Weight};

/// What the agents say, after any model had its word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answers {
    #[serde(rename = "macro")]
    macro_: Outcome,
    onchain: Outcome,
    ta: Outcome,
    /// The on-chain answer is a degraded one, so its weight is halved.
    onchain_degraded: bool,
}

impl Answers {
    /// The answers in the order macro, on-chain, technical.
    pub const fn new(macro_: Outcome, onchain: Outcome, ta: Outcome, onchain_degraded: bool) -> Self {
        Self {
            macro_,
            onchain,
            ta,
            onchain_degraded,
        }
    }

    /// What one agent says.
    pub const fn of(&self, agent: AgentKind) -> &Outcome {
        match agent {
            AgentKind::Macro => &self.macro_,
            AgentKind::Onchain => &self.onchain,
            AgentKind::Ta => &self.ta,
        }
    }

    /// Whether the on-chain answer is a degraded one.
    pub const fn is_onchain_degraded(&self) -> bool {
        self.onchain_degraded
    }
}

/// Everything a decision depends on, as of T.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// T: the boundary the decision is made for.
    pub as_of: Timestamp,
    /// The agents' answers.
    pub answers: Answers,
    /// What may lower or override the conviction.
    pub risk: Risk,
    /// The last closed price at T of each asset that has one.
    pub prices: BTreeMap<Asset, ClosingPrice>,
    /// What was locked at T before anything was decided.
    pub locks: Vec<Lock>,
}

/// What came of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Verdict {
    /// A decision was made.
    Decided(Box<Decision>),
    /// None could be.
    Skipped(Skipped),
}

impl Verdict {
    /// What locks orders, whether there is a decision or not.
    pub fn locks(&self) -> &[Lock] {
        match self {
            Self::Decided(decision) => &decision.locks,
            Self::Skipped(skipped) => &skipped.locks,
        }
    }
}

/// No decision could be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The strategy.
    pub strategy_id: StrategyId,
    /// T.
    pub as_of: Utc,
    /// Why there is no decision.
    pub reason: SkipReason,
    /// The same in words, with each missing agent's own reason.
    pub explanation: String,
    /// Circuit breakers that hold all the same.
    pub breakers: Vec<Breaker>,
    /// What locks orders all the same.
    pub locks: Vec<Lock>,
}

/// A decision, as it is recorded and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The strategy.
    pub strategy_id: StrategyId,
    /// T.
    pub as_of: Utc,
    /// What the agents said.
    pub answers: Answers,
    /// What each agent counted, together 1.
    pub weights: EffectiveWeights,
    /// Σ weight × score, -1..=1, unrounded.
    #[serde(serialize_with = "wire::number")]
    pub base: Decimal,
    /// The conviction, 0..=100, after the factors.
    pub conviction: Conviction,
    /// What to do.
    pub signal: Signal,
    /// The share of equity to buy with, -0.5 to sell half, 0 to do nothing.
    #[serde(serialize_with = "wire::number")]
    pub recommended_position: Decimal,
    /// What lowered the conviction.
    pub factors: Vec<Factor>,
    /// Every circuit breaker that holds, the strongest first.
    pub breakers: Vec<Breaker>,
    /// What could not be judged.
    pub unknowns: Vec<Unknown>,
    /// What orders are locked for.
    pub locks: Vec<Lock>,
    /// What factors and breakers were judged on.
    pub risk: Risk,
    /// The prices that any trade of this decision uses.
    pub prices: BTreeMap<Asset, ClosingPrice>,
    /// All of it in one paragraph.
    pub explanation: String,
}

/// Decides for a strategy with the given weights (its own, or those of subscriptions that share a
/// vector). A locked decision is made all the same: it is recorded with its locks and never traded.
/// Source: DOMAIN "Decision", steps 1 to 5.
pub fn decide(strategy: &Strategy, weights: &Weights, situation: &Situation) -> Verdict {
    let Situation {
        as_of,
        answers,
        risk,
        prices,
        locks: standing,
    } = situation;
    let breakers = risk.breakers();
    let locks = locks::of_execution(&breakers, prices, *as_of, standing);
    let weights = match EffectiveWeights::new(weights, answers) {
        Ok(weights) => weights,
        Err(reason) => {
            return Verdict::Skipped(Skipped {
                strategy_id: strategy.id.clone(),
                as_of: (*as_of).into(),
                explanation: explanation::of_skip(&reason, answers),
                reason,
                breakers,
                locks,
            });
        }
    };
    let base = weights.base(answers);
    let factors = risk.factors();
    let conviction = conviction(base, &factors);
    let signal = signal(conviction, &breakers);
    let mut decision = Decision {
        strategy_id: strategy.id.clone(),
        as_of: (*as_of).into(),
        answers: answers.clone(),
        weights,
        base,
        conviction,
        signal,
        recommended_position: recommended_position(strategy, signal, conviction, risk),
        factors,
        breakers,
        unknowns: risk.unknowns(),
        locks,
        risk: risk.clone(),
        prices: prices.clone(),
        explanation: String::new(),
    };
    decision.explanation = explanation::of_decision(&decision);
    Verdict::Decided(Box::new(decision))
}
