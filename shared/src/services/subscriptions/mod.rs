//! Following a strategy: begin, pause, resume, re-weight, add and take money, stop.
//!
//! Each is one transaction. It locks the subscription, then the user's portfolio, then the push
//! streams, as the trades of a decision do, so that both come one after the other and what was there
//! first counts. Repeating a pause, a resume or the same weights changes nothing. Decides nothing
//! about the market; only [`stop`] sells.

mod shown;
mod stop;

use jiff::Timestamp;

use crate::app::App;
use crate::db::push::{self, NewEvent};
use crate::db::subscriptions::{self, Entry, Purse, Subscription};
use crate::db::{self, DbError, Transaction};
use crate::domain::decision::{ClosingPrice, newest_close};
use crate::domain::identity::{SubscriptionId, UserId};
use crate::domain::market::Asset;
use crate::domain::money::Money;
use crate::domain::paper::{Book, BookError, Holding, Prices, SkipReason, Totals};
use crate::domain::push::EventKind;
use crate::domain::strategy::{StrategyId, Weights};
use crate::domain::subscriptions::{MIN_CAPITAL_USD, Status, most_subscriptions};
use crate::domain::tier::Tier;
use crate::domain::wire::Utc;
use crate::services::trade::events::PortfolioUpdate;

pub use shown::{ShownSubscription, ShownWeights, Stopped};
pub use stop::stop;

/// Why a subscription could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum SubscriptionError {
    /// There is no strategy of this id, or it decides no more.
    #[error("there is no strategy {0}")]
    NoStrategy(StrategyId),
    /// The user does not follow the strategy.
    #[error("{0} is not followed")]
    NotFollowing(StrategyId),
    /// The user follows it already.
    #[error("{0} is followed already")]
    AlreadyFollowing(StrategyId),
    /// The user's plan allows no more.
    #[error("the plan {} allows {most} subscriptions", tier.as_str())]
    TooMany {
        /// The plan.
        tier: Tier,
        /// How many it allows.
        most: usize,
    },
    /// Less than the least capital.
    #[error("a subscription begins with at least {MIN_CAPITAL_USD} USD")]
    TooLittle,
    /// More than is there.
    #[error("not enough money")]
    Insufficient {
        /// What was asked for.
        required: Money,
        /// What there is.
        available: Money,
        /// Where it was to come from.
        from: Pot,
    },
    /// A holding cannot be sold: no price, or one that is too old.
    #[error("{asset} has no price that it could be sold at")]
    NoPrice {
        /// Which.
        asset: Asset,
        /// When the newest stored candle closed.
        closed_at: Option<Utc>,
    },
    /// A holding cannot be sold for another reason.
    #[error("the holdings cannot be sold: {0}")]
    Unsellable(SkipReason),
    /// The user is gone.
    #[error("there is no portfolio")]
    NoPortfolio,
    /// The book would not add up, or figures would come out that no row can hold.
    #[error("the book cannot be changed")]
    Book(#[from] BookError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// What happened cannot be told as JSON.
    #[error("an event cannot be told")]
    Event(#[from] serde_json::Error),
}

/// Where money is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pot {
    /// What no subscription holds.
    Portfolio,
    /// A subscription's cash.
    Subscription,
}

/// Begins to follow a strategy with some of the free cash.
pub async fn follow(
    app: &App,
    user: UserId,
    strategy: &StrategyId,
    capital: Money,
    weights: Option<Weights>,
) -> Result<ShownSubscription, SubscriptionError> {
    if capital < Money::usd(MIN_CAPITAL_USD) {
        return Err(SubscriptionError::TooLittle);
    }
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    // There is no subscription to lock yet: the portfolio alone makes two of these take turns.
    let purse = purse(&transaction, user).await?;
    if !subscriptions::is_followable(&transaction, strategy).await? {
        return Err(SubscriptionError::NoStrategy(strategy.clone()));
    }
    let open = subscriptions::list_open(&transaction, user).await?;
    if open.iter().any(|followed| followed == strategy.as_str()) {
        return Err(SubscriptionError::AlreadyFollowing(strategy.clone()));
    }
    if let Some(most) = most_subscriptions(purse.tier).filter(|most| open.len() >= *most) {
        return Err(SubscriptionError::TooMany {
            tier: purse.tier,
            most,
        });
    }
    let book = Book::open(capital)?;
    let now = app.clock.now();
    let new = Subscription {
        id: SubscriptionId::from(app.ids.next()),
        strategy: strategy.clone(),
        status: Status::Active,
        weights,
        totals: book.totals(),
        active_since: now,
        created_at: now,
        stopped_at: None,
        last: None,
    };
    subscriptions::insert(&transaction, user, &new).await?;
    let free_cash = take_free_cash(app, &transaction, (user, new.id), purse, -capital, now).await?;
    tell(&transaction, user, new.id, &book, &Prices::default(), now).await?;
    commit(transaction).await?;
    Ok(ShownSubscription::of(&new, free_cash))
}

/// The weights that a subscription is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewWeights {
    /// Those of its strategy.
    OfStrategy,
    /// Its own.
    Own(Weights),
}

impl From<Option<Weights>> for NewWeights {
    fn from(own: Option<Weights>) -> Self {
        own.map_or(Self::OfStrategy, Self::Own)
    }
}

impl NewWeights {
    const fn own(self) -> Option<Weights> {
        match self {
            Self::OfStrategy => None,
            Self::Own(weights) => Some(weights),
        }
    }
}

/// What is to be different; what is `None` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    /// Active or paused.
    pub is_active: Option<bool>,
    /// Weights of its own, or those of the strategy.
    pub weights: Option<NewWeights>,
    /// More money from the portfolio's free cash; negative for money that goes back to it.
    pub money: Option<Money>,
}

/// Changes a subscription. Resumed or with other weights it takes part in decisions from now on.
pub async fn change(
    app: &App,
    user: UserId,
    strategy: &StrategyId,
    change: Change,
) -> Result<ShownSubscription, SubscriptionError> {
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let mut subscription = locked(&transaction, user, strategy).await?;
    let book = book_of(&transaction, &subscription).await?;
    let purse = purse(&transaction, user).await?;
    let now = app.clock.now();
    apply(&mut subscription, &change, now);
    let mut free_cash = purse.free_cash;
    let mut moved = None;
    if let Some(amount) = change.money {
        let book = shifted(&book, amount)?;
        subscription.totals = book.totals();
        free_cash = take_free_cash(app, &transaction, (user, subscription.id), purse, -amount, now).await?;
        moved = Some(book);
    }
    subscriptions::update(&transaction, &subscription).await?;
    if let Some(book) = moved {
        let prices = prices_of(&last_closes(&transaction, now).await?);
        tell(&transaction, user, subscription.id, &book, &prices, now).await?;
    }
    commit(transaction).await?;
    Ok(ShownSubscription::of(&subscription, free_cash))
}

fn apply(subscription: &mut Subscription, change: &Change, now: Timestamp) {
    let status = match change.is_active {
        Some(true) => Status::Active,
        Some(false) => Status::Paused,
        None => subscription.status,
    };
    let weights = change.weights.map_or(subscription.weights, NewWeights::own);
    let is_resumed = status == Status::Active && subscription.status != Status::Active;
    if is_resumed || weights != subscription.weights {
        // It takes no part in what was decided before it was what it is now.
        subscription.active_since = now;
    }
    subscription.status = status;
    subscription.weights = weights;
}

/// The book with more money, or with less.
fn shifted(book: &Book, amount: Money) -> Result<Book, SubscriptionError> {
    if !amount.is_negative() {
        return Ok(book.pay_in(amount)?);
    }
    if -amount > book.cash() {
        return Err(SubscriptionError::Insufficient {
            required: -amount,
            available: book.cash(),
            from: Pot::Subscription,
        });
    }
    Ok(book.take_out(-amount)?)
}

/// Moves money to or from the free cash, which must have it; tells what is left.
async fn take_free_cash(
    app: &App,
    transaction: &Transaction<'_>,
    (user, subscription): (UserId, SubscriptionId),
    purse: Purse,
    amount: Money,
    now: Timestamp,
) -> Result<Money, SubscriptionError> {
    let free_cash_after = purse.free_cash + amount;
    if free_cash_after.is_negative() {
        return Err(SubscriptionError::Insufficient {
            required: -amount,
            available: purse.free_cash,
            from: Pot::Portfolio,
        });
    }
    let entry = Entry {
        id: app.ids.next(),
        user,
        subscription,
        amount,
        free_cash_after,
    };
    subscriptions::move_money(transaction, entry, now).await?;
    Ok(free_cash_after)
}

async fn purse(transaction: &Transaction<'_>, user: UserId) -> Result<Purse, SubscriptionError> {
    let purse = subscriptions::lock_purse(transaction, user).await?;
    purse.ok_or(SubscriptionError::NoPortfolio)
}

async fn locked(
    transaction: &Transaction<'_>,
    user: UserId,
    strategy: &StrategyId,
) -> Result<Subscription, SubscriptionError> {
    if let Some(subscription) = subscriptions::lock_open(transaction, user, strategy).await? {
        return Ok(subscription);
    }
    if subscriptions::is_followable(transaction, strategy).await? {
        Err(SubscriptionError::NotFollowing(strategy.clone()))
    } else {
        Err(SubscriptionError::NoStrategy(strategy.clone()))
    }
}

/// The book of a locked subscription.
async fn book_of(
    transaction: &Transaction<'_>,
    subscription: &Subscription,
) -> Result<Book, SubscriptionError> {
    let held = subscriptions::list_holdings(transaction, &[subscription.id]).await?;
    Ok(book(subscription.totals, subscription.id, &held)?)
}

/// A subscription's book out of the holdings of several.
pub(super) fn book(
    totals: Totals,
    id: SubscriptionId,
    held: &[(SubscriptionId, Asset, Holding)],
) -> Result<Book, BookError> {
    let of = |asset| {
        let own = held.iter().find(|(owner, of, _)| *owner == id && *of == asset);
        own.map_or(Holding::NONE, |(_, _, holding)| *holding)
    };
    Book::new(totals, of(Asset::Btc), of(Asset::Eth))
}

/// The last closed price of every asset that has one.
pub(super) async fn last_closes(
    transaction: &Transaction<'_>,
    now: Timestamp,
) -> Result<Vec<(Asset, ClosingPrice)>, DbError> {
    let stored = subscriptions::list_closes(transaction, &[now]).await?;
    let newest = |asset| {
        let of_asset = stored.iter().filter(|(_, of, _)| *of == asset);
        newest_close(of_asset.map(|(_, _, close)| *close), now)
    };
    Ok(Asset::ALL
        .into_iter()
        .filter_map(|asset| Some((asset, newest(asset)?)))
        .collect())
}

/// The prices alone.
pub(super) fn prices_of(closes: &[(Asset, ClosingPrice)]) -> Prices {
    let of = |asset| {
        let close = closes.iter().find(|(of, _)| *of == asset);
        close.map(|(_, close)| close.price)
    };
    Prices::new(of(Asset::Btc), of(Asset::Eth))
}

/// Tells the owner what a subscription owns now. The last statement of its transaction.
async fn tell(
    transaction: &Transaction<'_>,
    user: UserId,
    subscription: SubscriptionId,
    book: &Book,
    prices: &Prices,
    now: Timestamp,
) -> Result<(), SubscriptionError> {
    let update = PortfolioUpdate::of(subscription, book, prices);
    let event = NewEvent {
        user,
        kind: EventKind::PortfolioUpdate,
        data: serde_json::to_value(&update)?,
    };
    push::append(transaction, &[event], now).await?;
    Ok(())
}

async fn commit(transaction: Transaction<'_>) -> Result<(), SubscriptionError> {
    transaction.commit().await.map_err(DbError::from)?;
    Ok(())
}
