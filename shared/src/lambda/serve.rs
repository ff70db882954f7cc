//! The door of a function with routes: the gateway's event becomes a request to the router.

use std::convert::Infallible;
use std::process::ExitCode;

use axum::Router;
use axum::response::Response;
use lambda_http::lambda_runtime::Runtime;
use lambda_http::request::LambdaRequest;
use lambda_http::tower::ServiceExt as _;
use lambda_http::{Adapter, LambdaEvent, Request, RequestExt as _, Service, service_fn};
use serde::Serialize;
use tracing::Instrument as _;

use super::Function;
use super::request::{annotate, mend};
use super::start::{self, ColdStart};
use crate::app::App;

/// Answers requests with `router` until the platform ends the sandbox.
pub fn serve<E: std::error::Error + Send + Sync + 'static>(
    function: &'static Function,
    router: impl FnOnce(&App) -> Result<Router, E>,
) -> ExitCode {
    start::run(function, |app| {
        let router = router(&app);
        async move { Runtime::new(service(function, router?)).run().await }
    })
}

/// The router behind the gateway's events.
fn service(
    function: &'static Function,
    router: Router,
) -> impl Service<LambdaEvent<LambdaRequest>, Response = impl Serialize, Error = Infallible> {
    let cold_start = ColdStart::new();
    let answer =
        service_fn(move |request: Request| answer(function, router.clone(), cold_start.take(), request));
    Adapter::from(answer).map_request(mend)
}

async fn answer(
    function: &'static Function,
    router: Router,
    cold_start: bool,
    mut request: Request,
) -> Result<Response, Infallible> {
    let id = annotate(&mut request);
    let trace_id = request
        .lambda_context_ref()
        .and_then(|context| context.xray_trace_id.clone());
    let span = tracing::info_span!(
        "http",
        function = function.name,
        request_id = id.map(|id| id.0),
        cold_start,
        trace_id
    );
    router.oneshot(request).instrument(span).await
}

#[cfg(test)]
mod tests;
