//! When no model answers: the last result for a day, then the rules and a lock, until one is back.

use jiff::SignedDuration;
use serde_json::json;
use standin::{Fault, Service};
use tests::bundle::Bundle;

use super::{answered_by, execution, locked, run, scores};

const FOUR_HOURS: SignedDuration = SignedDuration::from_hours(4);

fn everyone_is_dead(bundle: &Bundle) {
    for service in [Service::Anthropic, Service::OpenAi] {
        bundle.upstream().fail(service, &Fault::Status(500, None), 10_000);
    }
}

async fn next_boundary(bundle: &Bundle) {
    bundle.advance(FOUR_HOURS);
    bundle.collect().await;
    run(bundle).await;
}

#[tokio::test]
async fn a_last_result_stands_in_for_a_day_and_trading_goes_on() {
    let bundle = Bundle::with().models("15").start().await;
    bundle.decide().await;
    let first = scores(&bundle).await;
    assert_eq!(answered_by(&first), ["model"; 3]);
    everyone_is_dead(&bundle);

    for hours in [4, 8, 12, 16, 20] {
        next_boundary(&bundle).await;
        let now = scores(&bundle).await;
        for agent in ["onchain", "ta"] {
            let (told, then) = (&now["agents"][agent], &first["agents"][agent]);
            assert_eq!(told["answered_by"], "last_result", "{agent} after {hours} h");
            assert_eq!(
                (&told["degraded"], &told["score"]),
                (&json!(true), &then["score"])
            );
            assert_eq!(told["model_age_seconds"], json!(hours * 3600));
        }
        assert_eq!(locked(&now), [""; 0], "after {hours} h");
        let weights = &now["decision"]["weights"];
        assert_eq!(
            weights["onchain"],
            json!(0.2),
            "a degraded on-chain answer counts half: {weights}"
        );
    }
}

#[tokio::test]
async fn without_a_result_of_a_day_the_rules_answer_locked_until_a_model_is_back() {
    let bundle = Bundle::with().models("15").start().await;
    everyone_is_dead(&bundle);
    bundle.decide().await;

    let dead = scores(&bundle).await;
    assert_eq!(answered_by(&dead), ["rules_fallback"; 3]);
    assert_eq!(dead["agents"]["macro"]["model"], "rules");
    assert_eq!(locked(&dead), ["models_down"]);
    let full = execution(&bundle, &dead["execution_id"]).await;
    assert_eq!(
        full["document"]["verdict"]["locks"][0]["reason"], "models_down",
        "recorded with the decision"
    );
    let silence = full["document"]["agents"]["macro"]["silence"]["detail"]
        .as_str()
        .unwrap();
    assert!(silence.contains("claude-sonnet-5-5: server_error"), "{silence}");

    // Still dead: the lock goes on as it began.
    next_boundary(&bundle).await;
    let still = scores(&bundle).await;
    assert_eq!(still["locks"], dead["locks"]);

    bundle.upstream().mend();
    next_boundary(&bundle).await;

    let back = scores(&bundle).await;
    assert_eq!(answered_by(&back), ["model"; 3]);
    assert_eq!(locked(&back), [""; 0], "it lifts by itself");
    let full = execution(&bundle, &back["execution_id"]).await;
    assert_eq!(
        full["document"]["verdict"]["locks"],
        json!([]),
        "and the decision that lifts it is free"
    );
    let lifted = bundle
        .rows("SELECT reason, until - since AS held FROM locks")
        .await;
    assert_eq!(lifted, ["(models_down,08:00:00)"]);
}

#[tokio::test]
async fn a_day_after_the_last_result_the_rules_take_over() {
    let bundle = Bundle::with().models("15").start().await;
    bundle.decide().await;
    everyone_is_dead(&bundle);
    bundle.advance(SignedDuration::from_hours(20));
    next_boundary(&bundle).await;

    let now = scores(&bundle).await;
    assert_eq!(answered_by(&now), ["rules_fallback"; 3]);
    assert_eq!(locked(&now), ["models_down"]);
}

#[tokio::test]
async fn an_answer_is_used_again_while_the_question_is_the_same_and_costs_nothing() {
    let bundle = Bundle::with().models("15").start().await;
    bundle.decide().await;
    let asked = bundle.upstream().take_model_requests().len();
    assert_eq!(
        asked, 4,
        "both strategies share macro and on-chain, each has its own trend"
    );
    let shared = "SELECT agent_type, provider, cache_hit, cost FROM agent_execution_logs \
                  WHERE strategy_id = 'swing-4h' AND agent_type <> 'ta' ORDER BY agent_type";
    assert_eq!(
        bundle.rows(shared).await,
        [
            "(macro,anthropic,t,0.0000000000)",
            "(onchain,anthropic,t,0.0000000000)"
        ]
    );

    // Killed before it was recorded: the next delivery pays nothing twice.
    let client = bundle.database().client().await;
    client
        .batch_execute("TRUNCATE strategy_executions, job_runs")
        .await
        .unwrap();
    run(&bundle).await;
    assert_eq!(bundle.upstream().take_model_requests(), []);
    assert_eq!(answered_by(&scores(&bundle).await), ["earlier_answer"; 3]);

    // Four hours later macro may still use its answer, the others may not.
    next_boundary(&bundle).await;
    let later = scores(&bundle).await;
    assert_eq!(
        answered_by(&later),
        ["earlier_answer", "model", "model"],
        "{later}"
    );
}

#[tokio::test]
async fn without_keys_the_rules_answer_and_nothing_is_locked() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let alone = scores(&bundle).await;
    assert_eq!(answered_by(&alone), ["rules"; 3]);
    assert_eq!(locked(&alone), [""; 0]);
    let rows =
        "SELECT provider, model, status, count(*), sum(cost) FROM agent_execution_logs GROUP BY 1, 2, 3";
    assert_eq!(bundle.rows(rows).await, ["(rules,rules,ok,6,0.0000000000)"]);
}
