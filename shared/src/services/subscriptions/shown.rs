//! How a subscription looks to its user.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::db::subscriptions::Subscription;
use crate::domain::agents::AgentKind;
use crate::domain::identity::SubscriptionId;
use crate::domain::money::Money;
use crate::domain::paper::Fill;
use crate::domain::strategy::{StrategyId, Weights};
use crate::domain::subscriptions::Status;
use crate::domain::wire::{self, Utc};

/// How much each agent counts, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownWeights {
    /// The macro agent, 0 to 1.
    #[serde(rename = "macro", serialize_with = "wire::number")]
    #[cfg_attr(feature = "http", schema(value_type = f64))]
    pub macro_: Decimal,
    /// The on-chain agent.
    #[serde(serialize_with = "wire::number")]
    #[cfg_attr(feature = "http", schema(value_type = f64))]
    pub onchain: Decimal,
    /// The technical agent.
    #[serde(serialize_with = "wire::number")]
    #[cfg_attr(feature = "http", schema(value_type = f64))]
    pub ta: Decimal,
}

impl From<Weights> for ShownWeights {
    fn from(weights: Weights) -> Self {
        Self {
            macro_: weights.of(AgentKind::Macro),
            onchain: weights.of(AgentKind::Onchain),
            ta: weights.of(AgentKind::Ta),
        }
    }
}

/// A subscription after it was changed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownSubscription {
    /// Its id.
    #[cfg_attr(feature = "http", schema(value_type = uuid::Uuid))]
    pub id: SubscriptionId,
    /// Which strategy.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub strategy_id: StrategyId,
    /// `active`, `paused` or `stopped`.
    pub status: Status,
    /// Weights of its own; null for the strategy's.
    pub weights: Option<ShownWeights>,
    /// What came from the portfolio, USD as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub paid_in: Money,
    /// What went back to it.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub taken_out: Money,
    /// What is not invested.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub cash: Money,
    /// Profit and loss of all sales.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub realised_pnl: Money,
    /// It takes part in decisions as of this time or later.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub active_since: Utc,
    /// When it was begun.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub created_at: Utc,
    /// When it ended.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub stopped_at: Option<Utc>,
    /// What the portfolio has free now, USD as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub free_cash: Money,
}

impl ShownSubscription {
    pub(super) fn of(subscription: &Subscription, free_cash: Money) -> Self {
        Self {
            id: subscription.id,
            strategy_id: subscription.strategy.clone(),
            status: subscription.status,
            weights: subscription.weights.map(ShownWeights::from),
            paid_in: subscription.totals.paid_in,
            taken_out: subscription.totals.taken_out,
            cash: subscription.totals.cash,
            realised_pnl: subscription.totals.realised,
            active_since: subscription.active_since.into(),
            created_at: subscription.created_at.into(),
            stopped_at: subscription.stopped_at.map(Utc::from),
            free_cash,
        }
    }
}

/// What a stop did.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Stopped {
    /// The subscription, ended.
    pub subscription: ShownSubscription,
    /// What went back to the portfolio, USD as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub returned: Money,
    /// The sales, BTC first.
    #[cfg_attr(feature = "http", schema(value_type = Vec<Object>))]
    pub fills: Vec<Fill>,
}
