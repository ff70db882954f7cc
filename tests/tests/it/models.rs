//! The agents with their language models: who answers when some fail, what it costs, what is locked,
//! and what the API says of it. Providers are the stand-in's, PostgreSQL and Redis are real.

mod budget;
mod command;
mod faults;
mod replay;
mod silence;

use serde_json::Value;
use shared::cache::Key;
use tests::bundle::Bundle;

const SONNET: &str = "claude-sonnet-5-5";
const TERRA: &str = "gpt-6.1-terra";

/// The newest scores of the default strategy, as the API tells them.
async fn scores(bundle: &Bundle) -> Value {
    let answer = bundle.get("/api/v1/agents/scores").await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()["data"].clone()
}

/// One execution in full.
async fn execution(bundle: &Bundle, id: &Value) -> Value {
    let path = format!("/api/v1/agents/executions/{}", id.as_str().unwrap());
    bundle.get(&path).await.json()["data"].clone()
}

/// Who answered, by agent.
fn answered_by(scores: &Value) -> [&str; 3] {
    ["macro", "onchain", "ta"].map(|agent| scores["agents"][agent]["answered_by"].as_str().unwrap())
}

/// The reasons of the locks that hold.
fn locked(scores: &Value) -> Vec<&str> {
    let locks = scores["locks"].as_array().unwrap();
    locks
        .iter()
        .map(|lock| lock["reason"].as_str().unwrap())
        .collect()
}

async fn run(bundle: &Bundle) {
    bundle.run("run-strategies").await.unwrap();
}

/// Forgets what was decided and what is known of the models; the market stays.
async fn forget_decisions(bundle: &Bundle) {
    let client = bundle.database().client().await;
    client
        .batch_execute(
            "TRUNCATE strategy_executions, agent_execution_logs, agent_cost_days, agent_execution_days, \
             model_answers, model_spend_days, model_reservations, locks, job_runs",
        )
        .await
        .unwrap();
    for rung in bundle.app().models.configured_rungs() {
        let model = format!("{}/{}", rung.provider, rung.model);
        for name in [model.as_str(), rung.provider.as_str()] {
            bundle.app().cache.delete(&Key::Breaker(name)).await.unwrap();
        }
    }
    bundle.upstream().mend();
    bundle.upstream().take_model_requests();
}
