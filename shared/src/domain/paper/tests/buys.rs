//! Buys, worked out by hand.

use rstest::rstest;

use super::*;

#[test]
fn a_buy_spends_its_fraction_sixty_to_forty() {
    let outcome = buy(&cash("10000"), decimal("0.0075"), &prices("60000", "3000"));
    let Outcome::Traded { fills, book } = outcome else {
        panic!("{outcome:?}");
    };

    // Target 75, legs 45 and 30. BTC: fill 60030, 45 / 60030 = 0.000749...; ETH: fill 3001.5.
    let expected = [
        ("0.00074", "60000", "60030", "44.4222", "0.0444222"),
        ("0.0099", "3000", "3001.5", "29.71485", "0.02971485"),
    ];
    for (fill, (quantity, price, at, value, fee)) in fills.iter().zip(expected) {
        assert_eq!(fill.quantity.value(), decimal(quantity));
        assert_eq!(fill.price.value(), decimal(price));
        assert_eq!(fill.fill.value(), decimal(at));
        assert_eq!(fill.value, money(value));
        assert_eq!(fill.fee, money(fee));
        assert_eq!(fill.cost, money(value) + money(fee));
        assert_eq!(fill.realised, None);
        assert_eq!(fill.cost_after, fill.cost);
        assert_eq!(fill.quantity_after, fill.quantity);
    }
    assert_eq!(fills[0].cash_after, money("9955.5333778"));
    assert_eq!(book.cash(), money("9925.78881295"));
    assert_eq!(fills[1].cash_after, book.cash());
    assert_eq!(book.totals().realised, Money::ZERO);
}

#[rstest]
// 0.005 of 2,500 is 12.5: neither 7.5 nor 5 is an order, all of it in BTC is.
#[case("2500", "0.005", "50000", "2500", "buy BTC 0.00024")]
// The same where 12.5 buys one step of BTC for less than ten dollars: ETH.
#[case("2500", "0.005", "900000", "2500", "buy ETH 0.0049")]
// One step of BTC costs more than the target.
#[case("2500", "0.005", "2000000", "2500", "buy ETH 0.0049")]
// BTC's leg alone is too small beside an ETH leg that is not.
#[case("3000", "0.01", "2000000", "2500", "buy ETH 0.0119")]
// One step of either costs more than the target.
#[case("2500", "0.005", "2000000", "200000", "below_minimum")]
// 0.005 of 1,900 is 9.5.
#[case("1900", "0.005", "50000", "2500", "below_minimum")]
// A leg without a price is left out, and its share not spent elsewhere.
#[case("10000", "0.0075", "-", "3000", "buy ETH 0.0099")]
#[case("10000", "0.0075", "60000", "-", "buy BTC 0.00074")]
#[case("10000", "0.0075", "-", "-", "no_price")]
// 24 in all: 9.6 for ETH is below the minimum, and BTC has no price to take it over.
#[case("2400", "0.01", "-", "2500", "buy ETH 0.0095")]
// 14 in all: 8.4 for BTC is below the minimum, and the missing ETH's share is not moved.
#[case("1400", "0.01", "50000", "-", "below_minimum")]
fn a_share_that_is_too_small_goes_where_it_is_enough(
    #[case] capital: &str,
    #[case] fraction: &str,
    #[case] btc: &str,
    #[case] eth: &str,
    #[case] expected: &str,
) {
    let outcome = buy(&cash(capital), decimal(fraction), &prices(btc, eth));
    assert_eq!(told(&outcome), expected);
}

#[rstest]
// Exactly ten dollars: 0.0004 × 25,000 at a price whose fill is 25,000.
#[case("10", "buy BTC 0.0004")]
#[case("9.99999999", "below_minimum")]
fn ten_dollars_are_an_order(#[case] leg: &str, #[case] expected: &str) {
    let at = prices("24987.50624688", "-");
    let capital = decimal(leg) / decimal("0.6") * Decimal::ONE_HUNDRED;
    let outcome = buy(
        &Book::open(Money::new(crate::domain::rounding::half_even(capital, 8)).unwrap()).unwrap(),
        decimal("0.01"),
        &at,
    );
    assert_eq!(told(&outcome), expected);
    if let Outcome::Traded { fills, .. } = outcome {
        assert_eq!(fills[0].value, money("10"));
    }
}

#[rstest]
// All that the cash pays for with its fee: 20 / 1.001 / 50025.
#[case("20", "buy BTC 0.00039")]
#[case("10.00999999", "no_cash")]
#[case("0", "no_cash")]
fn a_buy_spends_no_more_than_the_cash(#[case] left: &str, #[case] expected: &str) {
    let book = book(left, holding("1", "50000"), Holding::NONE);
    let outcome = buy(&book, decimal("0.005"), &prices("50000", "2500"));
    assert_eq!(told(&outcome), expected);
}

#[test]
fn the_cash_that_btc_leaves_may_be_too_little_for_eth() {
    // Target 40 and 25 in cash: 24 for BTC would leave nothing for ETH, so BTC gets both shares.
    let book = book("25", holding("0.1", "3975"), Holding::NONE);
    let outcome = buy(&book, decimal("0.01"), &prices("40000", "2000"));
    assert_eq!(told(&outcome), "buy BTC 0.00062");
}

#[rstest]
// 0.00093 × 26,230.29569355 is 24.394175 and its fee 0.02439418, each rounded up: together a
// hundred-millionth more than 0.00093 × fill × 1.001, rounded up.
#[case("24.41856917", "buy BTC 0.00092")]
#[case("24.41856918", "buy BTC 0.00093")]
fn one_step_less_is_bought_where_rounding_makes_it_too_dear(#[case] left: &str, #[case] expected: &str) {
    let book = book(left, holding("1", "20000"), Holding::NONE);
    let outcome = buy(&book, decimal("0.05"), &prices("26217.1871", "-"));
    assert_eq!(told(&outcome), expected);
}

#[test]
fn a_held_asset_without_a_price_leaves_the_equity_unknown() {
    let book = book("5000", Holding::NONE, holding("1", "2500"));
    let outcome = buy(&book, decimal("0.005"), &prices("50000", "-"));
    assert_eq!(told(&outcome), "equity_unknown");
    assert_eq!(book.equity(&prices("50000", "-")), None);
    assert_eq!(book.equity(&prices("-", "3000")), Some(money("8000")));
}

#[test]
fn figures_beyond_any_row_are_an_overflow() {
    let most = cash("999999999999");
    let outcome = buy(&most, decimal("0.05"), &prices("0.00000001", "-"));
    assert_eq!(told(&outcome), "overflow");
}

#[test]
fn a_price_that_no_asset_can_cost_is_none() {
    assert!(prices("100000001", "0.000000001").is_empty());
    assert_eq!(prices("0.1234567891", "-").of(Asset::Btc), price("0.12345679"));
}
