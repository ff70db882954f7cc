//! Orders worked out by hand, and what holds after any of them.

use proptest::prelude::{Just, Strategy, prop};
use rust_decimal::Decimal;

use super::*;

mod buys;
mod properties;
mod sells;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    Money::new(decimal(text)).unwrap()
}

fn price(text: &str) -> Option<Price> {
    Price::new(decimal(text))
}

/// Prices of BTC and ETH; `-` for none.
fn prices(btc: &str, eth: &str) -> Prices {
    let known = |text: &str| (text != "-").then(|| price(text)).flatten();
    Prices::new(known(btc), known(eth))
}

/// A book with so much cash and nothing else.
fn cash(text: &str) -> Book {
    Book::open(money(text)).unwrap()
}

fn holding(quantity: &str, cost: &str) -> Holding {
    Holding::new(Quantity::new(decimal(quantity)).unwrap(), money(cost)).unwrap()
}

/// A book with cash and these holdings, which add up by what was paid in.
fn book(cash: &str, btc: Holding, eth: Holding) -> Book {
    let totals = Totals {
        paid_in: money(cash) + btc.total_cost() + eth.total_cost(),
        cash: money(cash),
        ..Totals::default()
    };
    Book::new(totals, btc, eth).unwrap()
}

/// What was traded: `buy BTC 0.00059`, joined by commas, or the reason why nothing was.
fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Traded { fills, .. } => {
            let orders: Vec<String> = fills
                .iter()
                .map(|fill| {
                    format!(
                        "{} {} {}",
                        fill.side.as_str(),
                        fill.asset,
                        fill.quantity.value().normalize()
                    )
                })
                .collect();
            orders.join(", ")
        }
        Outcome::Skipped(reason) => reason.to_string(),
    }
}

/// Amounts from nothing to ten million, the small ones as often as the large.
fn amount() -> impl Strategy<Value = Money> {
    (1_u32..=15, 0_i64..1_000_000_000_000_000)
        .prop_map(|(digits, n)| Money::new(Decimal::new(n % 10_i64.pow(digits), 8)).unwrap())
}
