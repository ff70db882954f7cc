//! How much each agent counts, once it is known who answered.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::Answers;
use crate::domain::agents::AgentKind;
use crate::domain::strategy::Weights;
use crate::domain::wire;

/// The weight of one agent in a decision, 0..=1, unrounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Weight(#[serde(serialize_with = "wire::number")] Decimal);

impl Weight {
    /// The number.
    pub const fn value(self) -> Decimal {
        self.0
    }
}

/// Why no decision can be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SkipReason {
    /// Fewer than two agents answered.
    #[error("only {} of 3 agents answered, a decision needs 2", answered.len())]
    TooFewAnswers {
        /// Those that did.
        answered: Vec<AgentKind>,
    },
    /// The agents that answered have no weight.
    #[error("the agents that answered have no weight in this strategy")]
    NoWeight {
        /// Those that did.
        answered: Vec<AgentKind>,
    },
}

/// What each agent counts in a decision: nothing when it gave no answer, all together 1.
#[derive(Clone, PartialEq, Eq)]
pub struct EffectiveWeights {
    /// Weights before the division by their sum, in the order of [`AgentKind::ALL`].
    parts: [Decimal; 3],
    sum: Decimal,
}

impl EffectiveWeights {
    /// Step 1 of the decision: (a) the given weights; (b) with a degraded on-chain answer its weight
    /// is halved and a quarter of what it was goes to each of the others, answered or not; (c) agents
    /// without an answer count nothing; (d) divided by the sum. Source: DOMAIN "Decision".
    pub fn new(given: &Weights, answers: &Answers) -> Result<Self, SkipReason> {
        let answered: Vec<AgentKind> = AgentKind::ALL
            .into_iter()
            .filter(|agent| answers.of(*agent).score().is_some())
            .collect();
        if answered.len() < 2 {
            return Err(SkipReason::TooFewAnswers { answered });
        }
        let shifted = |agent| match agent {
            _ if !answers.is_onchain_degraded() => given.of(agent),
            AgentKind::Onchain => given.of(agent) / Decimal::TWO,
            AgentKind::Macro | AgentKind::Ta => {
                given.of(agent) + given.of(AgentKind::Onchain) / Decimal::from(4)
            }
        };
        let parts = AgentKind::ALL.map(|agent| match answers.of(agent).score() {
            Some(_) => shifted(agent),
            None => Decimal::ZERO,
        });
        let sum: Decimal = parts.iter().sum();
        if sum.is_zero() {
            return Err(SkipReason::NoWeight { answered });
        }
        Ok(Self { parts, sum })
    }

    fn part(&self, agent: AgentKind) -> Decimal {
        let [macro_, onchain, ta] = self.parts;
        match agent {
            AgentKind::Macro => macro_,
            AgentKind::Onchain => onchain,
            AgentKind::Ta => ta,
        }
    }

    /// What one agent counts.
    pub fn of(&self, agent: AgentKind) -> Weight {
        Weight(self.part(agent) / self.sum)
    }

    /// Σ weight × score of the agents that answered, -1..=1. Step 2 of the decision.
    ///
    /// Divides once, at the end, so that thirds do not leave a trace in a sum that is exact.
    pub fn base(&self, answers: &Answers) -> Decimal {
        let weighted: Decimal = AgentKind::ALL
            .into_iter()
            .filter_map(|agent| Some(self.part(agent) * answers.of(agent).score()?.value()))
            .sum();
        (weighted / self.sum).normalize()
    }
}

impl fmt::Debug for EffectiveWeights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(AgentKind::ALL.map(|agent| (agent.as_str(), self.of(agent).value())))
            .finish()
    }
}

impl Serialize for EffectiveWeights {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        for agent in AgentKind::ALL {
            map.serialize_entry(&agent, &self.of(agent))?;
        }
        map.end()
    }
}
