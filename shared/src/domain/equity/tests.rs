//! Equity by hand, and what holds for every series of trades.

use proptest::prelude::*;

use super::*;
use crate::domain::market::Price;
use uuid::Uuid;

fn money(text: &str) -> Money {
    Money::new(text.parse().unwrap()).unwrap()
}

fn prices(btc: &str) -> Prices {
    Prices::new(Price::new(btc.parse().unwrap()), None)
}

fn moment(at: &str, btc: &str, shown: Option<PointKind>) -> Moment {
    Moment {
        at: format!("2024-03-{at}Z").parse().unwrap(),
        prices: prices(btc),
        shown,
        is_execution: shown == Some(PointKind::Execution),
        flow: Money::ZERO,
    }
}

fn flow(at: &str, btc: &str, amount: &str) -> Moment {
    Moment {
        flow: money(amount),
        ..moment(at, btc, None)
    }
}

fn subscription(number: u128) -> SubscriptionId {
    Uuid::from_u128(number).into()
}

fn traded(moment: usize, is_at: bool, quantity: &str, cash: &str) -> Movement {
    Movement {
        moment,
        is_at,
        subscription: subscription(1),
        asset: Asset::Btc,
        quantity: quantity.parse().unwrap(),
        cash: money(cash),
        sells: Sells::default(),
    }
}

fn equities(curve: &Curve) -> Vec<Option<Money>> {
    curve.points.iter().map(|point| point.equity).collect()
}

fn benchmarks(curve: &Curve) -> Vec<Option<Money>> {
    curve.points.iter().map(|point| point.benchmark).collect()
}

use PointKind::{Day, Execution, Now};

/// 10,000 paid in at ten; 0.1 BTC bought at noon for 5,002.50 and a fee of 5.0025.
fn noon_buy() -> (Vec<Moment>, Vec<Movement>) {
    let moments = vec![
        moment("01T10:00:00", "0", None),
        moment("01T12:00:00", "50000", Some(Execution)),
        moment("02T00:00:00", "60000", Some(Day)),
        moment("02T07:30:00", "45000", Some(Now)),
    ];
    (moments, vec![traded(1, true, "0.1", "-5007.5025")])
}

#[test]
fn a_curve_is_the_cash_and_what_is_held_at_each_moments_prices() {
    let (moments, movements) = noon_buy();

    let curve = draw(money("10000"), &moments, &movements);

    assert_eq!(
        equities(&curve),
        ["9992.4975", "10992.4975", "9492.4975"].map(|text| Some(money(text)))
    );
    let falls: Vec<_> = curve
        .points
        .iter()
        .map(|point| point.drawdown_pct.unwrap().to_string())
        .collect();
    assert_eq!(falls, ["0.075", "0", "13.6457"]);
    assert_eq!(curve.statistics.return_pct.unwrap().to_string(), "-5.075");
    // At midnight it stood at its peak; what came after is no day yet.
    assert_eq!(curve.statistics.max_drawdown_pct, Some(Decimal::ZERO));
    assert_eq!(curve.statistics.sharpe, None);
}

#[test]
fn the_benchmark_buys_btc_with_all_the_money_at_the_first_execution_at_the_same_costs() {
    let (moments, movements) = noon_buy();

    let curve = draw(money("10000"), &moments, &movements);

    // 10,000 / 1.001 / 50,025 = 0.19970 BTC: 9,989.9925 and a fee of 9.9899925.
    assert_eq!(
        benchmarks(&curve),
        ["9985.0175075", "11982.0175075", "8986.5175075"].map(|text| Some(money(text)))
    );
    let told = curve.benchmark.unwrap();
    assert_eq!(told.began_at.to_string(), "2024-03-01T12:00:00Z");
    assert_eq!(told.capital, money("10000"));
}

#[test]
fn money_that_comes_and_goes_is_no_gain_and_no_loss() {
    let (mut moments, movements) = noon_buy();
    moments.insert(3, flow("02T03:00:00", "60000", "5000"));
    moments.insert(4, flow("02T04:00:00", "60000", "-2000"));
    moments[5].prices = prices("60000");

    let curve = draw(money("10000"), &moments, &movements);

    let last = curve.points.last().unwrap();
    assert_eq!(last.equity, Some(money("13992.4975")));
    assert_eq!(last.drawdown_pct, Some(Decimal::ZERO));
    assert_eq!(curve.statistics.return_pct.unwrap().to_string(), "9.925");
    // The line took the 5,000 in at 60,030 (0.08320 BTC, rest cash), and sold 0.03337 BTC for the 2,000.
    assert!(last.benchmark.unwrap() > money("14900") && last.benchmark.unwrap() < money("14982.01750751"));
}

#[test]
fn a_held_asset_without_a_price_leaves_a_hole_and_no_guess() {
    let (mut moments, movements) = noon_buy();
    moments[2].prices = Prices::default();

    let curve = draw(money("10000"), &moments, &movements);

    assert_eq!(
        equities(&curve),
        [Some(money("9992.4975")), None, Some(money("9492.4975"))]
    );
    assert_eq!(benchmarks(&curve)[1], None);
    assert_eq!(curve.points[1].drawdown_pct, None);
    assert_eq!(curve.points[1].cash, money("4992.4975"));
    assert_eq!(curve.statistics.return_pct.unwrap().to_string(), "-5.075");
}

#[test]
fn money_that_is_spent_at_once_counts_from_before_its_first_costs() {
    let begins = |btc| Moment {
        flow: money("10000"),
        ..moment("01T12:00:00", btc, None)
    };
    // At 50,000, and at a price that nobody knows.
    for btc in ["50000", "0"] {
        let moments = [begins(btc), moment("02T00:00:00", "60000", Some(Day))];
        let bought = [traded(0, true, "0.1", "-5007.5025")];
        let curve = draw(Money::ZERO, &moments, &bought);
        assert_eq!(curve.statistics.return_pct.unwrap().to_string(), "9.925", "{btc}");
        assert_eq!(curve.statistics.daily_returns, 0);
    }
}

#[test]
fn a_stop_ends_the_line_and_costs_what_its_sale_cost() {
    let (mut moments, mut movements) = noon_buy();
    // Sold at 60,000: 5,997 less a fee of 5.997.
    let stop = flow("02T06:00:00", "60000", "-10983.5005");
    moments.insert(3, stop);
    movements.push(traded(3, false, "-0.1", "5991.003"));

    let curve = draw(money("10000"), &moments, &movements);

    assert_eq!(curve.points.last().unwrap().equity, Some(Money::ZERO));
    assert_eq!(curve.points.last().unwrap().benchmark, None);
    assert!(curve.benchmark.is_some());
    assert_eq!(curve.statistics.return_pct.unwrap().to_string(), "9.835");
}

#[test]
fn a_line_begins_anew_when_there_is_money_again_after_everything_was_taken_out() {
    let (mut moments, mut movements) = noon_buy();
    moments.truncate(3);
    moments.push(flow("02T06:00:00", "60000", "-10983.5005"));
    movements.push(traded(3, false, "-0.1", "5991.003"));
    moments.extend([
        // Nobody follows it: no money, no line.
        moment("02T08:00:00", "60000", Some(Execution)),
        flow("02T09:00:00", "60000", "5000"),
        moment("02T12:00:00", "50000", Some(Execution)),
        moment("03T00:00:00", "55000", Some(Day)),
    ]);

    let curve = draw(money("10000"), &moments, &movements);

    // 5,000 / 1.001 / 50,025 = 0.09985 BTC: 4,994.99625 and a fee of 4.99499625.
    assert_eq!(
        benchmarks(&curve)[2..],
        [None, Some(money("4992.50875375")), Some(money("5491.75875375"))]
    );
    let told = curve.benchmark.unwrap();
    assert_eq!(told.began_at.to_string(), "2024-03-02T12:00:00Z");
    assert_eq!(told.capital, money("5000"));
}

#[test]
fn a_benchmark_that_has_less_than_is_taken_ends() {
    let (mut moments, movements) = noon_buy();
    moments.insert(2, flow("01T13:00:00", "1000", "-900"));
    moments.push(moment("02T12:00:00", "50000", Some(Execution)));

    let curve = draw(money("10000"), &moments, &movements);

    assert_eq!(benchmarks(&curve)[1..], [None, None, None]);
    assert!(equities(&curve).iter().all(Option::is_some));
}

#[test]
fn only_whole_days_with_money_make_returns() {
    let midnights = ["02", "03", "04", "05", "06"];
    let mut moments: Vec<_> = midnights
        .iter()
        .map(|day| moment(&format!("{day}T00:00:00"), "100", Some(Day)))
        .collect();
    moments.insert(0, moment("01T15:00:00", "100", None));
    let hole = 3;
    moments[hole].prices = Prices::default();
    let bought = [traded(0, true, "1", "-100")];

    let curve = draw(money("1000"), &moments, &bought);

    // 2 to 3 and 5 to 6: the first day was not whole, and the fourth of March had no price.
    assert_eq!(curve.statistics.daily_returns, 2);
}

#[test]
fn a_cut_span_begins_with_what_was_held_and_counts_its_own_sells_only() {
    let sold = |moment, is_at| Movement {
        sells: Sells { all: 1, won: 1 },
        ..traded(moment, is_at, "-0.1", "10")
    };
    let moments = [
        moment("01T00:00:00", "100", Some(Day)),
        moment("02T00:00:00", "100", Some(Day)),
    ];
    let movements = [traded(0, false, "1", "-100"), sold(0, false), sold(1, false)];

    let curve = draw(money("1000"), &moments, &movements);

    assert_eq!(equities(&curve), ["1000", "1000"].map(|text| Some(money(text))));
    assert_eq!(curve.statistics.sells, 1);
    assert_eq!(curve.statistics.win_rate, Some(Decimal::ONE));
}

#[derive(Debug, Clone)]
struct Step {
    price: u32,
    flow: i32,
    bought: Option<u8>,
    is_at: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (
        1_u32..100_000,
        -50_i32..200,
        prop::option::of(0_u8..4),
        any::<bool>(),
    );
    let step = step.prop_map(|(price, flow, bought, is_at)| Step {
        price,
        flow: if flow < 100 { 0.max(-flow - 40) } else { flow },
        bought,
        is_at,
    });
    prop::collection::vec(step, 1..60)
}

proptest! {
    #[test]
    fn the_last_point_is_what_the_ledger_adds_up_to(steps in steps()) {
        let begin: Timestamp = "2024-03-01T00:00:00Z".parse().unwrap();
        let (mut moments, mut movements) = (Vec::new(), Vec::new());
        let (mut cash, mut held) = (Decimal::from(1_000_000), [Decimal::ZERO; 4]);
        for (place, step) in steps.iter().enumerate() {
            let price = Decimal::new(step.price.into(), 3);
            moments.push(Moment {
                at: begin + jiff::SignedDuration::from_hours(4 * i64::try_from(place).unwrap()),
                prices: Prices::new(Price::new(price), None),
                shown: Some(Execution),
                is_execution: true,
                flow: Money::new(step.flow.into()).unwrap(),
            });
            cash += Decimal::from(step.flow);
            if let Some(owner) = step.bought {
                let quantity = Decimal::new(7, 5);
                let paid = half_even(quantity * price, 8);
                cash -= paid;
                held[usize::from(owner)] += quantity;
                movements.push(Movement {
                    subscription: subscription(owner.into()),
                    ..traded(place, step.is_at, &quantity.to_string(), &(-paid).to_string())
                });
            }
        }

        let curve = draw(money("1000000"), &moments, &movements);

        let price = Decimal::new(steps.last().unwrap().price.into(), 3);
        let worth: Decimal = held.iter().map(|quantity| half_even(quantity * price, 8)).sum();
        let last = curve.points.last().unwrap();
        prop_assert_eq!(last.equity.map(Money::value), Some((cash + worth).normalize()));
        prop_assert_eq!(last.cash.value(), cash.normalize());
    }

    #[test]
    fn cash_alone_never_gains_or_falls(steps in steps()) {
        let begin: Timestamp = "2024-03-01T00:00:00Z".parse().unwrap();
        let moments: Vec<_> = (0_i64..).zip(&steps).map(|(place, step)| Moment {
            at: begin + jiff::SignedDuration::from_hours(6 * place),
            prices: Prices::default(),
            shown: Some(Day),
            is_execution: false,
            flow: Money::new(step.flow.into()).unwrap(),
        }).collect();

        let curve = draw(money("1000"), &moments, &[]);

        prop_assert_eq!(curve.statistics.return_pct, Some(Decimal::ZERO));
        prop_assert_eq!(curve.statistics.max_drawdown_pct, Some(Decimal::ZERO));
        prop_assert_eq!(curve.statistics.daily_returns, (moments.len() - 1) / 4);
    }
}
