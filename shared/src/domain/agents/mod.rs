//! The three analysis agents, as rule engines.
//!
//! Each reads its inputs as of T and gives an [`Analysis`]: a score or an abstention, a confidence,
//! the figures behind it and a text for people. [`rules`] is the printed table of shares and lines;
//! [`macro_agent`], [`onchain`] and [`ta`] turn their inputs into the figures it judges. No model is
//! asked here, and nothing is fetched. Source: DOMAIN "Agents".

mod analysis;
mod component;
pub mod macro_agent;
pub mod onchain;
mod reasoning;
mod reuse;
pub mod rules;
mod score;
pub mod ta;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use analysis::{Analysis, Flag, Inputs, Outcome};
pub use component::{Component, SignalWord};
pub(in crate::domain) use reasoning::shortened;
pub use reuse::{Basis, may_stand_in};
pub use rules::{Input, Share};
pub use score::{Confidence, OutOfRange, Score};

/// Which agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AgentKind {
    /// Interest rates, dollar, money supply.
    Macro,
    /// Bitcoin's chain.
    Onchain,
    /// Technical analysis of prices.
    Ta,
}

impl AgentKind {
    /// Every agent, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Macro, Self::Onchain, Self::Ta];

    /// The name in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Macro => "macro",
            Self::Onchain => "onchain",
            Self::Ta => "ta",
        }
    }

    /// The name in sentences.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Macro => "macro",
            Self::Onchain => "on-chain",
            Self::Ta => "technical",
        }
    }
}

impl fmt::Display for AgentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
