//! What holds after any orders.

use proptest::prelude::{prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::*;

#[derive(Debug, Clone, Copy)]
enum Operation {
    PayIn(Money),
    TakeOut(Money),
    Buy(Decimal),
    SellHalf,
    SellAll,
}

fn fraction() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        Just(decimal("0.005")),
        Just(decimal("0.00375")),
        (0_i64..=50_000).prop_map(|n| Decimal::new(n, 6)),
        // More than any strategy may: so that the cash is the limit now and then.
        Just(Decimal::ONE),
    ]
}

fn some_price() -> impl Strategy<Value = Option<Price>> {
    prop_oneof![
        1 => Just(None),
        6 => (1_i64..10_000_000).prop_map(|cents| Price::new(Decimal::new(cents, 2))),
        2 => (1_i64..1_000_000_000_000_000).prop_map(|n| Price::new(Decimal::new(n, 8))),
    ]
}

fn some_prices() -> impl Strategy<Value = Prices> {
    (some_price(), some_price()).prop_map(|(btc, eth)| Prices::new(btc, eth))
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        1 => amount().prop_map(Operation::PayIn),
        1 => amount().prop_map(Operation::TakeOut),
        4 => fraction().prop_map(Operation::Buy),
        2 => Just(Operation::SellHalf),
        1 => Just(Operation::SellAll),
    ]
}

fn apply(book: &Book, operation: Operation, prices: &Prices) -> Outcome {
    let moved = |moved: Result<Book, BookError>| Outcome::Traded {
        fills: Vec::new(),
        book: moved.unwrap_or(*book),
    };
    match operation {
        Operation::PayIn(amount) => moved(book.pay_in(amount)),
        Operation::TakeOut(amount) => moved(book.take_out(amount)),
        Operation::Buy(fraction) => buy(book, fraction, prices),
        Operation::SellHalf => sell_half(book, prices),
        Operation::SellAll => sell_all(book, prices),
    }
}

proptest! {
    #[test]
    fn every_book_adds_up_to_the_last_digit(
        capital in amount(),
        operations in prop::collection::vec((operation(), some_prices()), 1..40),
    ) {
        let mut book = Book::open(capital).unwrap();
        let (mut spent, mut proceeds, mut realised) = (Money::ZERO, Money::ZERO, Money::ZERO);
        for (operation, prices) in operations {
            let outcome = apply(&book, operation, &prices);
            let Outcome::Traded { fills, book: after } = outcome else { continue };
            for fill in &fills {
                match fill.side {
                    Side::Buy => spent += fill.value + fill.fee,
                    Side::Sell => proceeds += fill.value - fill.fee,
                }
                realised += fill.realised.unwrap_or_default();
            }
            book = after;
            let totals = book.totals();
            let costs: Money = Asset::ALL.map(|asset| book.holding(asset).total_cost()).into_iter().sum();
            let capital = totals.paid_in - totals.taken_out;
            prop_assert_eq!(totals.realised, realised);
            prop_assert_eq!(capital + realised, totals.cash + costs);
            prop_assert_eq!(totals.cash, capital - spent + proceeds);
            prop_assert!(!totals.cash.is_negative());
        }
    }

    #[test]
    fn a_buy_keeps_to_its_fraction_its_steps_and_its_minimum(
        capital in amount(),
        fraction in fraction(),
        prices in some_prices(),
    ) {
        let book = Book::open(capital).unwrap();
        let Outcome::Traded { fills, book: after } = buy(&book, fraction, &prices) else { return Ok(()) };
        let assets: Vec<Asset> = fills.iter().map(|fill| fill.asset).collect();
        prop_assert!(assets.is_sorted() && !assets.is_empty());
        let spent: Money = fills.iter().map(|fill| fill.value).sum();
        // A fill's value is rounded, up by half a hundred-millionth at most.
        let rounding = Decimal::from(fills.len()) * Decimal::new(1, 8);
        prop_assert!(spent.value() <= capital.value() * fraction + rounding);
        for fill in &fills {
            prop_assert!(fill.value >= Money::usd(10));
            let places = if fill.asset == Asset::Btc { 5 } else { 4 };
            prop_assert!(fill.quantity.value().normalize().scale() <= places);
            prop_assert_eq!(fill.cost, fill.value + fill.fee);
        }
        prop_assert!(!after.cash().is_negative());
    }

    #[test]
    fn nothing_smaller_than_a_step_is_left_of_a_share(
        capital in 2_500_u32..1_000_000,
        cents in 1_000_000_i64..20_000_000,
    ) {
        let prices = Prices::new(Price::new(Decimal::new(cents, 2)), None);
        let book = Book::open(Money::usd(capital)).unwrap();
        let Outcome::Traded { fills, .. } = buy(&book, Decimal::new(5, 2), &prices) else { return Ok(()) };
        let leg = Decimal::from(capital) * decimal("0.05") * decimal("0.6");
        let next = (fills[0].quantity.value() + Decimal::new(1, 5)) * fills[0].fill.value();
        prop_assert!(next > leg);
    }

    #[test]
    fn a_sale_leaves_enough_to_sell_or_nothing(
        quantity in 1_i64..1_000_000_000,
        cost in amount(),
        prices in some_prices(),
    ) {
        let held = Holding::new(Quantity::new(Decimal::new(quantity, 8)).unwrap(), cost).unwrap();
        let book = book("0", held, held);
        let Outcome::Traded { fills, book: after } = sell_half(&book, &prices) else { return Ok(()) };
        for fill in fills {
            if !fill.quantity_after.is_zero() {
                prop_assert!(fill.value >= Money::usd(10));
                let rest = fill.quantity_after.value() * fill.fill.value();
                prop_assert!(rest >= decimal("9.999999995"));
                prop_assert!(fill.quantity <= fill.quantity_after);
            }
            prop_assert_eq!(fill.realised, Some(fill.value - fill.fee - fill.cost));
            prop_assert_eq!(after.holding(fill.asset).total_cost(), held.total_cost() - fill.cost);
        }
    }

    #[test]
    fn closing_leaves_only_cash(
        capital in amount(),
        fraction in fraction(),
        bought in some_prices(),
        sold in some_prices(),
    ) {
        let book = Book::open(capital).unwrap();
        let Outcome::Traded { book, .. } = buy(&book, fraction, &bought) else { return Ok(()) };
        if let Outcome::Traded { book, .. } = sell_all(&book, &sold) {
            prop_assert_eq!(book.held().count(), 0);
            let totals = book.totals();
            prop_assert_eq!(totals.cash, totals.paid_in + totals.realised);
        }
    }
}
