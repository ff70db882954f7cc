//! The record of calls to outside services.

use serde_json::json;
use shared::db::DbError;
use shared::db::collection_logs::{self, CollectionLog};
use shared::ids::Ids;
use tests::database::Database;

use super::{noon, rows};

fn call(ids: &Ids) -> CollectionLog {
    CollectionLog {
        id: ids.next(),
        data_source: "binance".to_owned(),
        endpoint: "/api/v3/klines".to_owned(),
        status: "ok".to_owned(),
        http_status: Some(200),
        latency_ms: 42,
        items: 1000,
        error: None,
        created_at: noon(),
    }
}

#[tokio::test]
async fn calls_are_written_down_as_they_went() {
    let database = Database::fresh().await;
    let (db, client, ids) = (database.db(), database.client().await, Ids::counted());
    let unanswered = CollectionLog {
        status: "timeout".to_owned(),
        http_status: None,
        items: 0,
        error: Some("no answer within 10 s".to_owned()),
        ..call(&ids)
    };

    collection_logs::record(&db, &[call(&ids), unanswered])
        .await
        .unwrap();
    collection_logs::record(&db, &[]).await.unwrap();

    let columns = "data_source, endpoint, status, http_status, latency_ms, items, error, created_at";
    let written = rows(
        &client,
        &format!("SELECT {columns} FROM data_collection_logs ORDER BY id DESC"),
    )
    .await;
    let answered = json!({ "data_source": "binance", "endpoint": "/api/v3/klines", "status": "ok",
        "http_status": 200, "latency_ms": 42, "items": 1000, "error": null,
        "created_at": "2026-03-01T12:00:00+00:00" });
    let unanswered = json!({ "data_source": "binance", "endpoint": "/api/v3/klines", "status": "timeout",
        "http_status": null, "latency_ms": 42, "items": 0, "error": "no answer within 10 s",
        "created_at": "2026-03-01T12:00:00+00:00" });
    assert_eq!(written, [answered, unanswered]);
}

#[tokio::test]
async fn a_batch_with_a_call_that_is_there_already_is_refused_as_a_whole() {
    let database = Database::fresh().await;
    let (db, client, ids) = (database.db(), database.client().await, Ids::counted());
    let known = call(&ids);
    collection_logs::record(&db, std::slice::from_ref(&known))
        .await
        .unwrap();

    let refused = collection_logs::record(&db, &[call(&ids), known])
        .await
        .unwrap_err();

    assert!(matches!(refused, DbError::Conflict { .. }), "{refused:?}");
    assert_eq!(
        rows(&client, "SELECT count(*) FROM data_collection_logs").await,
        [json!({ "count": 1 })]
    );
}
