//! `backup`: all of the database into the store, every day; looked at, and the old ones thrown away.

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};
use shared::services::{backup, jobs};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "backup",
    trigger: Trigger::Schedule("cron(0 3 * * ? *)"),
    sections: &[Section::Database, Section::Backups],
    effect: Effect::Reads,
};

/// One run, counted once however often it is delivered, and alone: a second one would read the same.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let run = (FUNCTION.name, invocation.scheduled_at);
    let time_left = invocation.deadline.remaining(app.clock.now());
    let daily = Box::pin(backup::run_daily(app, time_left));
    Ok(jobs::once_alone(app, run, invocation.deadline.end(), daily).await?)
}
