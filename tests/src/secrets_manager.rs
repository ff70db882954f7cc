//! A fake AWS Secrets Manager with one secret: its versions and stages, over its JSON protocol.
//!
//! It answers what a rotation asks, as its API reference says, and remembers what it was asked. Nothing
//! is encrypted, and nobody has to have a right to anything.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Injected;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use futures_util::future::BoxFuture;
use secrecy::SecretString;
use serde_json::{Value, json};
use shared::clock::Clock;
use shared::secrets::{SecretError, SecretStore};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The one secret's ARN.
pub const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:jwt-AbCdEf";

/// The fake; it ends with this value.
pub struct SecretsManager {
    address: String,
    shared: Shared,
    serving: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    state: Arc<Mutex<Secret>>,
    clock: Clock,
}

#[derive(Default)]
struct Secret {
    rotates: bool,
    rotated_at: Option<i64>,
    versions: BTreeMap<String, Version>,
    asked: Vec<String>,
    is_down: bool,
}

#[derive(Default)]
struct Version {
    value: Option<String>,
    stages: Vec<String>,
}

impl Secret {
    fn in_stage(&self, stage: &str) -> Option<&str> {
        let found = self
            .versions
            .iter()
            .find(|(_, version)| version.stages.iter().any(|known| known == stage));
        found.map(|(id, _)| id.as_str())
    }

    fn take_stage(&mut self, stage: &str) {
        for version in self.versions.values_mut() {
            version.stages.retain(|known| known != stage);
        }
    }
}

impl SecretsManager {
    /// Starts it with a secret of this value, which rotates.
    pub async fn start(value: &str, clock: Clock) -> Self {
        let mut secret = Secret {
            rotates: true,
            ..Secret::default()
        };
        let first = Version {
            value: Some(value.to_owned()),
            stages: vec!["AWSCURRENT".to_owned()],
        };
        secret.versions.insert("version-0".to_owned(), first);
        let shared = Shared {
            state: Arc::new(Mutex::new(secret)),
            clock,
        };
        let router = axum::Router::new()
            .route("/", post(answer))
            .with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self {
            address: format!("http://{address}"),
            shared,
            serving,
        }
    }

    /// Where it answers.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it does before it calls the function: a pending version without a value.
    pub fn begin_rotation(&self, version: &str) {
        let mut secret = self.secret();
        secret.take_stage("AWSPENDING");
        let pending = secret.versions.entry(version.to_owned()).or_default();
        pending.stages.push("AWSPENDING".to_owned());
    }

    /// Switches rotation on or off.
    pub fn set_rotates(&self, rotates: bool) {
        self.secret().rotates = rotates;
    }

    /// Whether it fails.
    pub fn set_down(&self, is_down: bool) {
        self.secret().is_down = is_down;
    }

    /// Gives the version in a stage another value, as a person might.
    pub fn overwrite(&self, stage: &str, value: &str) {
        let mut secret = self.secret();
        let id = secret
            .in_stage(stage)
            .expect("a version in this stage")
            .to_owned();
        let version = secret.versions.get_mut(&id).expect("a version");
        version.value = Some(value.to_owned());
    }

    /// The version in a stage.
    pub fn version_in(&self, stage: &str) -> Option<String> {
        self.secret().in_stage(stage).map(str::to_owned)
    }

    /// The value in a stage, as JSON or as a text.
    pub fn value_in(&self, stage: &str) -> Option<Value> {
        let secret = self.secret();
        let value = secret.versions.get(secret.in_stage(stage)?)?.value.clone()?;
        Some(serde_json::from_str(&value).unwrap_or(Value::String(value)))
    }

    /// The calls since the last time.
    pub fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.secret().asked)
    }

    fn secret(&self) -> MutexGuard<'_, Secret> {
        self.shared.secret()
    }
}

impl Drop for SecretsManager {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The same secret, read without its protocol: what a process of the bundle reads.
impl SecretStore for SecretsManager {
    fn secret<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        let mut secret = self.secret();
        secret.asked.push("read".to_owned());
        let current = secret
            .in_stage("AWSCURRENT")
            .and_then(|id| secret.versions[id].value.clone());
        let value = current
            .filter(|_| !secret.is_down)
            .ok_or_else(|| SecretError::NotText {
                name: name.to_owned(),
            });
        Box::pin(async move { value.map(SecretString::from) })
    }
}

impl Shared {
    fn secret(&self) -> MutexGuard<'_, Secret> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Answer = (StatusCode, Json<Value>);

async fn answer(Injected(shared): Injected<Shared>, headers: HeaderMap, body: Bytes) -> Answer {
    let target = headers["x-amz-target"].to_str().unwrap_or_default();
    let call = target.trim_start_matches("secretsmanager.").to_owned();
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let now = shared.clock.now().as_second();
    let mut secret = shared.secret();
    secret.asked.push(call.clone());
    if secret.is_down {
        return failure(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServiceError",
            "try again",
        );
    }
    if request["SecretId"] != ARN {
        return not_found("Secrets Manager can't find the specified secret.");
    }
    match call.as_str() {
        "DescribeSecret" => describe(&secret),
        "GetSecretValue" => get(&secret, &request),
        "PutSecretValue" => put(&mut secret, &request),
        "UpdateSecretVersionStage" => move_stage(&mut secret, &request, now),
        _ => failure(StatusCode::BAD_REQUEST, "UnknownOperationException", &call),
    }
}

fn describe(secret: &Secret) -> Answer {
    let stages: BTreeMap<&str, &Vec<String>> = secret
        .versions
        .iter()
        .map(|(id, version)| (id.as_str(), &version.stages))
        .collect();
    let mut told = json!({ "ARN": ARN, "RotationEnabled": secret.rotates, "VersionIdsToStages": stages });
    if let Some(at) = secret.rotated_at {
        told["LastRotatedDate"] = json!(at);
    }
    (StatusCode::OK, Json(told))
}

fn get(secret: &Secret, request: &Value) -> Answer {
    let stage = request["VersionStage"].as_str().unwrap_or("AWSCURRENT");
    let wanted = request["VersionId"].as_str();
    let found = secret.versions.iter().find(|(id, version)| {
        wanted.is_none_or(|wanted| wanted == *id) && version.stages.iter().any(|known| known == stage)
    });
    match found.and_then(|(id, version)| Some((id, version.value.as_ref()?))) {
        Some((id, value)) => (
            StatusCode::OK,
            Json(json!({ "ARN": ARN, "VersionId": id, "SecretString": value })),
        ),
        None => not_found("Secrets Manager can't find the specified secret value for staging label."),
    }
}

fn put(secret: &mut Secret, request: &Value) -> Answer {
    let [id, value] =
        ["ClientRequestToken", "SecretString"].map(|name| request[name].as_str().unwrap_or_default());
    let known = secret.versions.get(id).and_then(|version| version.value.clone());
    if known.is_some_and(|known| known != value) {
        return failure(
            StatusCode::BAD_REQUEST,
            "ResourceExistsException",
            "You can't modify an existing version, you can only create a new version.",
        );
    }
    for stage in request["VersionStages"].as_array().into_iter().flatten() {
        let stage = stage.as_str().unwrap_or_default();
        secret.take_stage(stage);
        let version = secret.versions.entry(id.to_owned()).or_default();
        version.stages.push(stage.to_owned());
    }
    secret.versions.entry(id.to_owned()).or_default().value = Some(value.to_owned());
    (StatusCode::OK, Json(json!({ "ARN": ARN, "VersionId": id })))
}

fn move_stage(secret: &mut Secret, request: &Value, now: i64) -> Answer {
    let word = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    let (stage, to, from) = (
        word("VersionStage"),
        word("MoveToVersionId"),
        word("RemoveFromVersionId"),
    );
    if secret.in_stage(&stage).is_some_and(|id| id != from) || !secret.versions.contains_key(&to) {
        return failure(
            StatusCode::BAD_REQUEST,
            "InvalidParameterException",
            "The staging label is elsewhere.",
        );
    }
    secret.take_stage(&stage);
    if stage == "AWSCURRENT" {
        secret.take_stage("AWSPREVIOUS");
        if let Some(version) = secret.versions.get_mut(&from) {
            version.stages.push("AWSPREVIOUS".to_owned());
        }
        secret.rotated_at = Some(now);
    }
    if let Some(version) = secret.versions.get_mut(&to) {
        version.stages.push(stage);
    }
    (StatusCode::OK, Json(json!({ "ARN": ARN })))
}

fn not_found(message: &str) -> Answer {
    failure(StatusCode::BAD_REQUEST, "ResourceNotFoundException", message)
}

fn failure(status: StatusCode, kind: &str, message: &str) -> Answer {
    (status, Json(json!({ "__type": kind, "Message": message })))
}
