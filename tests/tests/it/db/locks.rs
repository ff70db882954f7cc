//! What stops scheduled orders, until its cause ends.

use futures_util::future::join_all;
use serde_json::json;
use shared::db::locks;
use shared::domain::decision::{Lock, LockReason};
use tests::database::Database;

use super::{hours, noon, rows};

const DISAGREE: LockReason = LockReason::SourcesDisagree;

/// A lock that was set so many hours after noon.
fn lock(reason: LockReason, detail: &str, after_hours: i64) -> Lock {
    Lock {
        reason,
        detail: detail.to_owned(),
        since: Some((noon() + hours(after_hours)).into()),
        until: None,
    }
}

#[tokio::test]
async fn a_lock_holds_from_when_it_is_set_until_just_before_it_is_lifted() {
    let database = Database::fresh().await;
    let db = database.db();
    assert!(
        locks::set(&db, DISAGREE, "3 % apart", None, noon())
            .await
            .unwrap()
    );
    assert!(locks::lift(&db, DISAGREE, noon() + hours(2)).await.unwrap());

    let at = async |after_hours| locks::list_at(&db, noon() + hours(after_hours)).await.unwrap();
    let until = Some((noon() + hours(2)).into());
    let expected = [Lock {
        until,
        ..lock(DISAGREE, "3 % apart", 0)
    }];
    assert_eq!(at(-1).await, []);
    assert_eq!(at(0).await, expected);
    assert_eq!(at(1).await, expected);
    assert_eq!(at(2).await, []);
}

#[tokio::test]
async fn a_reason_that_locks_already_goes_on_as_it_began() {
    let database = Database::fresh().await;
    let db = database.db();
    locks::set(&db, DISAGREE, "3 % apart", None, noon())
        .await
        .unwrap();

    assert!(
        !locks::set(&db, DISAGREE, "4 % apart", None, noon() + hours(1))
            .await
            .unwrap()
    );

    assert_eq!(
        locks::list_at(&db, noon() + hours(2)).await.unwrap(),
        [lock(DISAGREE, "3 % apart", 0)]
    );
}

#[tokio::test]
async fn reasons_lock_beside_each_other_and_are_lifted_one_by_one() {
    let database = Database::fresh().await;
    let db = database.db();
    locks::set(&db, DISAGREE, "3 % apart", None, noon())
        .await
        .unwrap();
    locks::set(&db, LockReason::Operator, "a drill", None, noon() + hours(1))
        .await
        .unwrap();
    let operators = lock(LockReason::Operator, "a drill", 1);

    let both = locks::list_at(&db, noon() + hours(1)).await.unwrap();
    assert_eq!(both, [operators.clone(), lock(DISAGREE, "3 % apart", 0)]);

    assert!(locks::lift(&db, DISAGREE, noon() + hours(2)).await.unwrap());
    assert_eq!(locks::list_at(&db, noon() + hours(2)).await.unwrap(), [operators]);
}

#[tokio::test]
async fn what_was_lifted_can_lock_again_and_both_times_are_remembered() {
    let database = Database::fresh().await;
    let db = database.db();
    assert!(
        !locks::lift(&db, DISAGREE, noon()).await.unwrap(),
        "there is none"
    );
    for begun in [0, 5] {
        let (since, until) = (noon() + hours(begun), noon() + hours(begun + 1));
        assert!(locks::set(&db, DISAGREE, "apart", None, since).await.unwrap());
        assert!(locks::lift(&db, DISAGREE, until).await.unwrap());
        assert!(!locks::lift(&db, DISAGREE, until).await.unwrap());
    }

    let written = "SELECT since, until FROM locks ORDER BY since";
    assert_eq!(
        rows(&database.client().await, written).await,
        [
            json!({ "since": "2026-03-01T12:00:00+00:00", "until": "2026-03-01T13:00:00+00:00" }),
            json!({ "since": "2026-03-01T17:00:00+00:00", "until": "2026-03-01T18:00:00+00:00" }),
        ]
    );
}

#[tokio::test]
async fn a_lock_that_is_lifted_by_a_late_run_never_ends_before_it_began() {
    let database = Database::fresh().await;
    let db = database.db();
    locks::set(&db, DISAGREE, "apart", None, noon()).await.unwrap();

    assert!(locks::lift(&db, DISAGREE, noon() - hours(1)).await.unwrap());

    assert_eq!(locks::list_at(&db, noon()).await.unwrap(), []);
}

#[tokio::test]
async fn of_many_that_set_the_same_lock_at_once_one_does() {
    let database = Database::fresh().await;
    let db = database.db();

    let outcomes = join_all((0..10).map(|_| locks::set(&db, DISAGREE, "apart", None, noon()))).await;

    let new = outcomes.into_iter().filter(|outcome| *outcome.as_ref().unwrap());
    assert_eq!(new.count(), 1);
}

#[tokio::test]
async fn a_lock_with_a_known_end_ends_by_itself_and_can_be_set_again_after_it() {
    let database = Database::fresh().await;
    let db = database.db();
    let (budget, midnight) = (LockReason::Budget, noon() + hours(12));
    assert!(
        locks::set(&db, budget, "spent", Some(midnight), noon())
            .await
            .unwrap()
    );
    assert!(
        !locks::set(&db, budget, "spent", Some(midnight), noon() + hours(1))
            .await
            .unwrap()
    );

    let at = async |after_hours| locks::list_at(&db, noon() + hours(after_hours)).await.unwrap();
    let until = Some(midnight.into());
    assert_eq!(
        at(11).await,
        [Lock {
            until,
            ..lock(budget, "spent", 0)
        }]
    );
    assert_eq!(at(12).await, []);
    assert!(
        !locks::lift(&db, budget, midnight).await.unwrap(),
        "it has ended already"
    );
    assert!(
        locks::set(&db, budget, "spent again", None, midnight)
            .await
            .unwrap()
    );
}
