//! `health`: alive, healthy, ready. Answers without the envelope, as load balancers expect.
//!
//! Changes nothing, so that asking often is harmless.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use shared::app::App;
use shared::config::Section;
use shared::http::RateClass;
use shared::lambda::{Effect, Function, Trigger};
use shared::services::readiness;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "health",
    trigger: Trigger::Http,
    sections: &[Section::Database, Section::Cache, Section::Http],
    effect: Effect::Exempt,
};

/// The routes of this function.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(healthy))
        .routes(routes!(live))
        .routes(routes!(ready))
}

/// A state in one word.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `healthy` or `alive`.
    #[schema(example = "healthy")]
    status: &'static str,
}

/// The function answers.
#[utoipa::path(
    get,
    path = "/health",
    tag = "health",
    responses((status = 200, body = Health)),
    extensions(("x-rate-limit" = json!(RateClass::None)))
)]
async fn healthy() -> Json<Health> {
    Json(Health { status: "healthy" })
}

/// The process is alive.
#[utoipa::path(
    get,
    path = "/health/live",
    tag = "health",
    responses((status = 200, body = Health)),
    extensions(("x-rate-limit" = json!(RateClass::None)))
)]
async fn live() -> Json<Health> {
    Json(Health { status: "alive" })
}

/// What can be reached.
#[derive(Debug, Serialize, ToSchema)]
struct Ready {
    /// `ready` or `not_ready`.
    #[schema(example = "ready")]
    status: &'static str,
    /// `connected` or `down`.
    #[schema(example = "connected")]
    database: &'static str,
    /// `connected` or `down`.
    #[schema(example = "connected")]
    redis: &'static str,
}

/// Whether the database and Redis can be reached; 503 names what is down.
#[utoipa::path(
    get,
    path = "/health/ready",
    tag = "health",
    responses((status = 200, body = Ready), (status = 503, body = Ready)),
    extensions(("x-rate-limit" = json!(RateClass::None)))
)]
async fn ready(State(app): State<App>) -> (StatusCode, Json<Ready>) {
    let found = readiness::check(&app).await;
    let word = |is_there| if is_there { "connected" } else { "down" };
    let status = if found.is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let ready = Ready {
        status: if found.is_ready() { "ready" } else { "not_ready" },
        database: word(found.database),
        redis: word(found.redis),
    };
    (status, Json(ready))
}
