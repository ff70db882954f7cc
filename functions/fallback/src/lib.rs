//! `fallback`: what no route takes. Preflights, 404, and 405 with `Allow`, all in the envelope.
//!
//! It answers from the table of all routes, which `automoney generate` writes; it serves no route.

use shared::app::App;
use shared::config::Section;
use shared::http::{DoorError, RouteTable, fallback_door};
use shared::lambda::{Effect, Function, Trigger};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "fallback",
    trigger: Trigger::Fallback,
    sections: &[Section::Http],
    effect: Effect::Exempt,
};

/// Every route of the bundle.
const ROUTES: &str = include_str!("../routes.json");

/// Why the fallback cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum FallbackError {
    /// The generated table is broken.
    #[error("functions/fallback/routes.json cannot be read")]
    Table(#[from] serde_json::Error),
    /// The door cannot be built.
    #[error(transparent)]
    Door(#[from] DoorError),
}

/// The table of all routes, as generated.
pub fn routes() -> Result<RouteTable, FallbackError> {
    Ok(serde_json::from_str(ROUTES)?)
}

/// What answers whatever no other function takes.
pub fn router(app: &App) -> Result<axum::Router, FallbackError> {
    Ok(fallback_door(app, FUNCTION.name, routes()?)?)
}
