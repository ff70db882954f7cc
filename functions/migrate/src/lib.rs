//! `migrate`: brings the database's schema up, on demand: a deployment starts it.
//!
//! Only up. Taking a step back is a person's decision: `automoney migrate down`.

use serde_json::{Value, json};
use shared::app::App;
use shared::config::Section;
use shared::db::{connect_once, migrations};
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "migrate",
    trigger: Trigger::OnDemand,
    sections: &[Section::Database],
    effect: Effect::Exempt,
};

/// This function was started without a database to migrate.
#[derive(Debug, thiserror::Error)]
#[error("no database is configured")]
struct NoDatabase;

/// Applies what is missing; answers with the names of what was applied.
pub async fn run(app: &App, _: &Invocation) -> Result<Value, TaskError> {
    let settings = app.config.database.as_ref().ok_or(NoDatabase)?;
    let client = connect_once(settings).await?;
    let applied = migrations::Runner::new(client, migrations::MIGRATIONS)
        .up(app.clock.now())
        .await?;
    Ok(json!({ "applied": applied }))
}
