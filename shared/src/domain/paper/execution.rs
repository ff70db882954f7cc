//! One order of one asset: slippage, steps, value, fee, and what it does to the book.

use rust_decimal::{Decimal, RoundingStrategy};

use super::book::sum;
use super::prices::kept;
use super::{Book, BookError, Fill, Holding, Side};
use crate::domain::market::{Asset, Price};
use crate::domain::money::{AmountError, Money, Quantity};

/// What a unit costs more than the last closed price: × 1.0005.
const BUY_SLIPPAGE: Decimal = Decimal::from_parts(10_005, 0, 0, false, 4);
/// What it brings less: × 0.9995.
const SELL_SLIPPAGE: Decimal = Decimal::from_parts(9_995, 0, 0, false, 4);
/// A thousandth of the value.
const FEE: Decimal = Decimal::from_parts(1, 0, 0, false, 3);
/// A value with its fee: × 1.001.
const WITH_FEE: Decimal = Decimal::from_parts(1_001, 0, 0, false, 3);

/// The decimals of an order's quantity: steps of 1e-5 BTC and 1e-4 ETH.
pub(super) const fn step_places(asset: Asset) -> u32 {
    match asset {
        Asset::Btc => 5,
        Asset::Eth => 4,
    }
}

/// The next lower multiple of the asset's step.
pub(super) fn floor_to_step(asset: Asset, quantity: Decimal) -> Decimal {
    quantity.round_dp_with_strategy(step_places(asset), RoundingStrategy::ToZero)
}

/// What cash pays for, its fee kept back.
pub(super) fn spendable(cash: Money) -> Decimal {
    cash.value() / WITH_FEE
}

/// An order that could be executed: quantity, fill, value and fee.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    asset: Asset,
    price: Price,
    fill: Price,
    pub(super) quantity: Quantity,
    pub(super) value: Money,
    fee: Money,
}

impl Quote {
    /// A buy with at most `leg` USDT, and at most what the cash pays for. The quantity may be none.
    pub(super) fn buy(asset: Asset, price: Price, leg: Decimal, cash: Money) -> Result<Self, AmountError> {
        let fill = slipped(price, BUY_SLIPPAGE)?;
        let wanted = leg
            .min(spendable(cash))
            .checked_div(fill.value())
            .ok_or(AmountError)?;
        let quote = Self::of(asset, price, fill, floor_to_step(asset, wanted))?;
        if quote.value + quote.fee <= cash {
            return Ok(quote);
        }
        // Rounding alone can make it too dear, by a hundred-millionth or two.
        let step = Decimal::new(1, step_places(asset));
        let fewer = (quote.quantity.value() - step).max(Decimal::ZERO);
        let quote = Self::of(asset, price, fill, fewer)?;
        if quote.value + quote.fee <= cash {
            Ok(quote)
        } else {
            Self::of(asset, price, fill, Decimal::ZERO)
        }
    }

    /// A sale of so much.
    pub(super) fn sell(asset: Asset, price: Price, quantity: Decimal) -> Result<Self, AmountError> {
        Self::of(asset, price, slipped(price, SELL_SLIPPAGE)?, quantity)
    }

    fn of(asset: Asset, price: Price, fill: Price, quantity: Decimal) -> Result<Self, AmountError> {
        let value = Money::rounded(quantity.checked_mul(fill.value()).ok_or(AmountError)?)?;
        Ok(Self {
            asset,
            price,
            fill,
            quantity: Quantity::new(quantity)?,
            value,
            fee: Money::rounded(value.value() * FEE)?,
        })
    }

    /// The buy, executed.
    pub(super) fn bought(self, book: &Book) -> Result<(Fill, Book), BookError> {
        let holding = book.holding(self.asset);
        let cost = sum(&[self.value, self.fee])?;
        let after = Holding::new(
            Quantity::new(holding.quantity().value() + self.quantity.value())?,
            sum(&[holding.total_cost(), cost])?,
        )?;
        self.executed(book, Side::Buy, (cost, None), (after, book.cash() - cost))
    }

    /// The sale, executed. The cost of what is sold is its share of the holding's, all of it when
    /// nothing remains.
    pub(super) fn sold(self, book: &Book) -> Result<(Fill, Book), BookError> {
        let holding = book.holding(self.asset);
        let (held, total_cost) = (holding.quantity().value(), holding.total_cost());
        let remaining = Quantity::new(held - self.quantity.value())?;
        let cost = if remaining.is_zero() {
            total_cost
        } else {
            let share = total_cost
                .value()
                .checked_mul(self.quantity.value())
                .and_then(|product| product.checked_div(held));
            Money::rounded(share.ok_or(AmountError)?)?
        };
        let after = Holding::new(remaining, total_cost - cost)?;
        let proceeds = self.value - self.fee;
        let realised = Some(proceeds - cost);
        self.executed(
            book,
            Side::Sell,
            (cost, realised),
            (after, sum(&[book.cash(), proceeds])?),
        )
    }

    fn executed(
        self,
        book: &Book,
        side: Side,
        (cost, realised): (Money, Option<Money>),
        (holding, cash): (Holding, Money),
    ) -> Result<(Fill, Book), BookError> {
        let total_realised = sum(&[book.totals().realised, realised.unwrap_or_default()])?;
        let after = book.after(self.asset, holding, (cash, total_realised))?;
        let fill = Fill {
            asset: self.asset,
            side,
            quantity: self.quantity,
            price: self.price,
            fill: self.fill,
            value: self.value,
            fee: self.fee,
            cost,
            realised,
            cash_after: cash,
            quantity_after: holding.quantity(),
            cost_after: holding.total_cost(),
        };
        Ok((fill, after))
    }
}

/// The price with the slippage, rounded half-even to eight places.
fn slipped(price: Price, factor: Decimal) -> Result<Price, AmountError> {
    let fill = price.value().checked_mul(factor).ok_or(AmountError)?;
    kept(fill).ok_or(AmountError)
}
