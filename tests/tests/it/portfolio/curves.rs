//! Curves from the service itself: their bounds, and money that comes while a decision is under way.

use shared::app::App;
use shared::domain::equity::PointKind;
use shared::domain::identity::UserId;
use shared::domain::money::Money;
use shared::domain::strategy::StrategyId;
use shared::services::history::{self, Bounds, History, HistoryError, Interval, TooMany, Wanted};
use shared::services::subscriptions::{self, Change};
use tests::paper::{Stage, T};

use super::*;

fn usual() -> Order {
    Order::buy("0.05", "60000", "3000")
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// The beginning of the stage, some hours later.
fn hours_after(hours: i64) -> Timestamp {
    at(T) + SignedDuration::from_hours(hours)
}

/// Ann, who has followed these strategies since a minute before T.
async fn ann(stage: &Stage, strategies: &[&str]) -> UserId {
    let ann = stage.user("ann").await;
    for strategy in strategies {
        stage.subscribe(ann, strategy, "2500", at(T) - minutes(1)).await;
    }
    let since = "UPDATE portfolios SET created_at = '2024-03-01T11:00:00Z'";
    stage.client().batch_execute(since).await.unwrap();
    ann
}

fn hodl_wave() -> StrategyId {
    "hodl-wave".parse().unwrap()
}

async fn pay_in(app: &App, user: UserId, amount: &str) {
    let money = Some(Money::new(amount.parse().unwrap()).unwrap());
    let change = Change {
        money,
        ..Change::default()
    };
    subscriptions::change(app, user, &hodl_wave(), change)
        .await
        .unwrap();
}

fn wanted(strategy: Option<StrategyId>, interval: Interval) -> Wanted {
    Wanted {
        strategy,
        interval,
        ..Wanted::default()
    }
}

async fn read(stage: &Stage, user: UserId, wanted: Wanted) -> History {
    history::read(stage.app(), user, wanted).await.unwrap()
}

/// `kind cash` of every point.
fn cash(history: &History) -> Vec<String> {
    history
        .points
        .iter()
        .map(|point| format!("{} {}", point.kind.as_str(), point.cash.value()))
        .collect()
}

/// What a subscription that is emptied after its first order has left, and where the money for its
/// second one comes a minute after the time of that.
#[tokio::test]
async fn money_that_pays_for_an_order_after_its_time_is_there_before_the_order() {
    let stage = Stage::start().await;
    let ann = ann(&stage, &["hodl-wave"]).await;
    let app = stage.app();
    stage.decided(usual()).await;
    trade::pending(app, None).await.unwrap();
    // 125 of 2,500: 0.00124 BTC at 60,030 and 0.0166 ETH at 3,001.5, and a thousandth of each.
    app.clock.advance(minutes(1));
    pay_in(app, ann, "-2375.6136379").await;
    app.clock.advance(hours_after(4).duration_since(app.clock.now()));
    stage.decide("hodl-wave", hours_after(4), usual()).await;
    app.clock.advance(minutes(1));
    pay_in(app, ann, "3000").await;
    app.clock.advance(minutes(1));
    // 156.21 of 3,124.2: 0.00156 BTC and 0.0208 ETH.
    trade::pending(app, None).await.unwrap();

    let execution = Interval::Execution;
    let of_strategy = read(&stage, ann, wanted(Some(hodl_wave()), execution)).await;
    assert_eq!(
        cash(&of_strategy),
        ["execution 2375.6136379", "execution 0", "now 2843.765922"]
    );
    let before = Wanted {
        to: Some(hours_after(4) + SignedDuration::from_secs(30)),
        ..wanted(Some(hodl_wave()), execution)
    };
    assert_eq!(
        cash(&read(&stage, ann, before).await),
        ["execution 2375.6136379", "execution 0"]
    );
    let of_all = read(&stage, ann, wanted(None, execution)).await;
    assert_eq!(
        cash(&of_all),
        [
            "execution 9875.6136379",
            "execution 9875.6136379",
            "now 9719.3795599"
        ]
    );
    let days = read(&stage, ann, wanted(Some(hodl_wave()), Interval::Day)).await;
    assert_eq!(cash(&days), ["now 2843.765922"]);
    assert_eq!(days.statistics.return_pct, of_strategy.statistics.return_pct);
}

#[tokio::test]
async fn a_strategy_that_is_followed_again_has_a_benchmark_again() {
    let stage = Stage::start().await;
    let ann = ann(&stage, &["hodl-wave"]).await;
    let (app, hold) = (stage.app(), Order::hold("60000", "3000"));
    stage.decided(hold).await;
    subscriptions::stop(app, ann, &hodl_wave()).await.unwrap();
    app.clock.advance(minutes(10));
    subscriptions::follow(app, ann, &hodl_wave(), Money::usd(3000), None)
        .await
        .unwrap();
    stage.decide("hodl-wave", hours_after(4), hold).await;
    app.clock.advance(SignedDuration::from_hours(5));

    for interval in [Interval::Day, Interval::Execution] {
        let history = read(&stage, ann, wanted(Some(hodl_wave()), interval)).await;
        let benchmark = history.benchmark.unwrap();
        assert_eq!(benchmark.began_at, hours_after(4).into(), "{interval:?}");
        assert_eq!(benchmark.capital, Money::usd(3000), "{interval:?}");
    }
}

/// What is too much for these bounds.
async fn refused_within(stage: &Stage, user: UserId, wanted: Wanted, bounds: Bounds) -> Option<TooMany> {
    match history::read_within(stage.app(), user, wanted, bounds).await {
        Ok(_) => None,
        Err(HistoryError::TooMuch { what, most, .. }) => {
            let bound = match what {
                TooMany::Days | TooMany::Executions => bounds.points,
                TooMany::Flows => bounds.flows,
                TooMany::Movements => bounds.movements,
            };
            assert_eq!(most, bound, "{what:?}");
            Some(what)
        }
        Err(other) => panic!("{other:?}"),
    }
}

/// Both strategies decide as of the same three times, and one of them does not know the prices of the
/// second. The first one bought.
async fn two_strategies(stage: &Stage) -> UserId {
    let ann = ann(stage, &["hodl-wave", "swing-4h"]).await;
    stage.decided(usual()).await;
    trade::pending(stage.app(), None).await.unwrap();
    let known = Order::hold("60000", "3000");
    stage.decide("swing-4h", at(T), known).await;
    for hours in [4, 8] {
        let unknown = Order::hold("-", "-");
        stage.decide("hodl-wave", hours_after(hours), unknown).await;
        stage.decide("swing-4h", hours_after(hours), known).await;
    }
    stage.app().clock.advance(SignedDuration::from_hours(9));
    ann
}

#[tokio::test]
async fn a_time_of_two_strategies_is_one_point_with_the_prices_that_are_known() {
    let stage = Stage::start().await;
    let ann = two_strategies(&stage).await;

    let history = read(&stage, ann, wanted(None, Interval::Execution)).await;

    let executions = history
        .points
        .iter()
        .filter(|point| point.kind == PointKind::Execution);
    let equities: Vec<_> = executions.map(|point| point.equity.map(Money::value)).collect();
    // 124.3863621 paid for what is worth 74.4 and 49.8.
    assert_eq!(equities, [Some("9999.8136379".parse().unwrap()); 3]);
    // Three times and the end: six decisions make no more.
    for (points, expected) in [
        (4, None),
        (3, Some(TooMany::Executions)),
        (2, Some(TooMany::Executions)),
    ] {
        let bounds = Bounds {
            points,
            ..Bounds::USUAL
        };
        let wanted = wanted(None, Interval::Execution);
        assert_eq!(
            refused_within(&stage, ann, wanted, bounds).await,
            expected,
            "{points}"
        );
    }
}

#[tokio::test]
async fn every_bound_of_an_answer_is_told_by_its_name() {
    let stage = Stage::start().await;
    let ann = two_strategies(&stage).await;
    for _ in 0..2 {
        stage.app().clock.advance(SignedDuration::from_hours(24));
        pay_in(stage.app(), ann, "100").await;
    }
    let none = Bounds {
        points: 100,
        flows: 2,
        movements: 2,
    };

    for (bounds, interval, expected) in [
        (none, Interval::Execution, None),
        (Bounds { flows: 1, ..none }, Interval::Day, Some(TooMany::Flows)),
        (
            Bounds { movements: 1, ..none },
            Interval::Day,
            Some(TooMany::Movements),
        ),
        (Bounds { points: 1, ..none }, Interval::Day, Some(TooMany::Days)),
        // Two midnights and the end.
        (Bounds { points: 3, ..none }, Interval::Day, None),
        (Bounds { points: 2, ..none }, Interval::Day, Some(TooMany::Days)),
    ] {
        let wanted = wanted(Some(hodl_wave()), interval);
        let refused = refused_within(&stage, ann, wanted, bounds).await;
        assert_eq!(refused, expected, "{bounds:?}");
    }
}
