//! `push-ticket`: a ticket for a WebSocket.
//!
//! A function of its own, because the WebSockets are behind an API of their own. Opens no connection.

use axum::extract::State;
use shared::app::App;
use shared::config::Section;
use shared::http::{ApiResult, Envelope, RateClass, SignedIn};
use shared::lambda::{Effect, Function, Trigger};
use shared::services::push::tickets::{self, Holder, Ticket};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "push-ticket",
    trigger: Trigger::Http,
    sections: &[Section::Database, Section::Cache, Section::Http, Section::Auth],
    effect: Effect::Exempt,
};

/// The routes of this function.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(ticket))
}

/// A ticket for a WebSocket: good once, for 30 seconds.
///
/// Open `/ws?ticket=…` with it (deployed, the address of the WebSocket API instead of `/ws`). Every message
/// that comes is an event, `{"event","seq","data","timestamp"}`, or the answer to something that was sent:
/// `ping` is answered `pong`, `{"action":"since","seq":N}` with the events after N and then
/// `{"action":"since","seq","reset"}`; `reset` means that some cannot be had any more. A connection that
/// says nothing for five minutes is closed, every one after two hours, and with a user's fourth the oldest.
#[utoipa::path(
    post,
    path = "/api/v1/push/ticket",
    tag = "push",
    responses((status = 200, body = shared::http::openapi::Success<Ticket>)),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn ticket(State(app): State<App>, SignedIn(user): SignedIn) -> ApiResult<Ticket> {
    let holder = Holder {
        user: user.id,
        session: user.session,
    };
    Ok(Envelope::ok(tickets::issue(&app, holder).await?))
}
