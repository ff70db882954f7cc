//! Two real function binaries, driven by a fake Lambda Runtime API with the gateway's and the
//! scheduler's events: from nothing collected to scores, then bad input.

use serde_json::{Value, json};
use shared::config::Environment;
use shared::ids::Ids;
use standin::{Options, Service, Standin};
use tests::database::Database;
use tests::function::{DEADLINE_MS, Function};
use tests::market_file::MarketFile;
use tests::program;
use tests::runtime_api::{Outcome, RuntimeApi};
use tokio::process::Command;

/// What the functions share: servers, and a namespace of their own in Redis.
struct Stage {
    database: Database,
    upstream: Standin,
    namespace: String,
    _market: MarketFile,
}

impl Stage {
    async fn set() -> Self {
        // The functions have the system's clock, so the market is moved to end after today.
        let market = MarketFile::four_hourly("2023-01-01", "2024-04-01");
        let candles = ["BTCUSDT", "ETHUSDT"].map(|symbol| (symbol.to_owned(), market.path().to_owned()));
        let options = Options {
            candles: candles.to_vec(),
            shift_files: true,
            ..Options::default()
        };
        Self {
            database: Database::fresh().await,
            upstream: Standin::start(options).await.expect("the stand-in starts"),
            namespace: format!("test-{}", Ids::random().next()),
            _market: market,
        }
    }

    async fn start(&self, function: &str) -> Function {
        let redis = Environment::process()
            .get("REDIS_URL")
            .expect("REDIS_URL")
            .to_owned();
        let mut environment = vec![
            ("ENVIRONMENT", "test".to_owned()),
            ("DATABASE_URL", self.database.url().to_owned()),
            ("REDIS_URL", redis),
            ("CACHE_NAMESPACE", self.namespace.clone()),
            ("HISTORY_SINCE", "2023-01-01".to_owned()),
            ("FRED_API_KEY", "0".repeat(32)),
            ("GLASSNODE_API_KEY", "stand-in".to_owned()),
        ];
        for service in Service::ALL {
            environment.push((service.variable(), self.upstream.base_url(service)));
        }
        Function::start(function, &environment).await
    }
}

/// An event of the gateway, from the samples, for a path and a query.
fn asked(path: &str, query: &str) -> Value {
    let mut event: Value =
        serde_json::from_str(include_str!("../../fixtures/events/agent-scores.newest.json"))
            .expect("a sample event");
    event["rawPath"] = json!(path);
    event["requestContext"]["http"]["path"] = json!(path);
    event["rawQueryString"] = json!(query);
    event
}

fn body(answer: &Value) -> Value {
    serde_json::from_str(answer["body"].as_str().expect("a body")).expect("JSON")
}

fn levels(log: &[Value]) -> Vec<&str> {
    log.iter()
        .map(|line| line["level"].as_str().expect("a level"))
        .collect()
}

#[tokio::test]
async fn a_schedule_collects_and_decides_and_the_gateway_serves_the_scores() {
    let stage = Stage::set().await;
    for collector in [
        "collect-prices",
        "collect-sentiment",
        "collect-onchain",
        "collect-macro",
    ] {
        let function = stage.start(collector).await;
        let event = json!({ "job": collector, "scheduled_at": "2026-01-01T00:00:00Z" });
        let summary = function.answer("one", event.clone()).await;
        assert_eq!(summary["failures"], json!([]), "{collector}");
        assert_eq!(
            function.answer("two", event).await,
            summary,
            "delivered twice, it counts once"
        );
    }
    let strategies = stage.start("run-strategies").await;
    let event = json!({ "job": "run-strategies", "scheduled_at": "2026-01-01T00:02:00Z" });
    let summary = strategies.answer("one", event).await;
    assert_eq!(summary["executed"].as_array().expect("a list").len(), 2);

    let wrong = strategies
        .invoke(
            "two",
            json!({ "job": "backup", "scheduled_at": "2026-01-01T00:02:00Z" }),
        )
        .await;
    let Outcome::Failed(error) = wrong else {
        panic!("{wrong:?}")
    };
    assert_eq!(error["errorType"], "WrongEvent");

    let scores = stage.start("agent-scores").await;
    let answer = scores.answer("three", asked("/api/v1/agents/scores", "")).await;
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(answer["headers"]["x-ratelimit-remaining"], "59");
    assert!(body(&answer)["data"]["decision"]["conviction_score"].is_number());

    let log = scores.log().await;
    assert_eq!(levels(&log), ["INFO"]);
    assert_eq!(
        (&log[0]["function"], &log[0]["cold_start"], &log[0]["status"]),
        (&json!("agent-scores"), &json!(true), &json!(200))
    );
}

#[tokio::test]
async fn the_address_is_the_gateways_and_bad_input_is_no_error_of_ours() {
    let stage = Stage::set().await;
    let scores = stage.start("agent-scores").await;
    let mut remaining = Vec::new();
    for (number, forged) in ["198.51.100.1", "198.51.100.2", "198.51.100.3"]
        .into_iter()
        .enumerate()
    {
        let mut event = asked("/api/v1/agents/scores", "");
        event["headers"]["x-forwarded-for"] = json!(forged);
        let answer = scores.answer(&format!("forged-{number}"), event).await;
        remaining.push(
            answer["headers"]["x-ratelimit-remaining"]
                .as_str()
                .expect("a header")
                .to_owned(),
        );
    }
    assert_eq!(remaining, ["59", "58", "57"]);

    let large = "x".repeat(1024 * 1024);
    for (path, query, sent, status) in [
        ("/api/v1/agents/scores", "strategy_id=Not One", "", 400),
        ("/api/v1/agents/scores/history", "limit=abc", "", 400),
        ("/api/v1/agents/scores/history", "cursor=broken", "", 400),
        ("/api/v1/agents/scores/history", "limit=%FF", "", 400),
        ("/api/v1/agents/executions/1", "", "", 400),
        ("/api/v1/nothing", "", "", 404),
        ("/api/v1/agents/scores", "", large.as_str(), 413),
    ] {
        let mut event = asked(path, query);
        event["body"] = json!(sent);
        event["headers"]["content-length"] = json!(sent.len().to_string());
        let answer = scores.answer("bad", event).await;
        assert_eq!(answer["statusCode"], status, "{path}?{query}: {answer}");
        assert_eq!(body(&answer)["success"], false);
    }

    let log = scores.log().await;
    assert!(log.len() >= 10);
    assert!(levels(&log).iter().all(|level| *level == "INFO"), "{log:#?}");
}

#[tokio::test]
async fn a_function_with_a_wrong_configuration_says_everything_that_is_wrong_at_once() {
    let api = RuntimeApi::start(DEADLINE_MS).await;
    let output = Command::new(program("agent-scores"))
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", api.address())
        .env("AWS_LAMBDA_FUNCTION_NAME", "agent-scores")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("ENVIRONMENT", "production")
        .output()
        .await
        .expect("the function is built");
    assert!(!output.status.success());
    let log = String::from_utf8_lossy(&output.stdout);
    for variable in ["DATABASE_URL", "REDIS_URL", "JWT_SECRET", "CORS_ALLOWED_ORIGINS"] {
        assert!(log.contains(variable), "{variable} is not named: {log}");
    }
}
