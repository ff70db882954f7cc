//! Sales and closings, worked out by hand.

use rstest::rstest;

use super::*;

#[test]
fn a_sale_sells_half_of_each_and_realises_the_difference() {
    let book = book("100", holding("0.00101", "60.70"), holding("0.02", "50"));
    let outcome = sell_half(&book, &prices("60000", "3000"));
    let Outcome::Traded { fills, book } = outcome else {
        panic!("{outcome:?}");
    };

    // 0.000505 is floored to 0.0005; fill 59,970; 29.985 less a fee of 0.029985. Its cost is 60.70 × 50 / 101.
    let btc = fills[0];
    assert_eq!(btc.quantity.value(), decimal("0.0005"));
    assert_eq!(btc.value, money("29.985"));
    assert_eq!(btc.fee, money("0.029985"));
    assert_eq!(btc.cost, money("30.04950495"));
    assert_eq!(btc.realised, Some(money("-0.09448995")));
    assert_eq!(btc.quantity_after.value(), decimal("0.00051"));
    assert_eq!(btc.cost_after, money("30.65049505"));
    assert_eq!(btc.cash_after, money("129.955015"));
    // 0.01 at 2,998.5.
    let eth = fills[1];
    assert_eq!(eth.value, money("29.985"));
    assert_eq!(eth.realised, Some(money("4.955015")));
    assert_eq!(book.cash(), money("159.91003"));
    assert_eq!(book.totals().realised, money("4.86052505"));
}

#[rstest]
// Half is worth 9.995.
#[case("0.0004", "50000", "sell BTC 0.0004")]
// Half is worth exactly 10 USDT at the fill.
#[case("0.002", "10005.00250125", "sell BTC 0.001")]
// Half is floored to nothing.
#[case("0.00001", "100000000", "sell BTC 0.00001")]
// Dust below a step goes with the whole.
#[case("0.00000123", "50000", "sell BTC 0.00000123")]
// What remains is worth more than the half, never less.
#[case("0.00041", "49999", "sell BTC 0.00041")]
#[case("0", "50000", "nothing_to_sell")]
#[case("0.5", "-", "no_price")]
fn what_is_too_little_to_halve_is_sold_whole(#[case] held: &str, #[case] btc: &str, #[case] expected: &str) {
    let cost = if held == "0" { "0" } else { "12" };
    let book = book("0", holding(held, cost), Holding::NONE);
    assert_eq!(told(&sell_half(&book, &prices(btc, "2000"))), expected);
}

#[test]
fn the_other_asset_is_sold_where_one_has_no_price() {
    let book = book("0", holding("1", "50000"), holding("1", "2000"));
    assert_eq!(told(&sell_half(&book, &prices("-", "2000"))), "sell ETH 0.5");
}

#[test]
fn closing_sells_all_or_nothing() {
    let both = book("1.5", holding("0.00012", "7"), holding("0.0031", "9"));
    assert_eq!(told(&sell_all(&both, &prices("60000", "-"))), "no_price");
    assert_eq!(
        told(&sell_all(&both, &prices("60000", "3000"))),
        "sell BTC 0.00012, sell ETH 0.0031"
    );
    assert_eq!(told(&sell_all(&cash("7"), &prices("-", "-"))), "nothing_to_sell");
}

#[test]
fn what_is_worth_nothing_can_be_closed_too() {
    let dust = book("0", holding("0.00000001", "0.5"), Holding::NONE);
    let outcome = sell_all(&dust, &prices("0.001", "-"));
    let Outcome::Traded { fills, book } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(fills[0].value, Money::ZERO);
    assert_eq!(fills[0].realised, Some(money("-0.5")));
    assert_eq!(book.held().count(), 0);
}

#[test]
fn money_moves_in_and_out_within_the_cash() {
    let book = cash("100").pay_in(money("0.5")).unwrap();
    assert_eq!(book.cash(), money("100.5"));
    assert_eq!(book.totals().paid_in, money("100.5"));
    assert_eq!(book.take_out(money("100.50000001")), Err(BookError::Negative));
    assert_eq!(book.take_out(money("-1")), Err(BookError::Negative));
    assert_eq!(book.pay_in(money("-1")), Err(BookError::Negative));
    let left = book.take_out(money("100.5")).unwrap();
    assert_eq!(left.cash(), Money::ZERO);
    assert_eq!(left.totals().taken_out, money("100.5"));
    assert!(matches!(
        book.pay_in(money("999999999999")),
        Err(BookError::Amount(_))
    ));
}

#[test]
fn a_book_that_cannot_be_is_refused() {
    let totals = |paid_in: &str, cash: &str| Totals {
        paid_in: money(paid_in),
        cash: money(cash),
        ..Totals::default()
    };
    let refused = |totals, btc| Book::new(totals, btc, Holding::NONE).unwrap_err();
    assert_eq!(refused(totals("10", "9"), Holding::NONE), BookError::Unbalanced);
    assert_eq!(refused(totals("-1", "-1"), Holding::NONE), BookError::Negative);
    assert_eq!(
        Holding::new(Quantity::ZERO, money("1")),
        Err(BookError::CostOfNothing)
    );
    let one = Quantity::new(Decimal::ONE).unwrap();
    assert_eq!(Holding::new(one, money("-1")), Err(BookError::Negative));
}
