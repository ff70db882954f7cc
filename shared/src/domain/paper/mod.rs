//! The paper engine: orders against a subscription's book, at the last closed prices of T.
//!
//! Pure and decimal. It is given a [`Book`], an order and [`Prices`], and gives back the [`Fill`]s with
//! the book they leave, or why there are none. It knows no signal, no lock and no time, and writes
//! nothing down. Source: DOMAIN "Orders and the paper engine".

mod book;
mod execution;
mod hold;
mod orders;
mod prices;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::market::{Asset, Price};
use super::money::{Money, Quantity};

pub use book::{Book, BookError, Holding, Totals};
pub use hold::{hold, take_from_held};
pub use orders::{buy, sell_all, sell_half};
pub use prices::Prices;

/// What a strategy's own reference portfolio begins with, USD. Source: DOMAIN "Users, strategies,
/// portfolios".
pub const REFERENCE_CAPITAL_USD: u32 = 10_000;

/// Which way an order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Cash becomes an asset.
    Buy,
    /// An asset becomes cash.
    Sell,
}

impl Side {
    /// The name in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
        }
    }
}

/// One executed order, with what it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Fill {
    /// Of which asset.
    pub asset: Asset,
    /// Which way.
    pub side: Side,
    /// Units of the asset.
    pub quantity: Quantity,
    /// The last closed price.
    pub price: Price,
    /// That with the slippage: what was paid or got for a unit.
    pub fill: Price,
    /// Quantity × fill, rounded to eight places.
    pub value: Money,
    /// A thousandth of the value, rounded to eight places.
    pub fee: Money,
    /// What the holding's cost rose by (value + fee), or fell by.
    pub cost: Money,
    /// Value - fee - cost; nothing for a buy.
    pub realised: Option<Money>,
    /// Cash after it.
    pub cash_after: Money,
    /// What is held of the asset after it.
    pub quantity_after: Quantity,
    /// What that has cost.
    pub cost_after: Money,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was executed.
    Traded {
        /// At least one fill, BTC before ETH.
        fills: Vec<Fill>,
        /// The book after it.
        book: Book,
    },
    /// It was not, and the book stays as it is.
    Skipped(SkipReason),
}

/// Why an order is not executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Less than 10 USDT could be bought of either asset.
    BelowMinimum,
    /// The cash does not pay for 10 USDT.
    NoCash,
    /// No asset that the order is about has a price.
    NoPrice,
    /// An asset that is held has no price, so nobody knows what a share of the equity is.
    EquityUnknown,
    /// Nothing is held.
    NothingToSell,
    /// Figures would come out that no row can hold.
    Overflow,
    /// The book does not add up.
    WrongBook,
    /// The decision has no order.
    NoOrder,
}

impl SkipReason {
    /// The name in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BelowMinimum => "below_minimum",
            Self::NoCash => "no_cash",
            Self::NoPrice => "no_price",
            Self::EquityUnknown => "equity_unknown",
            Self::NothingToSell => "nothing_to_sell",
            Self::Overflow => "overflow",
            Self::WrongBook => "wrong_book",
            Self::NoOrder => "no_order",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
