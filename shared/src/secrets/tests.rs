//! Against a server that speaks Secrets Manager's JSON protocol, as its API reference gives it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Config, Credentials, Region};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::{EnvironmentSecrets, SecretError, SecretStore, SecretsManager};
use crate::clock::Clock;

const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:jwt-AbCdEf";

/// A Secrets Manager that counts what it is asked and can be told to fail.
#[derive(Clone, Default)]
struct Fake {
    asked: Arc<AtomicUsize>,
    failing: Arc<AtomicBool>,
}

impl Fake {
    async fn start(&self, clock: Clock) -> SecretsManager {
        let router = axum::Router::new()
            .route("/", post(answer))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::from_static("eu-central-1"))
            .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .endpoint_url(format!("http://{address}"))
            .build();
        SecretsManager::with_client(Client::from_conf(config), clock)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn fail(&self, failing: bool) {
        self.failing.store(failing, Ordering::SeqCst);
    }
}

async fn answer(
    State(fake): State<Fake>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> (StatusCode, Json<Value>) {
    let asked = fake.asked.fetch_add(1, Ordering::SeqCst) + 1;
    assert_eq!(headers["x-amz-target"], "secretsmanager.GetSecretValue");
    let request: Value = serde_json::from_slice(&body).unwrap();
    if fake.failing.load(Ordering::SeqCst) {
        let error = json!({"__type": "InternalServiceError", "Message": "try again"});
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(error));
    }
    match request["SecretId"].as_str() {
        Some(ARN) => (
            StatusCode::OK,
            Json(json!({"ARN": ARN, "SecretString": format!("value-{asked}")})),
        ),
        Some("binary") => (
            StatusCode::OK,
            Json(json!({"ARN": "binary", "SecretBinary": "AAEC"})),
        ),
        _ => {
            let error = json!({
                "__type": "ResourceNotFoundException",
                "Message": "Secrets Manager can't find the specified secret."
            });
            (StatusCode::BAD_REQUEST, Json(error))
        }
    }
}

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

async fn value(store: &SecretsManager) -> String {
    store.secret(ARN).await.unwrap().expose_secret().to_owned()
}

#[tokio::test]
async fn a_fresh_secret_is_asked_for_once_however_many_want_it() {
    let fake = Fake::default();
    let store = fake.start(Clock::fixed(noon())).await;

    let values = join_all((0..20).map(|_| value(&store))).await;

    assert_eq!(values, vec!["value-1".to_owned(); 20]);
    assert_eq!(fake.asked(), 1);
}

#[tokio::test]
async fn a_rotated_secret_is_seen_after_five_minutes() {
    let fake = Fake::default();
    let clock = Clock::fixed(noon());
    let store = fake.start(clock.clone()).await;
    assert_eq!(value(&store).await, "value-1");

    clock.advance(SignedDuration::from_secs(299));
    assert_eq!(value(&store).await, "value-1");
    clock.advance(SignedDuration::from_secs(1));

    assert_eq!(value(&store).await, "value-2");
}

#[tokio::test]
async fn a_failing_store_is_bridged_with_the_last_value_until_the_grace_ends() {
    let fake = Fake::default();
    let clock = Clock::fixed(noon());
    let store = fake.start(clock.clone()).await;
    assert_eq!(value(&store).await, "value-1");
    fake.fail(true);

    clock.advance(SignedDuration::from_mins(5));
    assert_eq!(value(&store).await, "value-1");
    assert_eq!(fake.asked(), 2);
    assert_eq!(value(&store).await, "value-1");
    assert_eq!(fake.asked(), 2, "a failing store is left alone for a while");

    clock.advance(SignedDuration::from_hours(6));
    let error = store.secret(ARN).await.unwrap_err();
    assert!(matches!(error, SecretError::Refused { .. }), "{error:?}");

    fake.fail(false);
    assert_eq!(value(&store).await, "value-4", "it recovers by itself");
}

#[tokio::test]
async fn a_failing_store_is_asked_again_after_half_a_minute() {
    let fake = Fake::default();
    let clock = Clock::fixed(noon());
    let store = fake.start(clock.clone()).await;
    assert_eq!(value(&store).await, "value-1");
    fake.fail(true);
    clock.advance(SignedDuration::from_mins(5));
    assert_eq!(value(&store).await, "value-1");
    fake.fail(false);

    clock.advance(SignedDuration::from_secs(30));

    assert_eq!(value(&store).await, "value-3");
}

#[tokio::test]
async fn an_unknown_or_binary_secret_is_named_in_the_error() {
    let store = Fake::default().start(Clock::fixed(noon())).await;

    let unknown = store.secret("arn:nothing").await.unwrap_err();
    let binary = store.secret("binary").await.unwrap_err();

    assert_eq!(unknown.to_string(), "Secrets Manager did not give arn:nothing");
    let chain = crate::telemetry::chain(&unknown).join(": ");
    assert!(chain.contains("can't find the specified secret"), "{chain}");
    assert_eq!(
        binary.to_string(),
        "binary holds no text: store it as a string, not as binary"
    );
}

#[tokio::test]
async fn a_process_without_a_store_says_what_to_set_instead() {
    let error = EnvironmentSecrets.secret(ARN).await.unwrap_err();

    assert!(error.to_string().contains("set the variable itself"), "{error}");
}
