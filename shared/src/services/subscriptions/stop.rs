//! The end of a subscription: everything is sold, and the cash goes back to the portfolio.

use jiff::Timestamp;

use super::{
    ShownSubscription, Stopped, SubscriptionError, book_of, commit, last_closes, locked, prices_of, purse,
    take_free_cash,
};
use crate::app::App;
use crate::db::ledger::{self, NewTrade, Origin};
use crate::db::{self, push, subscriptions};
use crate::domain::decision::ClosingPrice;
use crate::domain::identity::UserId;
use crate::domain::market::Asset;
use crate::domain::paper::{self, Book, Fill, Outcome, Prices, SkipReason};
use crate::domain::strategy::StrategyId;
use crate::domain::subscriptions::{STOP_PRICE_LIFE, Status};
use crate::services::trade::events::{PortfolioUpdate, TradeExecuted, of_trades};

/// Stops following a strategy, whatever is locked: sells at the last closed prices, which must be
/// younger than a day.
pub async fn stop(app: &App, user: UserId, strategy: &StrategyId) -> Result<Stopped, SubscriptionError> {
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let mut subscription = locked(&transaction, user, strategy).await?;
    let book = book_of(&transaction, &subscription).await?;
    let now = app.clock.now();
    let closes = last_closes(&transaction, now).await?;
    let prices = prices_of(&closes);
    all_sellable(&book, &closes, &prices, now)?;
    let (fills, sold) = sell(&book, &prices)?;
    let returned = sold.cash();
    let emptied = sold.take_out(returned)?;

    let trades: Vec<NewTrade> = fills
        .iter()
        .map(|fill| NewTrade {
            id: app.ids.next(),
            subscription: subscription.id,
            user: Some(user),
            fill: *fill,
        })
        .collect();
    let origin = Origin {
        strategy,
        decision: None,
        as_of: now,
    };
    if !trades.is_empty() {
        ledger::record_trades(&transaction, origin, &trades, now).await?;
    }
    subscription.status = Status::Stopped;
    subscription.stopped_at = Some(now);
    subscription.totals = emptied.totals();
    subscriptions::update(&transaction, &subscription).await?;
    let purse = purse(&transaction, user).await?;
    let free_cash = take_free_cash(app, &transaction, (user, subscription.id), purse, returned, now).await?;
    let executed = TradeExecuted {
        strategy_id: strategy,
        subscription_id: subscription.id,
        decision: None,
        fills: &fills,
    };
    let update = PortfolioUpdate::of(subscription.id, &emptied, &prices);
    let [sale, balance] = of_trades(user, &executed, &update)?;
    let events = if fills.is_empty() {
        vec![balance]
    } else {
        vec![sale, balance]
    };
    push::append(&transaction, &events, now).await?;
    commit(transaction).await?;
    Ok(Stopped {
        subscription: ShownSubscription::of(&subscription, free_cash),
        returned,
        fills,
    })
}

/// Every holding needs a price that is younger than a day, and that the asset can cost.
fn all_sellable(
    book: &Book,
    closes: &[(Asset, ClosingPrice)],
    prices: &Prices,
    now: Timestamp,
) -> Result<(), SubscriptionError> {
    for (asset, _) in book.held() {
        let close = closes.iter().find(|(of, _)| *of == asset);
        let closed_at = close.map(|(_, close)| close.closed_at);
        let is_young = closed_at.is_some_and(|at| now.duration_since(at.into()) < STOP_PRICE_LIFE);
        if !is_young || prices.of(asset).is_none() {
            return Err(SubscriptionError::NoPrice { asset, closed_at });
        }
    }
    Ok(())
}

/// Sells everything; a book that holds nothing stays as it is.
fn sell(book: &Book, prices: &Prices) -> Result<(Vec<Fill>, Book), SubscriptionError> {
    match paper::sell_all(book, prices) {
        Outcome::Traded { fills, book } => Ok((fills, book)),
        Outcome::Skipped(SkipReason::NothingToSell) => Ok((Vec::new(), *book)),
        Outcome::Skipped(reason) => Err(SubscriptionError::Unsellable(reason)),
    }
}
