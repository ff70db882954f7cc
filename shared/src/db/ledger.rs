//! The books of subscriptions: locked, read, and written back with the fills that changed them.
//!
//! Who changes a book locks in this order, so that nobody waits for somebody who waits for them: the
//! decision, subscriptions by id, the user's portfolio, push streams. Holdings and trades belong to
//! their subscription and are covered by its lock.

use std::collections::HashMap;

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use db_queries::queries::ledger::{self as queries, AccountRow, HoldingsOf};

use super::DbError;
use super::decisions::{self, Pending};
use crate::domain::identity::{DecisionId, SubscriptionId, UserId};
use crate::domain::market::{Asset, UnknownName};
use crate::domain::money::{Money, Quantity};
use crate::domain::paper::{Book, BookError, Fill, Holding, Totals};
use crate::domain::strategy::StrategyId;

/// A locked subscription with what it owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Which.
    pub subscription: SubscriptionId,
    /// Whose; nobody's for a reference portfolio.
    pub user: Option<UserId>,
    /// Its book, or what is wrong with it.
    pub book: Result<Book, BookError>,
}

/// The ids of the next `chunk` subscriptions that take part in a decision, in their order. Fewer mean
/// that these are the last. Locks nothing.
pub async fn next_taking_part(
    transaction: &Transaction<'_>,
    decision: &Pending,
    chunk: i64,
) -> Result<Vec<Uuid>, DbError> {
    let [macro_, onchain, ta] = decisions::parts(&decision.weights);
    let after = decision.done_up_to.unwrap_or(Uuid::nil());
    let ids = queries::next_taking_part()
        .prepare(transaction)
        .await?
        .bind(
            transaction,
            &decision.is_own,
            &decision.strategy_id.as_str(),
            &after,
            &decision.as_of,
            &chunk,
            &macro_,
            &onchain,
            &ta,
        )
        .all()
        .await?;
    Ok(ids)
}

/// Locks those of the subscriptions that still take part in a decision as of a time, and reads their
/// books as they are then.
pub async fn lock_taking_part(
    transaction: &Transaction<'_>,
    ids: &[Uuid],
    as_of: Timestamp,
) -> Result<Vec<Account>, DbError> {
    let rows = queries::lock_taking_part()
        .prepare(transaction)
        .await?
        .bind(transaction, &ids, &as_of)
        .all()
        .await?;
    let locked: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut holdings = holdings(transaction, &locked).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let held = holdings.remove(&row.id).unwrap_or_default();
            account(&row, &held)
        })
        .collect())
}

/// What is held of each asset by subscriptions that are locked already.
async fn holdings(
    transaction: &Transaction<'_>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<HeldRow>>, DbError> {
    let rows = queries::holdings_of()
        .prepare(transaction)
        .await?
        .bind(transaction, &ids)
        .all()
        .await?;
    let mut holdings: HashMap<Uuid, Vec<HeldRow>> = HashMap::new();
    for row in rows {
        let (id, held) = held(&row)?;
        holdings.entry(id).or_default().push(held);
    }
    Ok(holdings)
}

/// Asset, quantity, total cost.
type HeldRow = (Asset, Decimal, Decimal);

fn held(row: &HoldingsOf) -> Result<(Uuid, HeldRow), DbError> {
    let asset = row
        .asset
        .parse()
        .map_err(|error: UnknownName| DbError::row("holding", error))?;
    Ok((row.subscription_id, (asset, row.quantity, row.total_cost)))
}

fn account(row: &AccountRow, held: &[HeldRow]) -> Account {
    Account {
        subscription: row.id.into(),
        user: row.user_id.map(Into::into),
        book: book(row, held),
    }
}

fn book(row: &AccountRow, held: &[HeldRow]) -> Result<Book, BookError> {
    let holding = |asset| {
        let row = held.iter().find(|(of, _, _)| *of == asset);
        row.map_or(Ok(Holding::NONE), |(_, quantity, cost)| {
            Holding::new(Quantity::new(*quantity)?, Money::new(*cost)?)
        })
    };
    let totals = Totals {
        paid_in: Money::new(row.paid_in)?,
        taken_out: Money::new(row.taken_out)?,
        cash: Money::new(row.cash)?,
        realised: Money::new(row.realised)?,
    };
    Book::new(totals, holding(Asset::Btc)?, holding(Asset::Eth)?)
}

/// A fill on its way into the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTrade {
    /// Its id.
    pub id: Uuid,
    /// Whose book.
    pub subscription: SubscriptionId,
    /// Whose subscription.
    pub user: Option<UserId>,
    /// What was bought or sold.
    pub fill: Fill,
}

/// What made trades.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// Of which strategy.
    pub strategy: &'a StrategyId,
    /// The decision; none where a user's stop sold.
    pub decision: Option<DecisionId>,
    /// T of the decision, or when the user stopped.
    pub as_of: Timestamp,
}

/// Writes fills down, and what they left of the holdings. The money is the caller's to write.
pub async fn record_trades(
    transaction: &Transaction<'_>,
    origin: Origin<'_>,
    trades: &[NewTrade],
    now: Timestamp,
) -> Result<(), DbError> {
    let subscriptions: Vec<Uuid> = trades.iter().map(|trade| trade.subscription.uuid()).collect();
    let assets: Vec<&str> = trades.iter().map(|trade| trade.fill.asset.as_str()).collect();
    let amounts =
        |of: fn(&Fill) -> Decimal| -> Vec<Decimal> { trades.iter().map(|trade| of(&trade.fill)).collect() };
    let quantities_after = amounts(|fill| fill.quantity_after.value());
    let costs_after = amounts(|fill| fill.cost_after.value());
    queries::record_trades()
        .prepare(transaction)
        .await?
        .bind(
            transaction,
            &origin.strategy.as_str(),
            &origin.decision.map(DecisionId::uuid),
            &origin.as_of,
            &now,
            &trades.iter().map(|trade| trade.id).collect::<Vec<_>>(),
            &subscriptions,
            &trades
                .iter()
                .map(|trade| trade.user.map(UserId::uuid))
                .collect::<Vec<_>>(),
            &assets,
            &trades
                .iter()
                .map(|trade| trade.fill.side.as_str())
                .collect::<Vec<_>>(),
            &amounts(|fill| fill.quantity.value()),
            &amounts(|fill| fill.price.value()),
            &amounts(|fill| fill.fill.value()),
            &amounts(|fill| fill.value.value()),
            &amounts(|fill| fill.fee.value()),
            &amounts(|fill| fill.cost.value()),
            &trades
                .iter()
                .map(|trade| trade.fill.realised.map(Money::value))
                .collect::<Vec<_>>(),
            &amounts(|fill| fill.cash_after.value()),
            &quantities_after,
            &costs_after,
        )
        .await?;
    queries::write_holdings()
        .prepare(transaction)
        .await?
        .bind(
            transaction,
            &subscriptions,
            &assets,
            &quantities_after,
            &costs_after,
        )
        .await?;
    Ok(())
}

/// What became of a decision at a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// Which.
    pub subscription: SubscriptionId,
    /// Its book after it; none where nothing was traded.
    pub book: Option<Book>,
    /// `traded`, or why not.
    pub outcome: &'static str,
}

/// Writes down what became of a decision at subscriptions, and the money it left them.
pub async fn settle(
    transaction: &Transaction<'_>,
    decision: DecisionId,
    settled: &[Settled],
) -> Result<(), DbError> {
    let ids: Vec<Uuid> = settled.iter().map(|one| one.subscription.uuid()).collect();
    let money = |of: fn(Totals) -> Money| -> Vec<Option<Decimal>> {
        settled
            .iter()
            .map(|one| one.book.map(|book| of(book.totals()).value()))
            .collect()
    };
    let outcomes: Vec<&str> = settled.iter().map(|one| one.outcome).collect();
    queries::write_outcomes()
        .prepare(transaction)
        .await?
        .bind(
            transaction,
            &decision.uuid(),
            &ids,
            &money(|totals| totals.cash),
            &money(|totals| totals.realised),
            &outcomes,
        )
        .await?;
    Ok(())
}
