//! Costs, ladders, opinions and blends, at their corners and as properties.

mod blend;
mod ladder;
mod opinion;
mod price;

use rust_decimal::Decimal;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}
