//! The three analysis agents, as rule engines.

use std::fmt;

use serde::{Deserialize, Serialize};

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
}

impl fmt::Display for AgentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
