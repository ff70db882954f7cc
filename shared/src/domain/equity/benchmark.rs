//! The line beside a curve: the same money in BTC, at the same costs.

use serde::Serialize;

use super::Moment;
use crate::domain::market::Asset;
use crate::domain::money::Money;
use crate::domain::paper::{Book, Prices, hold, take_from_held};
use crate::domain::wire::Utc;

/// Where a benchmark line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Benchmark {
    /// The first T with money, or the first after everything had been taken out: when BTC was bought with
    /// all of it.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub began_at: Utc,
    /// How much that was, USD as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub capital: Money,
}

/// The line while it is drawn.
///
/// It begins at the first T at which there is money and a price. What comes later buys BTC at the
/// last price; what goes is sold for. When everything was taken out it ends, and a new one begins at the
/// next T with money. When more was taken than it has, it ends for good: the curve goes on with money
/// that the line never had.
#[derive(Debug, Default)]
pub(super) enum Line {
    #[default]
    Ahead,
    Drawn(Benchmark, Book),
    /// Everything was taken out.
    TakenOut(Benchmark),
    /// More was taken than it had.
    Ended(Benchmark),
}

impl Line {
    /// One moment on. `ready` is the money before the orders of the moment, `after` with them.
    pub(super) fn step(&mut self, moment: &Moment, ready: Option<Money>, after: Option<Money>) {
        match self {
            Self::Ahead | Self::TakenOut(_) if moment.is_execution => {
                if let Some(begun) = ready.and_then(|capital| begin(moment, capital)) {
                    *self = begun;
                }
            }
            Self::Drawn(told, _) if !moment.flow.is_zero() && after == Some(Money::ZERO) => {
                *self = Self::TakenOut(*told);
            }
            Self::Drawn(told, book) if !moment.flow.is_zero() => {
                *self = moved(book, moment).map_or(Self::Ended(*told), |book| Self::Drawn(*told, book));
            }
            Self::Ahead | Self::Drawn(..) | Self::TakenOut(_) | Self::Ended(_) => {}
        }
    }

    /// What it is worth at these prices.
    pub(super) fn worth(&self, prices: &Prices) -> Option<Money> {
        match self {
            Self::Drawn(_, book) => book.equity(prices),
            Self::Ahead | Self::TakenOut(_) | Self::Ended(_) => None,
        }
    }

    /// Where it began; the last one, when it began more than once.
    pub(super) const fn told(&self) -> Option<Benchmark> {
        match self {
            Self::Ahead => None,
            Self::Drawn(told, _) | Self::TakenOut(told) | Self::Ended(told) => Some(*told),
        }
    }
}

fn begin(moment: &Moment, capital: Money) -> Option<Line> {
    let price = moment.prices.of(Asset::Btc)?;
    let cash = Book::open(capital).ok().filter(|_| capital > Money::ZERO)?;
    let told = Benchmark {
        began_at: Utc::from(moment.at),
        capital,
    };
    Some(Line::Drawn(told, hold(&cash, Asset::Btc, price).ok()?))
}

/// `None` when the line cannot follow: no price, or less than what is taken.
fn moved(book: &Book, moment: &Moment) -> Option<Book> {
    let price = moment.prices.of(Asset::Btc)?;
    if moment.flow.is_negative() {
        return take_from_held(book, Asset::Btc, price, -moment.flow).ok()?;
    }
    hold(&book.pay_in(moment.flow).ok()?, Asset::Btc, price).ok()
}
