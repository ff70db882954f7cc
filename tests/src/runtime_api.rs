//! A fake Lambda Runtime API: drives a real function binary, one invocation after the other.
//!
//! It speaks the four calls of the 2018-06-01 interface that the runtime client makes, over a real
//! socket. It does not emulate freezing, time-outs or memory.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

/// What a function made of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It answered.
    Answered(Value),
    /// It reported an error; Lambda would try again.
    Failed(Value),
    /// It gave up before it was ready for events.
    InitFailed(Value),
}

struct Event {
    request_id: String,
    payload: Value,
}

#[derive(Clone)]
struct Shared {
    events: Arc<Mutex<mpsc::Receiver<Event>>>,
    waiting: Arc<Mutex<HashMap<String, oneshot::Sender<Outcome>>>>,
    deadline_ms: u64,
}

/// The server side; give [`RuntimeApi::address`] to a binary as `AWS_LAMBDA_RUNTIME_API`.
pub struct RuntimeApi {
    address: SocketAddr,
    events: mpsc::Sender<Event>,
    shared: Shared,
    serving: JoinHandle<()>,
}

impl RuntimeApi {
    /// Starts the API; every invocation is given the deadline `deadline_ms` (milliseconds since the epoch).
    pub async fn start(deadline_ms: u64) -> Self {
        let (events, received) = mpsc::channel(16);
        let shared = Shared {
            events: Arc::new(Mutex::new(received)),
            waiting: Arc::default(),
            deadline_ms,
        };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self {
            address,
            events,
            shared,
            serving,
        }
    }

    /// `host:port`, as the environment variable wants it.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Sends one event and waits at most `patience` for what becomes of it.
    pub async fn invoke(&self, request_id: &str, payload: Value, patience: Duration) -> Outcome {
        let (sender, receiver) = oneshot::channel();
        self.shared
            .waiting
            .lock()
            .await
            .insert(request_id.to_owned(), sender);
        let event = Event {
            request_id: request_id.to_owned(),
            payload,
        };
        self.events.send(event).await.expect("the API is serving");
        tokio::time::timeout(patience, receiver)
            .await
            .expect("the function answered in time")
            .expect("the API is serving")
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn next(State(shared): State<Shared>) -> Response {
    let Some(event) = shared.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| {
        let value = HeaderValue::from_str(value).expect("a header value");
        headers.insert(HeaderName::from_static(name), value);
    };
    set("lambda-runtime-aws-request-id", &event.request_id);
    set("lambda-runtime-deadline-ms", &shared.deadline_ms.to_string());
    set(
        "lambda-runtime-invoked-function-arn",
        "arn:aws:lambda:eu-central-1:123456789012:function:under-test",
    );
    set("content-type", "application/json");
    (headers, event.payload.to_string()).into_response()
}

async fn response(State(shared): State<Shared>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    shared.settle(&id, Outcome::Answered(json(&body))).await
}

async fn error(State(shared): State<Shared>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    shared.settle(&id, Outcome::Failed(json(&body))).await
}

async fn init_error(State(shared): State<Shared>, body: Bytes) -> StatusCode {
    for (_, waiting) in shared.waiting.lock().await.drain() {
        let _ = waiting.send(Outcome::InitFailed(json(&body)));
    }
    StatusCode::ACCEPTED
}

fn json(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}

impl Shared {
    async fn settle(&self, id: &str, outcome: Outcome) -> StatusCode {
        if let Some(waiting) = self.waiting.lock().await.remove(id) {
            let _ = waiting.send(outcome);
        }
        StatusCode::ACCEPTED
    }
}
