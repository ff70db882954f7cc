//! A provider in the test's own process.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, future, stream};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

/// What the server does with every request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// Answers.
    Says(u16, Vec<(&'static str, String)>, String),
    /// Answers never.
    Hangs,
    /// Breaks off in the middle of an answer with this status.
    Breaks(u16),
    /// Says the key back, with this status, in a body that is an answer or is none.
    Echoes(u16, fn(&str) -> String),
}

/// What was asked of it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

pub(super) struct Server {
    base: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
    serving: JoinHandle<()>,
}

impl Server {
    pub(super) async fn with(reply: Reply) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = asked.clone();
        let router =
            Router::new().fallback(move |request: Request| answer(request, reply.clone(), noted.clone()));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self {
            base: base.parse().unwrap(),
            asked,
            serving,
        }
    }

    pub(super) async fn saying(status: u16, body: &str) -> Self {
        Self::with(Reply::Says(status, Vec::new(), body.to_owned())).await
    }

    /// An address where nobody listens.
    pub(super) async fn nobody() -> Self {
        let server = Self::saying(200, "").await;
        server.serving.abort();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        Self {
            base: base.parse().unwrap(),
            asked: server.asked.clone(),
            serving: tokio::spawn(async {}),
        }
    }

    pub(super) const fn base(&self) -> &Url {
        &self.base
    }

    pub(super) fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(request: Request, reply: Reply, noted: Arc<Mutex<Vec<Asked>>>) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    noted.lock().unwrap().push(Asked {
        path: parts.uri.path().to_owned(),
        headers: parts.headers.clone(),
        body: serde_json::from_slice(&body).unwrap(),
    });
    match reply {
        Reply::Says(status, headers, body) => {
            let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Reply::Hangs => future::pending().await,
        Reply::Breaks(status) => {
            let cut = async {
                // What is there leaves while the server waits; without a wait nothing would before the cut.
                tokio::task::yield_now().await;
                Err(std::io::Error::other("cut"))
            };
            let start = Bytes::from_static(br#"{"usage":{"input_tokens":3"#);
            let parts = stream::iter([Ok(start)]).chain(stream::once(cut));
            (StatusCode::from_u16(status).unwrap(), Body::from_stream(parts)).into_response()
        }
        Reply::Echoes(status, body) => {
            let key = ["x-api-key", "authorization"]
                .into_iter()
                .find_map(|name| parts.headers.get(name))
                .unwrap();
            let key = key.to_str().unwrap().trim_start_matches("Bearer ");
            (StatusCode::from_u16(status).unwrap(), body(key)).into_response()
        }
    }
}
