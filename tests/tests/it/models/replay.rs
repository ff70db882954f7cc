//! A past execution is proven: what made it gives the same again, to the last character.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use shared::app::App;
use shared::clock::Clock;
use shared::services::replay;
use shared::services::stepping::{self, StepError};
use standin::{CandleRow, Fault, Interval, Service};
use tests::bundle::Bundle;
use uuid::Uuid;

use super::{run, scores};

fn id(scores: &Value) -> Uuid {
    scores["execution_id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_execution_of_models_is_proven_and_one_that_was_touched_is_not() {
    let bundle = Bundle::with().models("15").start().await;
    bundle.decide().await;
    let id = id(&scores(&bundle).await);

    let replayed = replay::replay(bundle.app(), id, None).await.unwrap();
    assert_eq!(replayed.differences, []);
    assert_eq!(replayed.recorded, replayed.recomputed);

    let touch = "UPDATE strategy_executions SET document = jsonb_set(document, '{verdict,conviction}', '99.99') WHERE id = $1";
    bundle
        .database()
        .client()
        .await
        .execute(touch, &[&id])
        .await
        .unwrap();
    let touched = replay::replay(bundle.app(), id, None).await.unwrap();
    let paths: Vec<&str> = touched.differences.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["/verdict/conviction"]);
    assert!(!touched.is_proven());
}

#[tokio::test]
async fn degraded_and_locked_executions_are_proven_too() {
    let bundle = Bundle::with().models("15").start().await;
    for service in [Service::Anthropic, Service::OpenAi] {
        bundle.upstream().fail(service, &Fault::Status(500, None), 10_000);
    }
    bundle.decide().await;
    let locked = id(&scores(&bundle).await);
    bundle.upstream().mend();
    bundle.advance(SignedDuration::from_hours(4));
    bundle.collect().await;
    run(&bundle).await;
    bundle
        .upstream()
        .fail(Service::Anthropic, &Fault::Status(401, None), 10_000);
    bundle
        .upstream()
        .fail(Service::OpenAi, &Fault::Status(401, None), 10_000);
    bundle.advance(SignedDuration::from_hours(8));
    bundle.collect().await;
    run(&bundle).await;
    let degraded = id(&scores(&bundle).await);

    for id in [locked, degraded] {
        let replayed = replay::replay(bundle.app(), id, None).await.unwrap();
        assert_eq!(replayed.differences, []);
    }
}

#[tokio::test]
async fn what_was_corrected_since_does_not_change_a_replay() {
    let bundle = Bundle::with().models("15").start().await;
    bundle.decide().await;
    let newest = bundle
        .get("/api/v1/agents/scores?strategy_id=swing-4h")
        .await
        .json();
    let id = id(&newest["data"]);
    let figure = |text: &str| text.parse().unwrap();
    let row = CandleRow {
        open_time_ms: "2024-03-01T08:00:00Z"
            .parse::<Timestamp>()
            .unwrap()
            .as_millisecond(),
        open: figure("61000"),
        high: figure("63000"),
        low: figure("60000"),
        close: figure("62000.5"),
        volume: figure("17"),
    };
    bundle.upstream().plant_candle("BTCUSDT", Interval::H4, row);
    bundle.advance(SignedDuration::from_mins(5));
    bundle.run("collect-prices").await.unwrap();
    let revised = bundle.rows("SELECT count(*) FROM market_data_revisions").await;
    assert_eq!(
        revised,
        ["(1)"],
        "the newest candle that the execution read was changed"
    );

    let replayed = replay::replay(bundle.app(), id, None).await.unwrap();

    assert_eq!(replayed.differences, []);
}

#[tokio::test]
async fn another_model_is_asked_beside_the_record() {
    let bundle = Bundle::with().models("15").start().await;
    bundle.decide().await;
    let id = id(&scores(&bundle).await);
    bundle
        .upstream()
        .set_model_opinion(Service::OpenAi, rust_decimal::Decimal::NEGATIVE_ONE, "Down.");
    let other = bundle.app().models.configured_rungs()[1].clone();
    let before = bundle
        .rows(
            "SELECT count(*) FROM agent_execution_logs WHERE execution_id = '{id}'"
                .replace("{id}", &id.to_string())
                .as_str(),
        )
        .await;

    let replayed = replay::replay(bundle.app(), id, Some(&other)).await.unwrap();

    assert!(replayed.is_proven());
    let told = replayed.other_model.unwrap();
    assert_eq!(told.model, "gpt-6.1-terra");
    assert_eq!(told.agents.len(), 3);
    for answer in &told.agents {
        assert!(
            answer.score.unwrap() < answer.recorded_score.unwrap(),
            "{answer:?}"
        );
        assert!(answer.cost_usd > rust_decimal::Decimal::ZERO && answer.cost_usd < answer.recorded_cost_usd);
    }
    assert!(told.figures.conviction.as_f64() < replayed.recorded.conviction.as_f64());
    let after = bundle
        .rows(
            "SELECT count(*) FROM agent_execution_logs WHERE execution_id = '{id}'"
                .replace("{id}", &id.to_string())
                .as_str(),
        )
        .await;
    assert_eq!(before, after, "the execution's own attempts stay what they were");
}

/// A figure that no series has.
const PLANTED: &str = "123456.75";

#[tokio::test]
async fn history_is_stepped_through_without_its_future_and_every_execution_of_it_is_proven() {
    let bundle = Bundle::with()
        .models("15")
        .history_since("2023-10-01")
        .start()
        .await;
    bundle.collect().await;
    let (from, to) = ("2024-02-01T00:00:00Z", "2024-02-06T00:00:00Z");
    let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
    let client = bundle.database().client().await;
    client
        .batch_execute(&format!(
            "INSERT INTO indicator_observations \
                 (metric, observed_at, value, source, available_at, is_interpolated, updated_at) \
             SELECT DISTINCT metric, '2024-02-01T06:00Z'::timestamptz, {PLANTED}, 'sample', '2024-02-25Z'::timestamptz, false, now() \
             FROM indicator_observations; \
             UPDATE market_data SET high = {PLANTED}, close = {PLANTED} WHERE open_time >= '2024-02-06Z'"
        ))
        .await
        .unwrap();

    let stepped = stepping::step(&bundle.app_at(from), (from, to), |_, _| {})
        .await
        .unwrap();

    // At the first boundary of one strategy two agents have too short a history, and that is proven too.
    assert_eq!(
        (stepped.boundaries, stepped.decided, stepped.skipped),
        (31, 61, 1)
    );
    let rows = client
        .query("SELECT id, document::text FROM strategy_executions", &[])
        .await
        .unwrap();
    assert_eq!(rows.len(), 62);
    for row in rows {
        let document: &str = row.get(1);
        assert!(
            !document.contains(PLANTED),
            "it read what was not known yet: {document}"
        );
        let replayed = replay::replay(bundle.app(), row.get(0), None).await.unwrap();
        assert_eq!(replayed.differences, [], "{}", replayed.as_of);
    }
}

#[tokio::test]
async fn history_is_not_stepped_through_on_a_clock_that_runs_by_itself() {
    let bundle = Bundle::start().await;
    let (early, late) = (
        "2024-02-01T00:00:00Z".parse().unwrap(),
        "2024-03-02T00:00:00Z".parse().unwrap(),
    );
    let system = App {
        clock: Clock::system(),
        ..bundle.app().clone()
    };
    let refused = stepping::step(&system, (early, late), |_, _| {}).await;
    assert!(matches!(refused, Err(StepError::SystemClock)), "{refused:?}");
    let refused = stepping::step(bundle.app(), (early, late), |_, _| {}).await;
    assert!(matches!(refused, Err(StepError::Late { .. })), "{refused:?}");
}
