//! Money that is simply held in one asset: what a strategy is compared with, at the same costs.

use rust_decimal::{Decimal, RoundingStrategy};

use super::execution::{Quote, step_places};
use super::{Book, BookError};
use crate::domain::market::{Asset, Price};
use crate::domain::money::{AmountError, Money};

/// What of a sale's value is left after its fee: × 0.999.
const AFTER_FEE: Decimal = Decimal::from_parts(999, 0, 0, false, 3);

/// The book with all of its cash in one asset; what a whole step does not take stays cash.
pub fn hold(book: &Book, asset: Asset, price: Price) -> Result<Book, BookError> {
    let quote = Quote::buy(asset, price, book.cash().value(), book.cash())?;
    if quote.quantity.is_zero() {
        return Ok(*book);
    }
    Ok(quote.bought(book)?.1)
}

/// The book after so much was taken out of it. What the cash lacks is sold of the asset, in as few
/// steps as will do. `None` when all of it would not be enough.
pub fn take_from_held(
    book: &Book,
    asset: Asset,
    price: Price,
    amount: Money,
) -> Result<Option<Book>, BookError> {
    let step = Decimal::new(1, step_places(asset));
    let held = book.holding(asset).quantity().value();
    let mut raised = *book;
    if amount > book.cash() {
        let unit = Quote::sell(asset, price, Decimal::ONE)?.value.value() * AFTER_FEE;
        let missing = (amount - book.cash()).value();
        let least = missing.checked_div(unit).ok_or(AmountError)?;
        let least = least.round_dp_with_strategy(step_places(asset), RoundingStrategy::AwayFromZero);
        // Rounding the value and the fee may take what the last step was to bring.
        for quantity in [least, least + step] {
            raised = Quote::sell(asset, price, quantity.min(held))?.sold(book)?.1;
            if raised.cash() >= amount {
                break;
            }
        }
    }
    if raised.cash() < amount {
        return Ok(None);
    }
    raised.take_out(amount).map(Some)
}
