//! What a subscription owns, and how it came to it.

use super::Prices;
use crate::domain::market::{Asset, Price};
use crate::domain::money::{AmountError, Money, Quantity};

/// Figures that make no book, or would make none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// Cash, capital or cost would be negative.
    #[error("an amount of a book is never negative")]
    Negative,
    /// Something that is not held has a cost.
    #[error("what is not held has no cost")]
    CostOfNothing,
    /// Paid in - taken out + realised is not cash + cost.
    #[error("the book does not add up")]
    Unbalanced,
    /// More than an amount can be.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

/// A sum that still fits a row.
pub(super) fn sum(amounts: &[Money]) -> Result<Money, AmountError> {
    Money::new(amounts.iter().copied().sum::<Money>().value())
}

/// What is held of an asset, and what that has cost with fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holding {
    quantity: Quantity,
    total_cost: Money,
}

impl Holding {
    /// Nothing.
    pub const NONE: Self = Self {
        quantity: Quantity::ZERO,
        total_cost: Money::ZERO,
    };

    /// A holding; nothing costs nothing.
    pub fn new(quantity: Quantity, total_cost: Money) -> Result<Self, BookError> {
        if total_cost.is_negative() {
            return Err(BookError::Negative);
        }
        if quantity.is_zero() && !total_cost.is_zero() {
            return Err(BookError::CostOfNothing);
        }
        Ok(Self { quantity, total_cost })
    }

    /// Units of the asset.
    pub const fn quantity(self) -> Quantity {
        self.quantity
    }

    /// What they have cost, with fees.
    pub const fn total_cost(self) -> Money {
        self.total_cost
    }

    /// What a unit has cost, rounded half-even to eight places. `None` where nothing is held.
    pub fn average_cost(self) -> Option<Money> {
        let average = self.total_cost.value().checked_div(self.quantity.value())?;
        Money::rounded(average).ok()
    }

    /// What they are worth at a price, rounded half-even to eight places.
    pub fn worth(self, price: Price) -> Result<Money, AmountError> {
        let worth = self.quantity.value().checked_mul(price.value());
        Money::rounded(worth.ok_or(AmountError)?)
    }
}

/// The money of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// What came from the portfolio.
    pub paid_in: Money,
    /// What went back to it.
    pub taken_out: Money,
    /// What is not invested.
    pub cash: Money,
    /// Σ realised profit and loss.
    pub realised: Money,
}

/// A subscription's cash and holdings. Always: paid in - taken out + realised = cash + Σ cost, and
/// nothing but realised is ever negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Book {
    totals: Totals,
    btc: Holding,
    eth: Holding,
}

impl Book {
    /// A book with this capital in cash.
    pub fn open(capital: Money) -> Result<Self, BookError> {
        let totals = Totals {
            paid_in: capital,
            cash: capital,
            ..Totals::default()
        };
        Self::new(totals, Holding::NONE, Holding::NONE)
    }

    /// A book as rows have it. Refuses one that does not add up.
    pub fn new(totals: Totals, btc: Holding, eth: Holding) -> Result<Self, BookError> {
        let Totals {
            paid_in,
            taken_out,
            cash,
            realised,
        } = totals;
        if [paid_in, taken_out, cash].into_iter().any(Money::is_negative) {
            return Err(BookError::Negative);
        }
        if paid_in - taken_out + realised != cash + btc.total_cost + eth.total_cost {
            return Err(BookError::Unbalanced);
        }
        Ok(Self { totals, btc, eth })
    }

    /// The money of the book.
    pub const fn totals(&self) -> Totals {
        self.totals
    }

    /// What is not invested.
    pub const fn cash(&self) -> Money {
        self.totals.cash
    }

    /// What is held of an asset.
    pub const fn holding(&self, asset: Asset) -> Holding {
        match asset {
            Asset::Btc => self.btc,
            Asset::Eth => self.eth,
        }
    }

    /// The assets of which something is held, in the order of orders.
    pub fn held(&self) -> impl Iterator<Item = (Asset, Holding)> + use<> {
        let book = *self;
        Asset::ALL
            .into_iter()
            .map(move |asset| (asset, book.holding(asset)))
            .filter(|(_, holding)| !holding.quantity.is_zero())
    }

    /// Cash and what every holding is worth. `None` where a price of something held is missing, or
    /// where the sum is more than an amount can be.
    pub fn equity(&self, prices: &Prices) -> Option<Money> {
        let mut amounts = vec![self.cash()];
        for (asset, holding) in self.held() {
            amounts.push(holding.worth(prices.of(asset)?).ok()?);
        }
        sum(&amounts).ok()
    }

    /// The book with more capital. Refuses a negative amount.
    pub fn pay_in(&self, amount: Money) -> Result<Self, BookError> {
        if amount.is_negative() {
            return Err(BookError::Negative);
        }
        self.with(Totals {
            paid_in: sum(&[self.totals.paid_in, amount])?,
            cash: sum(&[self.totals.cash, amount])?,
            ..self.totals
        })
    }

    /// The book without some of its cash. Refuses a negative amount, and more than there is.
    pub fn take_out(&self, amount: Money) -> Result<Self, BookError> {
        if amount.is_negative() || amount > self.totals.cash {
            return Err(BookError::Negative);
        }
        self.with(Totals {
            taken_out: sum(&[self.totals.taken_out, amount])?,
            cash: self.totals.cash - amount,
            ..self.totals
        })
    }

    fn with(&self, totals: Totals) -> Result<Self, BookError> {
        Self::new(totals, self.btc, self.eth)
    }

    /// The book with another holding, cash and realised result.
    pub(super) fn after(
        &self,
        asset: Asset,
        holding: Holding,
        (cash, realised): (Money, Money),
    ) -> Result<Self, BookError> {
        let totals = Totals {
            cash,
            realised,
            ..self.totals
        };
        match asset {
            Asset::Btc => Self::new(totals, holding, self.eth),
            Asset::Eth => Self::new(totals, self.btc, holding),
        }
    }
}
