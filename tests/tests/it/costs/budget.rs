//! The cap holds, whoever calls and whatever becomes of the callers.

use futures_util::future::join_all;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use shared::db::budget::{self, Spent, reserve, settle};
use shared::db::decisions::Decisions;
use shared::db::{DbError, attempts, executions};
use shared::domain::agents::AgentKind;
use shared::ids::Ids;
use tests::database::Database;

use super::{answer, at, by_rules, day, differences, execution, of, usd};

const NOW: &str = "2026-03-01T12:00:00Z";

#[tokio::test]
async fn what_is_settled_and_what_is_reserved_count_against_the_cap_together() {
    let database = Database::fresh().await;
    let (db, ids, today) = (database.db(), Ids::counted(), day("2026-03-01"));
    let take = async |amount: &str| {
        let id = ids.next();
        let granted = reserve(&db, id, today, usd(amount), usd("15"), at(NOW)).await;
        granted.unwrap().then_some(id)
    };

    assert_eq!(
        take("15.0000000001").await,
        None,
        "more than the cap, on a new day"
    );
    assert_eq!(budget::spent(&db, today).await.unwrap(), Spent::default());
    let first = take("10").await.unwrap();
    assert_eq!(take("5.0000000001").await, None);
    take("5").await.unwrap();
    assert_eq!(take("0.0000000001").await, None, "nothing is left");

    let attempt = answer(&ids, AgentKind::Macro, "3.2500000001");
    let settled = settle(&db, first, of(ids.next(), "hodl-wave"), &attempt, at(NOW)).await;
    assert!(settled.unwrap());
    let spent = budget::spent(&db, today).await.unwrap();
    assert_eq!((spent.settled, spent.reserved), (usd("3.2500000001"), usd("5")));
    take("6.7499999999").await.unwrap();
    assert_eq!(take("0.0000000001").await, None);
    // Another day has a budget of its own.
    let tomorrow = at("2026-03-02T00:00:00Z");
    let granted = reserve(&db, ids.next(), day("2026-03-02"), usd("15"), usd("15"), tomorrow).await;
    assert!(granted.unwrap());
}

#[tokio::test]
async fn a_call_over_midnight_belongs_to_the_day_it_was_begun_on() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let (reservation, execution) = (ids.next(), ids.next());
    let (before, after) = (at("2026-03-01T23:59:59Z"), at("2026-03-02T00:00:07Z"));
    let attempt = answer(&ids, AgentKind::Macro, "0.5");

    let granted = reserve(&db, reservation, day("2026-03-01"), usd("1"), usd("15"), before).await;
    assert!(granted.unwrap());
    assert!(
        settle(&db, reservation, of(execution, "hodl-wave"), &attempt, after)
            .await
            .unwrap()
    );

    let yesterday = budget::spent(&db, day("2026-03-01")).await.unwrap();
    assert_eq!(
        (yesterday.settled, yesterday.reserved.is_zero()),
        (usd("0.5"), true)
    );
    assert_eq!(
        budget::spent(&db, day("2026-03-02")).await.unwrap(),
        Spent::default()
    );
    assert_eq!(differences(&database.client().await).await, [""; 0]);
}

#[tokio::test]
async fn a_reservation_of_another_day_than_its_time_is_refused() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());

    let refused = reserve(&db, ids.next(), day("2026-03-02"), usd("1"), usd("15"), at(NOW)).await;

    assert!(matches!(refused, Err(DbError::Statement(_))), "{refused:?}");
    let untouched = budget::spent(&db, day("2026-03-02")).await.unwrap();
    assert_eq!(untouched, Spent::default());
}

#[tokio::test]
async fn fifty_callers_at_once_never_exceed_a_nearly_spent_budget_and_never_lock_each_other_out() {
    let database = Database::fresh().await;
    let (db, ids, today) = (database.db(), Ids::random(), day("2026-03-01"));
    let client = database.client().await;
    // Whoever exceeds it, for however short a time, fails.
    let watched = "INSERT INTO model_spend_days VALUES ('2026-03-01', 14, 0);
                   ALTER TABLE model_spend_days ADD CONSTRAINT cap CHECK (settled + reserved <= 15)";
    client.batch_execute(watched).await.unwrap();

    let caller = async |number: i64| {
        let agent = AgentKind::ALL[usize::try_from(number % 3).unwrap()];
        let strategy = ["hodl-wave", "swing-4h"][usize::try_from(number % 2).unwrap()];
        let mut paid = Decimal::ZERO;
        for round in 0..4 {
            let reservation = ids.next();
            let granted = reserve(&db, reservation, today, usd("0.1"), usd("15"), at(NOW)).await;
            if granted.unwrap() {
                let attempt = answer(&ids, agent, if round == 0 { "0.1" } else { "0.0000000003" });
                let execution = ids.next();
                assert!(
                    settle(&db, reservation, of(execution, strategy), &attempt, at(NOW))
                        .await
                        .unwrap()
                );
                paid += attempt.cost;
            }
            // Its sums are those that the others wait for, the agents in another order.
            let as_of = at("2020-01-01T00:00:00Z") + SignedDuration::from_hours(4 * (10 * number + round));
            let mut free: Vec<_> = AgentKind::ALL.map(|agent| by_rules(&ids, agent)).into();
            free.rotate_left(usize::try_from(number % 3).unwrap());
            let recorded = executions::Execution {
                created_at: at(NOW),
                ..execution(ids.next(), as_of)
            };
            executions::record(&db, &recorded, &free, &Decisions::default(), &[])
                .await
                .unwrap();
        }
        paid
    };
    let paid: Decimal = join_all((0..50).map(caller)).await.into_iter().sum();

    let spent = budget::spent(&db, today).await.unwrap();
    assert_eq!(spent.settled, usd("14") + paid);
    assert_eq!(spent.reserved, Decimal::ZERO);
    assert!(spent.total() <= usd("15"), "{spent:?}");
    assert!(paid > usd("0.8"), "the budget was made use of: {paid}");
    client
        .batch_execute("UPDATE model_spend_days SET settled = settled - 14")
        .await
        .unwrap();
    assert_eq!(differences(&client).await, [""; 0]);
}

#[tokio::test]
async fn attempts_come_back_with_everything_that_was_said_of_them() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let execution = ids.next();
    let failed = shared::db::attempts::Attempt {
        status: "time_out".to_owned(),
        error: Some("no answer in 10 s".to_owned()),
        ..answer(&ids, AgentKind::Onchain, "0.0123456789")
    };
    let answered = answer(&ids, AgentKind::Onchain, "0.2");

    super::call(&db, &ids, of(execution, "swing-4h"), &failed, at(NOW)).await;
    super::call(&db, &ids, of(execution, "swing-4h"), &answered, at(NOW)).await;

    assert_eq!(attempts::list(&db, execution).await.unwrap(), [failed, answered]);
}
