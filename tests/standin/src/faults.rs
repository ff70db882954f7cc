//! Failures on order, and the record of what was asked.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde_json::json;

use crate::{Service, google, models};

/// How a request fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An error status, with `Retry-After` seconds if given, and an error body.
    Status(u16, Option<u64>),
    /// No answer, ever: the client has to give up.
    Hang,
    /// The connection breaks in the middle of the body.
    Cut,
    /// 200 with this text instead of what belongs there.
    Body(&'static str),
    /// 200 with a page for people.
    Html,
    /// This status with these headers and this body.
    Reply(u16, Vec<(&'static str, String)>, String),
    /// The right answer, after so many milliseconds.
    Slow(u64),
    /// A model declines to answer. Other services know no such thing and answer.
    Refusal,
    /// A model's answer ends where its tokens do.
    OutOfTokens,
    /// A model says this text, whatever it is.
    Says(String),
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// What becomes of the next requests; nothing where one succeeds.
    ordered: Mutex<HashMap<Service, VecDeque<Option<Fault>>>>,
    requests: Mutex<Vec<String>>,
}

impl Faults {
    pub(crate) fn order(&self, service: Service, well: usize, fault: &Fault, times: usize) {
        let mut ordered = self.ordered.lock().unwrap_or_else(PoisonError::into_inner);
        let outcomes = std::iter::repeat_n(None, well).chain(std::iter::repeat_n(Some(fault.clone()), times));
        ordered.entry(service).or_default().extend(outcomes);
    }

    pub(crate) fn clear(&self) {
        self.ordered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(crate) fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes a request and tells whether it is to fail.
    pub(crate) fn next(&self, service: Service, request: &str) -> Option<Fault> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request.to_owned());
        let mut ordered = self.ordered.lock().unwrap_or_else(PoisonError::into_inner);
        ordered.get_mut(&service)?.pop_front()?
    }
}

impl Fault {
    /// What a provider of models says when the money is used up.
    pub fn out_of_money(service: Service) -> Self {
        let body = match service {
            Service::OpenAi => json!({"error": {
                "message": "You exceeded your current quota.", "type": "insufficient_quota",
                "param": null, "code": "insufficient_quota",
            }}),
            _ => json!({"type": "error", "request_id": "req_standin", "error": {
                "type": "rate_limit_error", "message": "The spend limit is reached.",
                "details": {"error_code": "enforced_spend_limit_reached"},
            }}),
        };
        Self::Reply(429, Vec::new(), body.to_string())
    }

    /// The failing answer; nothing where the service is to answer after all, in its own way.
    pub(crate) async fn answer(self, service: Service) -> Result<Response, Self> {
        let response = match self {
            Self::Refusal | Self::OutOfTokens | Self::Says(_) => return Err(self),
            Self::Slow(ms) => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                return Err(self);
            }
            Self::Reply(status, headers, body) => reply(status, headers, body),
            Self::Status(status, retry_after) => {
                let body = error_body(service, status);
                let mut response = (status_code(status), body).into_response();
                if let Some(seconds) = retry_after {
                    response
                        .headers_mut()
                        .insert(RETRY_AFTER, HeaderValue::from(seconds));
                }
                response
            }
            Self::Hang => std::future::pending().await,
            Self::Cut => {
                let start = Bytes::from_static(b"[[1499040000000,\"0.0163");
                let cut = async {
                    // The server sends what it has while it waits; without a wait nothing would leave before the cut.
                    tokio::task::yield_now().await;
                    Err(std::io::Error::other("cut"))
                };
                let parts = stream::iter([Ok(start)]).chain(stream::once(cut));
                ([(CONTENT_TYPE, "application/json")], Body::from_stream(parts)).into_response()
            }
            Self::Body(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
            Self::Html => (
                [(CONTENT_TYPE, "text/html")],
                "<html><body>Maintenance</body></html>",
            )
                .into_response(),
        };
        Ok(response)
    }
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn reply(status: u16, headers: Vec<(&'static str, String)>, body: String) -> Response {
    let mut response = (status_code(status), [(CONTENT_TYPE, "application/json")], body).into_response();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// An error in the service's own shape.
fn error_body(service: Service, status: u16) -> String {
    const WHAT: &str = "ordered failure";
    match service {
        Service::Anthropic | Service::OpenAi => models::error(service, status, WHAT).to_string(),
        Service::Google => google::error(status, WHAT).to_string(),
        _ => json!({"code": -1003, "msg": WHAT}).to_string(),
    }
}
