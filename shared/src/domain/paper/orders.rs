//! The three orders: a share of the equity buys, half is sold, everything is sold.

use rust_decimal::Decimal;

use super::execution::{Quote, floor_to_step, spendable};
use super::{Book, BookError, Fill, Outcome, Prices, SkipReason};
use crate::domain::market::{Asset, Price};
use crate::domain::money::AmountError;

/// The smallest value of an order, USDT.
const MINIMUM: Decimal = Decimal::TEN;
/// BTC's share of what a BUY spends: 60 %.
const BTC_SHARE: Decimal = Decimal::from_parts(6, 0, 0, false, 1);

/// Fills so far, and the book they leave.
type Progress = (Vec<Fill>, Book);

/// Spends a fraction of the equity: 60 % on BTC, 40 % on ETH, BTC first.
///
/// - An asset without a price is left out and its share is not spent.
/// - An ETH order below 10 USDT, with the cash that BTC leaves, hands its share to BTC. If BTC is
///   below 10 USDT then, or has no price to take it over, everything goes to ETH; if that is below
///   too, nothing is bought.
pub fn buy(book: &Book, fraction: Decimal, prices: &Prices) -> Outcome {
    if prices.is_empty() {
        return Outcome::Skipped(SkipReason::NoPrice);
    }
    let Some(equity) = book.equity(prices) else {
        return Outcome::Skipped(SkipReason::EquityUnknown);
    };
    let target = equity.value() * fraction;
    match spread(book, target, prices) {
        Ok(Some((fills, book))) => Outcome::Traded { fills, book },
        Ok(None) if spendable(book.cash()) < MINIMUM => Outcome::Skipped(SkipReason::NoCash),
        Ok(None) => Outcome::Skipped(SkipReason::BelowMinimum),
        Err(error) => Outcome::Skipped(skip_of(error)),
    }
}

/// Spends `target` USDT on both assets, or on the one that its minimum leaves.
fn spread(book: &Book, target: Decimal, prices: &Prices) -> Result<Option<Progress>, BookError> {
    let btc_leg = target * BTC_SHARE;
    let eth_leg = target - btc_leg;
    let btc = one(book, Asset::Btc, btc_leg, prices)?;
    let eth = one(
        btc.as_ref().map_or(book, |(_, after)| after),
        Asset::Eth,
        eth_leg,
        prices,
    )?;
    match (btc, eth) {
        (Some((first, _)), Some((second, after))) => Ok(Some((vec![first, second], after))),
        // ETH has no price: its share is not moved.
        (Some((fill, after)), None) if prices.of(Asset::Eth).is_none() => Ok(Some((vec![fill], after))),
        // BTC has no price: its share is not moved.
        (None, Some((fill, after))) if prices.of(Asset::Btc).is_none() => Ok(Some((vec![fill], after))),
        (None, _) if prices.of(Asset::Eth).is_none() => Ok(None),
        // BTC is below the minimum beside an ETH order that is not: everything goes to ETH.
        (None, Some(_)) => whole(book, Asset::Eth, target, prices),
        // ETH is below the minimum: its share goes to BTC, or both to ETH.
        (_, None) => match whole(book, Asset::Btc, target, prices)? {
            Some(progress) => Ok(Some(progress)),
            None => whole(book, Asset::Eth, target, prices),
        },
    }
}

fn whole(book: &Book, asset: Asset, target: Decimal, prices: &Prices) -> Result<Option<Progress>, BookError> {
    Ok(one(book, asset, target, prices)?.map(|(fill, after)| (vec![fill], after)))
}

/// A buy of one asset, if it has a price and the value is no less than the minimum.
fn one(book: &Book, asset: Asset, leg: Decimal, prices: &Prices) -> Result<Option<(Fill, Book)>, BookError> {
    let Some(price) = prices.of(asset) else {
        return Ok(None);
    };
    let quote = Quote::buy(asset, price, leg, book.cash())?;
    if quote.value.value() < MINIMUM {
        return Ok(None);
    }
    quote.bought(book).map(Some)
}

/// Sells half of each holding that has a price, floored to the step; all of it where that half, or
/// what would remain, is worth less than 10 USDT at the fill.
pub fn sell_half(book: &Book, prices: &Prices) -> Outcome {
    sell(book, prices, |asset, price, held| {
        let half = floor_to_step(asset, held / Decimal::TWO);
        let is_too_little =
            |quantity| Quote::sell(asset, price, quantity).map(|quote| quote.value.value() < MINIMUM);
        let is_whole = is_too_little(half)? || is_too_little(held - half)?;
        Ok(if is_whole { held } else { half })
    })
}

/// Sells all that is held, so that the book can be closed. Skips everything where the price of
/// something held is missing.
pub fn sell_all(book: &Book, prices: &Prices) -> Outcome {
    if book.held().any(|(asset, _)| prices.of(asset).is_none()) {
        return Outcome::Skipped(SkipReason::NoPrice);
    }
    sell(book, prices, |_, _, held| Ok(held))
}

/// Sells of each holding that has a price what `quantity` says of it, BTC first.
fn sell(
    book: &Book,
    prices: &Prices,
    quantity: impl Fn(Asset, Price, Decimal) -> Result<Decimal, AmountError>,
) -> Outcome {
    let mut progress = (Vec::with_capacity(Asset::ALL.len()), *book);
    for (asset, holding) in book.held() {
        let Some(price) = prices.of(asset) else {
            continue;
        };
        let sold = quantity(asset, price, holding.quantity().value())
            .and_then(|quantity| Quote::sell(asset, price, quantity))
            .map_err(BookError::from)
            .and_then(|quote| quote.sold(&progress.1));
        match sold {
            Ok((fill, after)) => {
                progress.0.push(fill);
                progress.1 = after;
            }
            Err(error) => return Outcome::Skipped(skip_of(error)),
        }
    }
    let (fills, after) = progress;
    if !fills.is_empty() {
        return Outcome::Traded { fills, book: after };
    }
    let has_holdings = book.held().next().is_some();
    Outcome::Skipped(if has_holdings {
        SkipReason::NoPrice
    } else {
        SkipReason::NothingToSell
    })
}

const fn skip_of(error: BookError) -> SkipReason {
    match error {
        BookError::Amount(_) => SkipReason::Overflow,
        BookError::Negative | BookError::CostOfNothing | BookError::Unbalanced => SkipReason::WrongBook,
    }
}
