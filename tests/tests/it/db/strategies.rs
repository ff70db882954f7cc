//! Rows that decide.

use shared::db::{DbError, strategies};
use tests::database::Database;

use super::decimal;

#[tokio::test]
async fn the_two_strategies_of_the_migrations_are_active_and_read_whole() {
    let database = Database::fresh().await;
    let db = database.db();

    let active = strategies::list_active(&db).await.unwrap();

    let ids: Vec<&str> = active.iter().map(|strategy| strategy.id.as_str()).collect();
    assert_eq!(ids, ["hodl-wave", "swing-4h"]);
    assert_eq!(
        (active[0].buy_fraction, active[0].buy_fraction_high),
        (decimal("0.005"), decimal("0.0075"))
    );
    assert_eq!(active[0].trend_timeframe.as_str(), "1w");
    let found = strategies::find(&db, &active[1].id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&active[1]));
    assert_eq!(
        strategies::find(&db, &"nobody".parse().unwrap()).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn one_that_rests_decides_nothing_and_can_still_be_read() {
    let database = Database::fresh().await;
    let db = database.db();
    let rest = "UPDATE strategies SET is_active = false WHERE id = 'hodl-wave'";
    database.client().await.batch_execute(rest).await.unwrap();

    let active = strategies::list_active(&db).await.unwrap();

    assert_eq!(active.len(), 1);
    assert!(
        strategies::find(&db, &"hodl-wave".parse().unwrap())
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_row_that_the_rules_cannot_read_is_an_error_and_not_a_guess() {
    let database = Database::fresh().await;
    let db = database.db();
    let loosen = "ALTER TABLE strategies DROP CONSTRAINT strategies_trend_known;
                  UPDATE strategies SET trend_timeframe = '2w' WHERE id = 'swing-4h'";
    database.client().await.batch_execute(loosen).await.unwrap();

    let refused = strategies::list_active(&db).await.unwrap_err();

    assert!(
        matches!(refused, DbError::Row { what: "strategy", .. }),
        "{refused:?}"
    );
}
