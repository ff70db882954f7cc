//! What it takes to follow a strategy, and what each plan allows.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::market::UnknownName;
use super::tier::Tier;

/// The least capital a subscription begins with, USD: less would never place an order of 10 USDT.
/// Source: DOMAIN "Orders and the paper engine".
pub const MIN_CAPITAL_USD: u32 = 2_500;

/// A last closed price that is this old sells nothing any more. Source: DOMAIN "Users, strategies,
/// portfolios".
pub const STOP_PRICE_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Days of portfolio, trades and scores that the smallest plan shows.
pub const FREE_HISTORY_DAYS: i64 = 7;

/// Whether a subscription takes part in decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It does.
    Active,
    /// It does not, and keeps what it has.
    Paused,
    /// It never will again: all was sold and given back.
    Stopped,
}

impl Status {
    const ALL: [Self; 3] = [Self::Active, Self::Paused, Self::Stopped];

    /// The name in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|status| status.as_str() == text);
        known.ok_or_else(|| UnknownName::new("status", text))
    }
}

/// How many strategies a plan may follow at a time; `None` for any number.
pub const fn most_subscriptions(tier: Tier) -> Option<usize> {
    match tier {
        Tier::Free => Some(1),
        Tier::Basic => Some(3),
        Tier::Pro | Tier::Enterprise => None,
    }
}

/// The first moment of history that a plan shows; `None` for all of it.
pub fn history_since(tier: Tier, now: Timestamp) -> Option<Timestamp> {
    match tier {
        Tier::Free => Some(now - SignedDuration::from_hours(24 * FREE_HISTORY_DAYS)),
        Tier::Basic | Tier::Pro | Tier::Enterprise => None,
    }
}
