//! Failures on order, and the record of what was asked.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use crate::Service;

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
    /// The failing answer.
    pub(crate) async fn answer(self) -> Response {
        match self {
            Self::Status(status, retry_after) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let mut response = (status, r#"{"code":-1003,"msg":"ordered failure"}"#).into_response();
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
        }
    }
}
