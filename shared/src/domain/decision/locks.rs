//! What stops scheduled orders.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Breaker, ClosingPrice, Signal};
use crate::domain::market::Asset;
use crate::domain::wire::Utc;

/// Why scheduled orders are locked. Each lock lifts itself when its cause ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// No language model answers, and no result of one is young enough.
    ModelsDown,
    /// The day's budget for language models is spent.
    Budget,
    /// A last closed price is too old.
    StaleMarket,
    /// Two sources say different things about the same.
    SourcesDisagree,
    /// A circuit breaker pauses trading.
    BreakerPause,
    /// An operator said so.
    Operator,
}

impl LockReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::ModelsDown,
        Self::Budget,
        Self::StaleMarket,
        Self::SourcesDisagree,
        Self::BreakerPause,
        Self::Operator,
    ];

    /// The name in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ModelsDown => "models_down",
            Self::Budget => "budget",
            Self::StaleMarket => "stale_market",
            Self::SourcesDisagree => "sources_disagree",
            Self::BreakerPause => "breaker_pause",
            Self::Operator => "operator",
        }
    }
}

impl fmt::Display for LockReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A lock with what caused it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Why.
    pub reason: LockReason,
    /// The cause in words.
    pub detail: String,
    /// Since when it locks; `None` for a cause that the execution itself found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Utc>,
    /// When it ends or has ended, where that is known; `None` in the record of an execution, which knows no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Utc>,
}

/// The reasons of locks, each once, joined by commas: why a decision was not traded.
pub fn reasons(locks: &[Lock]) -> String {
    let mut names: Vec<&str> = locks.iter().map(|lock| lock.reason.as_str()).collect();
    names.dedup();
    names.join(", ")
}

/// What was locked before an execution looked for itself: the standing locks of T, but for those whose
/// causes the execution judges, and what it found out about the models, if anything.
pub fn standing_locks(standing: &[Lock], models: Option<&[(LockReason, String)]>) -> Vec<Lock> {
    let is_judged = |reason| match reason {
        LockReason::StaleMarket | LockReason::BreakerPause => true,
        LockReason::ModelsDown | LockReason::Budget => models.is_some(),
        LockReason::SourcesDisagree | LockReason::Operator => false,
    };
    let found = models.into_iter().flatten().map(|(reason, detail)| Lock {
        reason: *reason,
        detail: detail.clone(),
        since: None,
        until: None,
    });
    // Without its end: a lock that is lifted later must not change what was recorded.
    let kept = standing
        .iter()
        .filter(|lock| !is_judged(lock.reason))
        .map(|lock| Lock {
            until: None,
            ..lock.clone()
        });
    kept.chain(found).collect()
}

/// The locks that hold for an execution: those its own inputs ask for, and those that were set.
///
/// One stale price locks everything. An asset without any price does not, as long as the other has
/// one: its leg is skipped when orders are made. Source: DOMAIN "Decision", steps 0 and 5.
pub(super) fn of_execution(
    breakers: &[Breaker],
    prices: &BTreeMap<Asset, ClosingPrice>,
    as_of: Timestamp,
    standing: &[Lock],
) -> Vec<Lock> {
    stale_market(prices, as_of)
        .into_iter()
        .chain(breaker_pause(breakers))
        .chain(standing.iter().cloned())
        .collect()
}

fn stale_market(prices: &BTreeMap<Asset, ClosingPrice>, as_of: Timestamp) -> Option<Lock> {
    stale_cause(prices, as_of).map(|detail| Lock {
        reason: LockReason::StaleMarket,
        detail,
        since: None,
        until: None,
    })
}

/// Why the market is too old to trade in at a time, in words; `None` when it is not.
pub fn stale_cause(prices: &BTreeMap<Asset, ClosingPrice>, as_of: Timestamp) -> Option<String> {
    let stale: Vec<String> = prices
        .iter()
        .filter(|(_, close)| close.is_stale_at(as_of))
        .map(|(asset, close)| format!("the last {asset} candle closed at {}", close.closed_at))
        .collect();
    match (prices.is_empty(), stale.is_empty()) {
        (true, _) => Some("there is no closed candle of any asset".to_owned()),
        (false, true) => None,
        (false, false) => Some(stale.join(", ")),
    }
}

fn breaker_pause(breakers: &[Breaker]) -> Option<Lock> {
    let causes: Vec<&str> = breakers
        .iter()
        .filter(|breaker| breaker.signal() == Signal::Pause)
        .map(|breaker| match breaker {
            Breaker::VolatilityUnknown => "the volatility is unknown",
            _ => "the volatility is above 10 %",
        })
        .collect();
    (!causes.is_empty()).then(|| Lock {
        reason: LockReason::BreakerPause,
        detail: causes.join(", "),
        since: None,
        until: None,
    })
}
