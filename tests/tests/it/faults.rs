//! PostgreSQL, Redis and the upstreams at their worst: the documented answer in time, nothing lost,
//! and everything as before once they are back, without a restart.

mod pauses;

use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use shared::clock::Stopwatch;
use standin::{Fault, Service};
use tests::bundle::Bundle;

const SCORES: &str = "/api/v1/agents/scores";
const HISTORY: &str = "/api/v1/agents/scores/history";

/// More than any time-out on the way of a request, less than a client would bear.
const IN_TIME: Duration = Duration::from_secs(8);

async fn ready(bundle: &Bundle) -> (u16, serde_json::Value) {
    let answer = bundle.get("/health/ready").await;
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn without_postgres_the_cache_answers_what_it_knows_and_the_rest_says_try_again() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    bundle.postgres().refuse();
    // The next execution is overdue, so the database would be asked.
    bundle.advance(SignedDuration::from_hours(5));

    let scores = bundle.get(SCORES).await;
    assert_eq!(scores.status, 200);
    let data = &scores.json()["data"];
    assert_eq!(
        (&data["stale"], &data["age_seconds"]),
        (&json!(true), &json!(5 * 3600 + 120))
    );
    let price = bundle.get("/api/v1/market/BTCUSDT").await.json();
    assert_eq!(
        (&price["data"]["stale"], &price["data"]["age_seconds"]),
        (&json!(true), &json!(5 * 3600))
    );
    // Fresh when it was kept, an hour over its time now.
    assert_eq!(price["data"]["last_close"]["freshness"], "carried");
    for path in [
        HISTORY,
        "/api/v1/market/BTCUSDT/candles",
        "/api/v1/market/BTCUSDT/indicators",
    ] {
        let answer = bundle.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("retry-after")),
            (503, "10"),
            "{path}"
        );
        let (code, message) = answer.refusal();
        assert_eq!(code, "SERVICE_UNAVAILABLE");
        assert!(
            !message.contains("127.0.0.1") && !message.contains("error"),
            "{message}"
        );
    }
    assert_eq!(
        ready(&bundle).await,
        (
            503,
            json!({ "status": "not_ready", "database": "down", "redis": "connected" })
        )
    );

    bundle.postgres().pass();
    assert_eq!(bundle.get(HISTORY).await.status, 200);
    assert_eq!(bundle.get(SCORES).await.json()["data"]["stale"], false);
    assert_eq!(ready(&bundle).await.0, 200);
}

#[tokio::test]
async fn a_postgres_that_hangs_is_given_up_in_time() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    bundle.postgres().stall();

    let watch = Stopwatch::start();
    let answers = join_all((0..6).map(|_| bundle.get(HISTORY))).await;
    assert!(answers.iter().all(|answer| answer.status == 503));
    assert!(
        watch.elapsed() < IN_TIME,
        "gave up after {} ms",
        watch.elapsed_ms()
    );
    assert_eq!(ready(&bundle).await.1["database"], "down");

    bundle.postgres().pass();
    assert_eq!(bundle.get(HISTORY).await.status, 200);
}

#[tokio::test]
async fn a_statement_that_waits_for_a_lock_is_given_up_and_answered_in_the_envelope() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let locking = bundle.database().client().await;
    locking
        .batch_execute("BEGIN; LOCK TABLE strategy_executions IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();

    let watch = Stopwatch::start();
    let answer = bundle.get(HISTORY).await;
    assert_eq!(
        (answer.status.as_u16(), answer.refusal().0.as_str()),
        (503, "SERVICE_UNAVAILABLE")
    );
    assert!(
        watch.elapsed() < IN_TIME,
        "gave up after {} ms",
        watch.elapsed_ms()
    );

    locking.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(bundle.get(HISTORY).await.status, 200);
}

#[tokio::test]
async fn a_connection_cut_within_an_answer_is_replaced() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    assert_eq!(bundle.get(HISTORY).await.status, 200);
    for bytes in [0, 1, 40, 400] {
        bundle.postgres().cut_after(bytes);
        let cut = bundle.get(HISTORY).await;
        assert!(
            matches!(cut.status.as_u16(), 200 | 503),
            "{bytes}: {}",
            cut.status
        );
        bundle.postgres().pass();
        assert_eq!(bundle.get(HISTORY).await.status, 200, "after {bytes} bytes");
    }
}

#[tokio::test]
async fn a_collector_cut_off_from_postgres_fails_and_the_next_run_loses_nothing() {
    let bundle = Bundle::start().await;
    for bytes in [2_000, 20_000] {
        bundle.postgres().cut_after(bytes);
        let outcome = bundle.run("collect-prices").await;
        // How much one connection carries depends on how the others share the work: the later cut may miss.
        assert!(outcome.is_err() || bytes > 2_000, "{bytes}");
        bundle.postgres().pass();
        // It could not even write down that it failed: its lease has to run out first.
        bundle.advance(SignedDuration::from_mins(20));
    }

    bundle.run("collect-prices").await.unwrap();

    let counted = bundle
        .rows("SELECT asset, timeframe, count(*) FROM market_data GROUP BY 1, 2 ORDER BY 1, 2")
        .await;
    assert_eq!(
        counted,
        ["(BTC,1d,639)", "(BTC,4h,3837)", "(ETH,1d,639)", "(ETH,4h,3837)"]
    );
    assert_eq!(
        bundle.rows("SELECT * FROM market_gaps").await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_decision_killed_half_way_is_made_by_the_next_delivery() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    for bytes in [100, 2_000, 30_000, 300_000] {
        bundle.postgres().cut_after(bytes);
        // Cut early it fails; cut late enough it may have been done before.
        let _ = bundle.run("run-strategies").await;
        bundle.postgres().pass();
    }
    // The lease of a run whose end nobody saw has to run out first.
    bundle.advance(SignedDuration::from_mins(20));
    bundle.run("run-strategies").await.unwrap();

    let executions = "SELECT strategy_id, as_of, status FROM strategy_executions ORDER BY 1";
    assert_eq!(
        bundle.rows(executions).await,
        [
            "(hodl-wave,\"2024-03-01 12:00:00+00\",decided)",
            "(swing-4h,\"2024-03-01 12:00:00+00\",decided)"
        ]
    );
    let attempts = "SELECT execution_id, count(*) FROM agent_execution_logs GROUP BY 1 HAVING count(*) <> 3";
    assert_eq!(bundle.rows(attempts).await, Vec::<String>::new());
}

#[tokio::test]
async fn without_redis_the_database_answers() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let before = bundle.get(SCORES).await.json();
    bundle.redis().refuse();

    let answer = bundle.get(SCORES).await;
    assert_eq!(answer.json()["data"], before["data"]);
    assert_eq!(
        ready(&bundle).await.1,
        json!({ "status": "not_ready", "database": "connected", "redis": "down" })
    );
    bundle.advance(SignedDuration::from_hours(4));
    bundle.decide().await;
    assert_eq!(
        bundle.get(SCORES).await.json()["data"]["as_of"],
        "2024-03-01T16:00:00Z"
    );

    bundle.redis().pass();
    assert_eq!(ready(&bundle).await.0, 200);
    // What Redis still holds is trusted until a minute after the run that it missed.
    bundle.advance(SignedDuration::from_mins(1));
    assert_eq!(
        bundle.get(SCORES).await.json()["data"]["as_of"],
        "2024-03-01T16:00:00Z"
    );
}

#[tokio::test]
async fn a_redis_that_hangs_is_given_up_in_time() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    bundle.redis().stall();

    let watch = Stopwatch::start();
    assert_eq!(bundle.get(SCORES).await.status, 200);
    assert!(
        watch.elapsed() < IN_TIME,
        "gave up after {} ms",
        watch.elapsed_ms()
    );

    bundle.redis().pass();
    assert_eq!(bundle.get(SCORES).await.status, 200);
}

#[tokio::test]
async fn without_both_health_still_answers_and_nothing_is_an_internal_error() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    bundle.postgres().refuse();
    bundle.redis().refuse();

    assert_eq!(bundle.get("/health/live").await.status, 200);
    assert_eq!(ready(&bundle).await.0, 503);
    assert_eq!(bundle.get(SCORES).await.status, 503);
    assert_eq!(bundle.get("/api/v1/market/ETHUSDT").await.status, 503);
}

#[tokio::test]
async fn an_upstream_that_is_down_slow_or_broken_costs_one_run_and_no_row() {
    let faults = [
        Fault::Status(503, None),
        Fault::Hang,
        Fault::Cut,
        Fault::Html,
        Fault::Body("{\"code\":0}"),
        Fault::Body("[[1,2,3]]"),
    ];
    let bundle = Bundle::start().await;
    bundle.collect().await;
    bundle.advance(SignedDuration::from_hours(4));
    let before = bundle.rows("SELECT * FROM market_data").await.len();
    for fault in faults {
        bundle.upstream().fail(Service::Binance, &fault, 100);
        bundle.advance(SignedDuration::from_secs(1));
        let watch = Stopwatch::start();

        let summary = bundle.run("collect-prices").await.unwrap();

        assert!(!summary["failures"].as_array().unwrap().is_empty(), "{fault:?}");
        assert!(
            watch.elapsed() < Duration::from_secs(20),
            "{fault:?} took {} ms",
            watch.elapsed_ms()
        );
        assert_eq!(
            bundle.rows("SELECT * FROM market_data").await.len(),
            before,
            "{fault:?}"
        );
        bundle.upstream().mend();
    }
    bundle.advance(SignedDuration::from_secs(1));
    let summary = bundle.run("collect-prices").await.unwrap();
    assert_eq!(summary["failures"], json!([]));
    assert_eq!(bundle.rows("SELECT * FROM market_data").await.len(), before + 2);
}

#[tokio::test]
async fn a_service_that_asks_for_a_pause_is_left_alone_by_every_instance_until_then() {
    let bundle = Bundle::start().await;
    bundle
        .upstream()
        .fail(Service::FearGreed, &Fault::Status(429, Some(90)), 1);
    let told = bundle.run("collect-sentiment").await.unwrap();
    assert!(
        told["failures"][0]["why"]
            .as_str()
            .unwrap()
            .contains("not to be called before 2024-03-01T12:03:30Z")
    );
    bundle.upstream().take_requests();

    bundle.advance(SignedDuration::from_secs(89));
    bundle.run("collect-sentiment").await.unwrap();
    assert_eq!(bundle.upstream().take_requests(), Vec::<String>::new());

    bundle.advance(SignedDuration::from_secs(1));
    let summary = bundle.run("collect-sentiment").await.unwrap();
    assert_eq!(summary["failures"], json!([]));
}

#[tokio::test]
async fn a_daily_collector_that_may_work_on_the_next_try_is_tried_again() {
    let bundle = Bundle::start().await;
    // The four series are asked side by side; a page for people is not tried again, so it fails one of them.
    bundle.upstream().fail(Service::Fred, &Fault::Html, 1);
    let scheduled_at = bundle.now();
    let error = bundle.run_for("collect-macro", scheduled_at).await.unwrap_err();
    let said = shared::telemetry::chain(error.as_error()).join(": ");
    assert!(said.contains("not everything could be collected"), "{said}");
    // Three of the four series were stored all the same.
    let stored = bundle
        .rows("SELECT DISTINCT metric FROM indicator_observations")
        .await;
    assert_eq!(stored.len(), 3, "{stored:?}");

    let again = bundle.run_for("collect-macro", scheduled_at).await.unwrap();
    assert_eq!(again["failures"], json!([]));
    assert_eq!(
        bundle
            .rows("SELECT DISTINCT metric FROM indicator_observations")
            .await
            .len(),
        4
    );
}

#[tokio::test]
async fn with_a_market_that_is_too_old_orders_are_locked_and_the_scores_say_so() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    bundle.advance(SignedDuration::from_hours(8));
    bundle
        .upstream()
        .fail(Service::Binance, &Fault::Status(503, None), 1000);
    bundle.run("run-strategies").await.unwrap();

    let scores = bundle.get(SCORES).await.json();
    let locks = scores["data"]["locks"].as_array().unwrap();
    assert!(
        locks.iter().any(|lock| lock["reason"] == "stale_market"),
        "{locks:?}"
    );
    assert_eq!(
        scores["data"]["decision"]["prices"]["BTC"]["closed_at"],
        "2024-03-01T12:00:00Z"
    );
}
