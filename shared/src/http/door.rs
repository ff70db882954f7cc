//! From a function's routes to what answers requests: the state put in, the stack put around.

use utoipa_axum::router::OpenApiRouter;

use super::routes::ClassMissing;
use super::stack::StackError;
use super::{HttpSettings, Prefetch, RouteTable, TokenKey, TokenKeys, stack};
use crate::app::App;
use crate::config::Stage;
use std::sync::Arc;

/// The name of the key in `JWT_SECRET` in a token's header.
pub const CURRENT_KEY: &str = "current";

/// Why a function cannot answer requests.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// A route does not say how it is limited.
    #[error(transparent)]
    Class(#[from] ClassMissing),
    /// The routes and the configuration do not fit.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// The key that signs tokens cannot be used.
    #[error("JWT_SECRET cannot be used")]
    Keys(#[from] super::auth::TokenError),
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
    Ok(stack(answering, table, settings(app, function, prefetch)?)?)
}

/// What answers every request that no route of `table` takes.
pub fn fallback_door(
    app: &App,
    function: &'static str,
    table: RouteTable,
) -> Result<axum::Router, DoorError> {
    Ok(stack(axum::Router::new(), table, settings(app, function, &[])?)?)
}

/// The keys that sign and check tokens; nothing in a process that was given none.
pub fn token_keys(app: &App) -> Result<Option<TokenKeys>, DoorError> {
    let Some(auth) = &app.config.auth else {
        return Ok(None);
    };
    let current = TokenKey {
        kid: CURRENT_KEY.to_owned(),
        secret: auth.jwt_secret.clone(),
    };
    Ok(Some(TokenKeys::new(&current, &[])?))
}

fn settings(app: &App, function: &'static str, prefetch: &[Prefetch]) -> Result<HttpSettings, DoorError> {
    let origins = app
        .config
        .http
        .as_ref()
        .map(|http| http.cors_allowed_origins.clone());
    Ok(HttpSettings {
        allowed_origins: origins.unwrap_or_default(),
        token_keys: token_keys(app)?,
        clock: app.clock.clone(),
        limiter: Arc::new(app.cache.clone()),
        prefetch: prefetch.to_vec(),
        ids: app.ids.clone(),
        function,
        production: app.config.core.stage == Stage::Production,
    })
}
