//! What clients are told over the open sockets.

use serde::{Deserialize, Serialize};

/// The name of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// New scores of a strategy, for its followers.
    #[serde(rename = "agent:scores")]
    AgentScores,
    /// A new decision of a strategy, for its followers.
    #[serde(rename = "decision:made")]
    DecisionMade,
    /// Fills of one decision or stop, for their owner.
    #[serde(rename = "trade:executed")]
    TradeExecuted,
    /// What a subscription is worth now, for its owner.
    #[serde(rename = "portfolio:update")]
    PortfolioUpdate,
    /// What everybody has to know.
    #[serde(rename = "system:notice")]
    SystemNotice,
}

impl EventKind {
    /// Every event.
    pub const ALL: [Self; 5] = [
        Self::AgentScores,
        Self::DecisionMade,
        Self::TradeExecuted,
        Self::PortfolioUpdate,
        Self::SystemNotice,
    ];

    /// The name in rows and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AgentScores => "agent:scores",
            Self::DecisionMade => "decision:made",
            Self::TradeExecuted => "trade:executed",
            Self::PortfolioUpdate => "portfolio:update",
            Self::SystemNotice => "system:notice",
        }
    }
}
