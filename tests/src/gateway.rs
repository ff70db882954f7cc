//! A fake of API Gateway's management interface: what is posted to connections is kept, and each
//! connection can be told to misbehave.
//!
//! It holds no sockets. A connection that nobody said anything about takes every message.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::retry::RetryConfig;
use aws_sdk_apigatewaymanagement::config::{BehaviorVersion, Config, Credentials, Region};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use shared::app::App;
use shared::clock::Stopwatch;
use shared::push::Gateway;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How a connection misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 410: it is not there.
    Gone,
    /// 429 for so many posts, with this `Retry-After` if any.
    Throttled {
        /// How many.
        times: u32,
        /// Seconds.
        retry_after: Option<u32>,
    },
    /// 500 for every post and close.
    Broken,
    /// 500 for every post; it can be closed.
    Deaf,
    /// No answer at all.
    Hangs,
}

/// A message that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// Where.
    pub connection: String,
    /// What.
    pub message: Value,
    /// How long after the start of the fake.
    pub after: Duration,
}

#[derive(Debug)]
struct Inner {
    started: Stopwatch,
    faults: HashMap<String, Fault>,
    pause: Duration,
    tries: usize,
    posted: Vec<Posted>,
    closed: Vec<String>,
}

type Shared = Arc<Mutex<Inner>>;

/// The fake; it ends with this value.
#[derive(Debug)]
pub struct FakeGateway {
    address: SocketAddr,
    shared: Shared,
    serving: JoinHandle<()>,
}

impl FakeGateway {
    /// Starts it.
    pub async fn start() -> Self {
        let shared = Arc::new(Mutex::new(Inner {
            started: Stopwatch::start(),
            faults: HashMap::new(),
            pause: Duration::ZERO,
            tries: 0,
            posted: Vec::new(),
            closed: Vec::new(),
        }));
        let router = Router::new()
            .route("/test/@connections/{id}", post(take).delete(close))
            .with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self {
            address,
            shared,
            serving,
        }
    }

    /// Its address, as `PUSH_ENDPOINT_URL` wants it.
    pub fn url(&self) -> String {
        format!("http://{}/test", self.address)
    }

    /// The same state, but its sockets are held by this gateway.
    pub fn before(&self, app: &App) -> App {
        let url = self.url();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("eu-central-1"))
            .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .endpoint_url(&url)
            .build();
        let endpoint = url.parse().expect("an address");
        let gateway = Gateway::with_client(endpoint, Client::from_conf(config));
        App {
            push: Some(Arc::new(gateway)),
            ..app.clone()
        }
    }

    /// From now on this connection misbehaves.
    pub fn breaks(&self, connection: &str, fault: Fault) {
        self.lock().faults.insert(connection.to_owned(), fault);
    }

    /// From now on it does not.
    pub fn mends(&self, connection: &str) {
        self.lock().faults.remove(connection);
    }

    /// Each post takes this long.
    pub fn takes(&self, pause: Duration) {
        self.lock().pause = pause;
    }

    /// How long ago it was started, by the watch of [`Posted::after`].
    pub fn elapsed(&self) -> Duration {
        self.lock().started.elapsed()
    }

    /// How many posts were tried.
    pub fn tries(&self) -> usize {
        self.lock().tries
    }

    /// What arrived, in this order.
    pub fn posted(&self) -> Vec<Posted> {
        self.lock().posted.clone()
    }

    /// What arrived at one connection, in this order.
    pub fn posted_to(&self, connection: &str) -> Vec<Value> {
        let all = self.posted().into_iter();
        all.filter(|posted| posted.connection == connection)
            .map(|posted| posted.message)
            .collect()
    }

    /// The numbers of what arrived at one connection.
    pub fn seqs_of(&self, connection: &str) -> Vec<i64> {
        let messages = self.posted_to(connection);
        messages
            .iter()
            .filter_map(|message| message["seq"].as_i64())
            .collect()
    }

    /// The connections that were closed, in this order.
    pub fn closed(&self) -> Vec<String> {
        self.lock().closed.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for FakeGateway {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock(shared: &Shared) -> MutexGuard<'_, Inner> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn take(State(shared): State<Shared>, Path(connection): Path<String>, body: String) -> Response {
    let (fault, pause) = {
        let mut inner = lock(&shared);
        inner.tries += 1;
        (inner.faults.get(&connection).copied(), inner.pause)
    };
    tokio::time::sleep(pause).await;
    if fault == Some(Fault::Deaf) {
        return refusal(StatusCode::INTERNAL_SERVER_ERROR);
    }
    if let Some(refusal) = refused(&shared, &connection, fault).await {
        return refusal;
    }
    let mut inner = lock(&shared);
    let after = inner.started.elapsed();
    // An answer to a ping is a bare word.
    let message = serde_json::from_str(&body).unwrap_or(Value::String(body));
    inner.posted.push(Posted {
        connection,
        message,
        after,
    });
    StatusCode::OK.into_response()
}

async fn close(State(shared): State<Shared>, Path(connection): Path<String>) -> Response {
    let fault = lock(&shared).faults.get(&connection).copied();
    if let Some(refusal) = refused(&shared, &connection, fault).await {
        return refusal;
    }
    lock(&shared).closed.push(connection);
    StatusCode::NO_CONTENT.into_response()
}

fn refusal(status: StatusCode) -> Response {
    (status, axum::Json(json!({ "message": "as ordered" }))).into_response()
}

async fn refused(shared: &Shared, connection: &str, fault: Option<Fault>) -> Option<Response> {
    match fault? {
        Fault::Gone => Some(refusal(StatusCode::GONE)),
        Fault::Broken => Some(refusal(StatusCode::INTERNAL_SERVER_ERROR)),
        Fault::Hangs => std::future::pending().await,
        Fault::Deaf | Fault::Throttled { times: 0, .. } => None,
        Fault::Throttled { times, retry_after } => {
            let left = Fault::Throttled {
                times: times - 1,
                retry_after,
            };
            lock(shared).faults.insert(connection.to_owned(), left);
            let mut response = refusal(StatusCode::TOO_MANY_REQUESTS);
            if let Some(seconds) = retry_after {
                response.headers_mut().insert("retry-after", seconds.into());
            }
            Some(response)
        }
    }
}
