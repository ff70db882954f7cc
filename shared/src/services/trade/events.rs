//! What a user is told of trades: the fills, and what the subscription is worth then.

use serde::Serialize;

use crate::db::decisions::Pending;
use crate::db::ledger::Account;
use crate::db::push::NewEvent;
use crate::domain::decision::{Conviction, Signal};
use crate::domain::identity::{DecisionId, SubscriptionId, UserId};
use crate::domain::market::Asset;
use crate::domain::money::{Money, Quantity};
use crate::domain::paper::{Book, Fill, Prices};
use crate::domain::push::EventKind;
use crate::domain::strategy::StrategyId;
use crate::domain::wire::Utc;

/// `trade:executed`: the fills of one decision or stop.
#[derive(Debug, Serialize)]
pub struct TradeExecuted<'a> {
    /// Of which strategy.
    pub strategy_id: &'a StrategyId,
    /// Which subscription's.
    pub subscription_id: SubscriptionId,
    /// The decision behind it; null where the user's stop sold.
    pub decision: Option<DecisionTold>,
    /// In the order of their execution.
    pub fills: &'a [Fill],
}

/// The decision behind a trade.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct DecisionTold {
    /// Its id.
    pub id: DecisionId,
    /// BUY or SELL.
    pub signal: Signal,
    /// 0 to 100.
    pub conviction: Conviction,
    /// T.
    pub as_of: Utc,
}

/// `portfolio:update`: what a subscription owns now.
#[derive(Debug, Serialize)]
pub struct PortfolioUpdate {
    /// Which subscription's.
    pub subscription_id: SubscriptionId,
    /// What is not invested.
    pub cash: Money,
    /// Cash and holdings at the prices of the trade; null where one of them is unknown.
    pub equity: Option<Money>,
    /// What is held.
    pub holdings: Vec<HoldingTold>,
}

/// A holding of a subscription.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct HoldingTold {
    /// Of which asset.
    pub asset: Asset,
    /// Units of it.
    pub quantity: Quantity,
    /// What they have cost, with fees.
    pub total_cost: Money,
}

impl PortfolioUpdate {
    /// What a book holds, at these prices.
    pub fn of(subscription_id: SubscriptionId, book: &Book, prices: &Prices) -> Self {
        let holdings = book.held().map(|(asset, holding)| HoldingTold {
            asset,
            quantity: holding.quantity(),
            total_cost: holding.total_cost(),
        });
        Self {
            subscription_id,
            cash: book.cash(),
            equity: book.equity(prices),
            holdings: holdings.collect(),
        }
    }
}

/// The two events of trades, for their owner.
pub fn of_trades(
    user: UserId,
    executed: &TradeExecuted<'_>,
    update: &PortfolioUpdate,
) -> Result<[NewEvent; 2], serde_json::Error> {
    let event = |kind, data| NewEvent { user, kind, data };
    Ok([
        event(EventKind::TradeExecuted, serde_json::to_value(executed)?),
        event(EventKind::PortfolioUpdate, serde_json::to_value(update)?),
    ])
}

/// The events of a decision's trades; nobody is told of a reference portfolio's.
pub(super) fn of_decision(
    decision: &Pending,
    account: &Account,
    fills: &[Fill],
    book: &Book,
) -> Result<Vec<NewEvent>, serde_json::Error> {
    let Some(user) = account.user else {
        return Ok(Vec::new());
    };
    let executed = TradeExecuted {
        strategy_id: &decision.strategy_id,
        subscription_id: account.subscription,
        decision: Some(DecisionTold {
            id: decision.id,
            signal: decision.signal,
            conviction: decision.conviction,
            as_of: decision.as_of.into(),
        }),
        fills,
    };
    let update = PortfolioUpdate::of(account.subscription, book, &decision.prices);
    of_trades(user, &executed, &update).map(Vec::from)
}
