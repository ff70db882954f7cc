//! From a function's routes to what answers requests: the state put in, the stack put around.

use utoipa_axum::router::OpenApiRouter;

use super::routes::ClassMissing;
use super::stack::StackError;
use super::{HttpSettings, Prefetch, RouteTable, stack};
use crate::app::App;
use crate::config::Stage;
use std::sync::Arc;

/// Why a function cannot answer requests.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// A route does not say how it is limited.
    #[error(transparent)]
    Class(#[from] ClassMissing),
    /// The routes and the configuration do not fit.
    #[error(transparent)]
    Stack(#[from] StackError),
}

/// The routes of a function, ready to answer.
pub fn door(
    app: &App,
    function: &'static str,
    routes: OpenApiRouter<App>,
    prefetch: &[Prefetch],
) -> Result<axum::Router, DoorError> {
    let (answering, description) = routes.with_state(app.clone()).split_for_parts();
    let table = RouteTable::of(&description)?;
    Ok(stack(answering, table, settings(app, function, prefetch))?)
}

/// What answers every request that no route of `table` takes.
pub fn fallback_door(
    app: &App,
    function: &'static str,
    table: RouteTable,
) -> Result<axum::Router, DoorError> {
    Ok(stack(axum::Router::new(), table, settings(app, function, &[]))?)
}

fn settings(app: &App, function: &'static str, prefetch: &[Prefetch]) -> HttpSettings {
    let origins = app
        .config
        .http
        .as_ref()
        .map(|http| http.cors_allowed_origins.clone());
    HttpSettings {
        allowed_origins: origins.unwrap_or_default(),
        keys: app.keys.clone(),
        roles: Arc::new(app.db.clone()),
        clock: app.clock.clone(),
        gate: Arc::new(app.gate()),
        limiter: Arc::new(app.cache.clone()),
        prefetch: prefetch.to_vec(),
        ids: app.ids.clone(),
        function,
        production: app.config.core.stage == Stage::Production,
    }
}
