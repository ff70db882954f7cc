//! What users do to their subscriptions, as transactions that lock in the order everybody locks in:
//! the subscription, then the portfolio.

use jiff::Timestamp;
use rust_decimal::Decimal;
use shared::app::App;
use shared::db::ledger::{self, NewTrade, Origin};
use shared::db::{self, DbError, Transaction};
use shared::domain::identity::UserId;
use shared::domain::market::Asset;
use shared::domain::money::{Money, Quantity};
use shared::domain::paper::{self, Book, Holding, Outcome, Prices, SkipReason, Totals};
use shared::domain::strategy::Strategy;
use uuid::Uuid;

const HELD: &str = "SELECT asset, quantity, total_cost FROM holdings WHERE subscription_id = $1";

/// Who does it, to the subscription of which strategy.
#[derive(Clone, Copy)]
pub(super) struct By<'a> {
    pub(super) app: &'a App,
    pub(super) user: UserId,
    pub(super) strategy: &'a Strategy,
}

/// A locked subscription that is not stopped.
struct Own {
    id: Uuid,
    status: String,
    book: Book,
}

impl By<'_> {
    fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    pub(super) async fn follow(&self, capital: Decimal) -> Result<(), DbError> {
        let mut connection = self.app.db.get().await?;
        let transaction = db::begin(&mut connection).await?;
        let id = self.app.ids.next();
        let sql = "INSERT INTO subscriptions
                       (id, user_id, strategy_id, status, paid_in, taken_out, cash, realised, active_since, created_at)
                   VALUES ($1, $2, $3, 'active', $4, 0, $4, 0, $5, $5) ON CONFLICT DO NOTHING";
        let (user, strategy) = (self.user.uuid(), self.strategy.id.as_str());
        let written = transaction
            .execute(
                &transaction.prepare_cached(sql).await?,
                &[&id, &user, &strategy, &capital, &self.now()],
            )
            .await?;
        if written == 0 || !self.moved(&transaction, "paid_in", id, -capital).await? {
            return Ok(());
        }
        Ok(transaction.commit().await?)
    }

    pub(super) async fn pay_in(&self, amount: Decimal) -> Result<(), DbError> {
        self.change(async |transaction, own| {
            let book = own.book.pay_in(money(amount)).expect("amounts are small");
            let is_paid = self.moved(transaction, "paid_in", own.id, -amount).await?;
            Ok(is_paid.then_some((own.status.clone(), book)))
        })
        .await
    }

    pub(super) async fn withdraw(&self, amount: Decimal) -> Result<(), DbError> {
        self.change(async |transaction, own| {
            let Ok(book) = own.book.take_out(money(amount)) else {
                return Ok(None);
            };
            self.moved(transaction, "taken_out", own.id, amount).await?;
            Ok(Some((own.status.clone(), book)))
        })
        .await
    }

    pub(super) async fn pause(&self) -> Result<(), DbError> {
        self.change(async |_, own| Ok(Some(("paused".to_owned(), own.book))))
            .await
    }

    pub(super) async fn resume(&self) -> Result<(), DbError> {
        self.change(async |transaction, own| {
            if own.status != "paused" {
                return Ok(None);
            }
            let sql = "UPDATE subscriptions SET active_since = $2 WHERE id = $1";
            transaction
                .execute(&transaction.prepare_cached(sql).await?, &[&own.id, &self.now()])
                .await?;
            Ok(Some(("active".to_owned(), own.book)))
        })
        .await
    }

    pub(super) async fn reweight(&self, weights: [&str; 3]) -> Result<(), DbError> {
        let [macro_, onchain, ta] = weights.map(|weight| weight.parse::<Decimal>().unwrap());
        self.change(async |transaction, own| {
            let sql = "UPDATE subscriptions
                       SET weight_macro = $2, weight_onchain = $3, weight_ta = $4, active_since = $5 WHERE id = $1";
            transaction.execute(&transaction.prepare_cached(sql).await?, &[&own.id, &macro_, &onchain, &ta, &self.now()])
                .await?;
            Ok(Some((own.status.clone(), own.book)))
        })
        .await
    }

    pub(super) async fn stop(&self, prices: &Prices) -> Result<(), DbError> {
        self.change(async |transaction, own| {
            let (fills, book) = match paper::sell_all(&own.book, prices) {
                Outcome::Traded { fills, book } => (fills, book),
                Outcome::Skipped(SkipReason::NothingToSell) => (Vec::new(), own.book),
                Outcome::Skipped(_) => return Ok(None),
            };
            let trades: Vec<NewTrade> = fills
                .into_iter()
                .map(|fill| NewTrade {
                    id: self.app.ids.next(),
                    subscription: own.id.into(),
                    user: Some(self.user),
                    fill,
                })
                .collect();
            let origin = Origin {
                strategy: &self.strategy.id,
                decision: None,
                as_of: self.now(),
            };
            ledger::record_trades(transaction, origin, &trades, self.now()).await?;
            self.moved(transaction, "taken_out", own.id, book.cash().value())
                .await?;
            Ok(Some(("stopped".to_owned(), book.take_out(book.cash()).unwrap())))
        })
        .await
    }

    /// Locks the subscription, lets it be changed, writes its status and money.
    async fn change(
        &self,
        change: impl AsyncFnOnce(&Transaction<'_>, &Own) -> Result<Option<(String, Book)>, DbError>,
    ) -> Result<(), DbError> {
        let mut connection = self.app.db.get().await?;
        let transaction = db::begin(&mut connection).await?;
        let Some(own) = self.lock(&transaction).await? else {
            return Ok(());
        };
        let Some((status, book)) = change(&transaction, &own).await? else {
            return Ok(());
        };
        let totals = book.totals();
        let sql = "UPDATE subscriptions
                   SET status = $2, paid_in = $3, taken_out = $4, cash = $5, realised = $6,
                       stopped_at = CASE $2 WHEN 'stopped' THEN $7::timestamptz END
                   WHERE id = $1";
        let (paid_in, taken_out) = (totals.paid_in.value(), totals.taken_out.value());
        let (cash, realised) = (totals.cash.value(), totals.realised.value());
        transaction
            .execute(
                sql,
                &[
                    &own.id,
                    &status,
                    &paid_in,
                    &taken_out,
                    &cash,
                    &realised,
                    &self.now(),
                ],
            )
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn lock(&self, transaction: &Transaction<'_>) -> Result<Option<Own>, DbError> {
        let sql = "SELECT id, status, paid_in, taken_out, cash, realised FROM subscriptions
                   WHERE user_id = $1 AND strategy_id = $2 AND status <> 'stopped' FOR UPDATE";
        let (user, strategy) = (self.user.uuid(), self.strategy.id.as_str());
        let Some(row) = transaction
            .query_opt(&transaction.prepare_cached(sql).await?, &[&user, &strategy])
            .await?
        else {
            return Ok(None);
        };
        let id: Uuid = row.get(0);
        let held = transaction
            .query(
                "SELECT asset, quantity, total_cost FROM holdings WHERE subscription_id = $1",
                &[&id],
            )
            .await?;
        let holding = |asset: Asset| {
            let row = held.iter().find(|row| row.get::<_, &str>(0) == asset.as_str());
            row.map_or(Holding::NONE, |row| {
                Holding::new(Quantity::new(row.get(1)).unwrap(), money(row.get(2))).unwrap()
            })
        };
        let totals = Totals {
            paid_in: money(row.get(2)),
            taken_out: money(row.get(3)),
            cash: money(row.get(4)),
            realised: money(row.get(5)),
        };
        let book = Book::new(totals, holding(Asset::Btc), holding(Asset::Eth)).expect("the book adds up");
        let status = row.get(1);
        Ok(Some(Own { id, status, book }))
    }

    /// Moves money between portfolio and subscription; tells whether there was enough.
    async fn moved(
        &self,
        transaction: &Transaction<'_>,
        kind: &str,
        subscription: Uuid,
        amount: Decimal,
    ) -> Result<bool, DbError> {
        let sql = "WITH moved AS (UPDATE portfolios SET free_cash = free_cash + $4
                                  WHERE user_id = $1 AND free_cash + $4 >= 0 RETURNING free_cash)
                   INSERT INTO portfolio_entries SELECT $5, $1, $2, $3, $4, free_cash, $6 FROM moved";
        let (user, id) = (self.user.uuid(), self.app.ids.next());
        let written = transaction
            .execute(
                &transaction.prepare_cached(sql).await?,
                &[&user, &kind, &subscription, &amount, &id, &self.now()],
            )
            .await?;
        Ok(written > 0)
    }
}

fn money(value: Decimal) -> Money {
    Money::new(value).expect("an amount")
}
