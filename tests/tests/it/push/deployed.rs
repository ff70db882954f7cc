//! `push-connect` and `deliver-push` as the binaries that are deployed, with the gateway's events.

use serde_json::{Value, json};
use shared::app::App;
use shared::clock::Clock;
use shared::config::Environment;
use tests::bundle::Bundle;
use tests::function::Function;
use tests::gateway::FakeGateway;

use super::{Person, json_of, tell};

fn sample(name: &str) -> Value {
    json_of(match name {
        "connect" => include_str!("../../../fixtures/events/push-connect.connect.json"),
        "ping" => include_str!("../../../fixtures/events/push-connect.ping.json"),
        "since" => include_str!("../../../fixtures/events/push-connect.since.json"),
        _ => include_str!("../../../fixtures/events/push-connect.disconnect.json"),
    })
}

/// The name that the samples' connection bears.
const CONNECTION: &str = "JKJaXfPLvHcCIQg=";

async fn start(name: &str, bundle: &Bundle, gateway: &FakeGateway) -> Function {
    let redis = Environment::process()
        .get("REDIS_URL")
        .expect("REDIS_URL")
        .to_owned();
    let namespace = bundle.app().config.cache.as_ref().unwrap().namespace.clone();
    let environment = [
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", bundle.database().url().to_owned()),
        ("REDIS_URL", redis),
        ("CACHE_NAMESPACE", namespace),
        ("PUSH_ENDPOINT_URL", gateway.url()),
        ("AWS_ACCESS_KEY_ID", "key".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("AWS_REGION", "eu-central-1".to_owned()),
    ];
    Function::start(name, &environment).await
}

#[tokio::test]
async fn the_deployed_functions_speak_the_same_protocol() {
    let bundle = Bundle::start().await;
    let gateway = FakeGateway::start().await;
    // The functions have the system's clock, by which sessions of another time would be over.
    let app = App {
        clock: Clock::system(),
        ..bundle.app().clone()
    };
    bundle.advance(app.clock.now().duration_since(bundle.now()));
    let ann = Person::arrives(&bundle, "ann").await;
    let ticket = ann.ticket(&app).await;
    let sockets = start("push-connect", &bundle, &gateway).await;
    let opening = |ticket: &str| {
        let mut event = sample("connect");
        event["queryStringParameters"]["ticket"] = json!(ticket);
        event
    };

    let refused = sockets.answer("bad", opening("made-up")).await;
    assert_eq!(refused, json!({"statusCode": 401}));
    let opened = sockets.answer("good", opening(&ticket)).await;
    assert_eq!(opened, json!({"statusCode": 200}));
    assert_eq!(
        sockets.answer("again", opening(&ticket)).await,
        json!({"statusCode": 401})
    );
    assert_eq!(
        sockets.answer("ping", sample("ping")).await,
        json!({"statusCode": 200, "body": "pong"})
    );

    tell(&app, &vec![ann.id; 43]).await;
    let delivering = start("deliver-push", &bundle, &gateway).await;
    let event = json!({"job": "deliver-push", "scheduled_at": "2026-01-01T00:01:00Z"});
    let summary = delivering.answer("one", event.clone()).await;
    assert_eq!(summary["delivered"]["posted"], 43, "{summary}");
    let summary = delivering.answer("two", event).await;
    assert_eq!(summary["delivered"]["posted"], 0, "{summary}");
    assert!(bundle.rows("SELECT job FROM job_runs").await.is_empty());
    assert_eq!(gateway.seqs_of(CONNECTION), (1..=43).collect::<Vec<i64>>());

    let since = sockets.answer("since", sample("since")).await;
    let reply = json_of(since["body"].as_str().unwrap());
    assert_eq!(reply, json!({"action": "since", "seq": 43, "reset": false}));
    assert_eq!(gateway.seqs_of(CONNECTION)[43..], [42, 43]);

    assert_eq!(
        sockets.answer("end", sample("disconnect")).await,
        json!({"statusCode": 200})
    );
    assert!(bundle.rows("SELECT id FROM push_connections").await.is_empty());
    assert_eq!(
        sockets.answer("late", sample("ping")).await,
        json!({"statusCode": 200})
    );
    assert_eq!(gateway.closed(), [CONNECTION]);

    let log = sockets.log().await;
    assert!(
        !log.iter().any(|line| line.to_string().contains(&ticket)),
        "no ticket in a log"
    );
    assert!(log.iter().all(|line| line["level"] == "INFO"), "{log:#?}");
    assert_eq!(
        (&log[0]["status"], &log[0]["route"]),
        (&json!(401), &json!("$connect"))
    );
}
