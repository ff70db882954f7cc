//! What models said is kept once and found again.

use serde_json::json;
use shared::db::model_answers::{self, ModelAnswer};
use shared::domain::agents::AgentKind;
use shared::ids::Ids;
use tests::database::Database;

use super::{at, usd};

fn said(ids: &Ids, agent: AgentKind, scope: &str, as_of: &str) -> ModelAnswer {
    ModelAnswer {
        id: ids.next(),
        agent,
        scope: scope.to_owned(),
        as_of: at(as_of),
        rule_score: usd("0.1234"),
        freshness: json!({ "dff": "fresh" }),
        prices: json!({ "BTC": "62000.5" }),
        score: usd("0.3234"),
        model_score: usd("0.987654321"),
        reasoning: "Rates fall.".to_owned(),
        raw: "{\"score\":0.987654321}".to_owned(),
        provider: "anthropic".to_owned(),
        model: "a-model".to_owned(),
        prompt_version: "v1".to_owned(),
        execution_id: ids.next(),
        created_at: at(as_of),
    }
}

#[tokio::test]
async fn the_newest_answer_until_a_time_is_found_for_its_agent_and_scope_alone() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let noon = said(&ids, AgentKind::Macro, "", "2026-03-01T12:00:00Z");
    let four = said(&ids, AgentKind::Macro, "", "2026-03-01T16:00:00Z");
    let weekly = said(&ids, AgentKind::Ta, "1w", "2026-03-01T16:00:00Z");
    for answer in [&four, &noon, &weekly] {
        assert!(model_answers::record(&db, answer).await.unwrap());
    }
    let newest = async |agent, scope, until| {
        model_answers::find_newest_until(&db, agent, scope, at(until))
            .await
            .unwrap()
    };

    assert_eq!(newest(AgentKind::Macro, "", "2026-03-01T11:59:59Z").await, None);
    assert_eq!(
        newest(AgentKind::Macro, "", "2026-03-01T12:00:00Z").await,
        Some(noon)
    );
    assert_eq!(
        newest(AgentKind::Macro, "", "2026-03-02T00:00:00Z").await,
        Some(four)
    );
    assert_eq!(newest(AgentKind::Ta, "4h", "2026-03-02T00:00:00Z").await, None);
    assert_eq!(
        newest(AgentKind::Ta, "1w", "2026-03-02T00:00:00Z").await,
        Some(weekly)
    );
}

#[tokio::test]
async fn the_first_answer_for_a_time_stays() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let first = said(&ids, AgentKind::Onchain, "", "2026-03-01T12:00:00Z");
    let second = said(&ids, AgentKind::Onchain, "", "2026-03-01T12:00:00Z");

    assert!(model_answers::record(&db, &first).await.unwrap());
    assert!(!model_answers::record(&db, &second).await.unwrap());

    let kept = model_answers::find_newest_until(&db, AgentKind::Onchain, "", first.as_of).await;
    assert_eq!(kept.unwrap(), Some(first));
}
