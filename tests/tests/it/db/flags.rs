//! What the whole platform has to know.

use serde_json::json;
use shared::db::flags;
use tests::database::Database;

use super::{hours, noon, rows};

#[tokio::test]
async fn a_flag_has_the_value_that_was_set_last_and_says_who_did() {
    let database = Database::fresh().await;
    let (db, client) = (database.db(), database.client().await);
    assert_eq!(flags::find(&db, "market-feed").await.unwrap(), None);

    flags::set(&db, "market-feed", &json!("sample"), "scripts/dev", noon())
        .await
        .unwrap();
    flags::set(
        &db,
        "market-feed",
        &json!({ "live": [true, null] }),
        "Ann",
        noon() + hours(1),
    )
    .await
    .unwrap();
    flags::set(&db, "mode", &json!(null), "Bob", noon())
        .await
        .unwrap();

    assert_eq!(
        flags::find(&db, "market-feed").await.unwrap(),
        Some(json!({ "live": [true, null] }))
    );
    assert_eq!(flags::find(&db, "mode").await.unwrap(), Some(json!(null)));
    let set = rows(
        &client,
        "SELECT updated_by, updated_at FROM system_flags WHERE key = 'market-feed'",
    )
    .await;
    assert_eq!(
        set,
        [json!({ "updated_by": "Ann", "updated_at": "2026-03-01T13:00:00+00:00" })]
    );
}
