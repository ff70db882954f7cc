//! `restore`: a backup becomes a database again, on somebody's order, where nothing else reaches the server.
//!
//! What needs more than a function's time is restored by `automoney backup restore`.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};
use shared::services::backup::{Progress, RestoreOrder, Stage, Vault, carry_out};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "restore",
    trigger: Trigger::Order,
    sections: &[Section::Database, Section::Backups],
    effect: Effect::Exempt,
};

/// Kept back of the time: dropping what was begun takes a while when it is large.
const TAKING_BACK: Duration = Duration::from_secs(40);

/// The event is no order.
#[derive(Debug, thiserror::Error)]
#[error(
    r#"the event is no order: give any of "backup", "database", "table", "user", "overwrite" and "confirm", such as {{"database":"automoney_restored"}}"#
)]
struct NoOrder(#[source] serde_json::Error);

/// Restores as the event says. Keeps no record of the run: the configured database may be the lost one. It is
/// replaced itself only when its name is said twice.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let order = match &invocation.event {
        Value::Null => RestoreOrder::default(),
        event => serde_json::from_value(event.clone()).map_err(NoOrder)?,
    };
    let vault = Vault::of(app)?;
    let time_left = invocation.deadline.remaining(app.clock.now());
    let time_left = time_left.map(|left| left.saturating_sub(TAKING_BACK));
    let stage = Mutex::new(None);
    let told = |progress| tell(&stage, progress);
    // Boxed: the future is deep, and the runner's around it is too.
    let restored = Box::pin(carry_out(app, &vault, &order, time_left, &told)).await?;
    let rows: u64 = restored.rows.iter().map(|(_, rows)| rows).sum();
    // Whoever gave the order may be gone before its answer comes.
    tracing::info!(
        backup = restored.backup,
        database = restored.database,
        rows,
        "restored"
    );
    Ok(serde_json::to_value(restored)?)
}

/// A line in the log a stage.
fn tell(last: &Mutex<Option<Stage>>, progress: Progress) {
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    if *last != Some(progress.stage) {
        *last = Some(progress.stage);
        tracing::info!("{}", progress.stage.as_str());
    }
}
