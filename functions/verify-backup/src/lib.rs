//! `verify-backup`: the newest backup is restored beside the database and compared, every week.

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};
use shared::services::{backup, jobs};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "verify-backup",
    // An hour after the day's backup was begun, when people trade least.
    trigger: Trigger::Schedule("cron(0 4 ? * SUN *)"),
    sections: &[Section::Database, Section::Backups],
    effect: Effect::Reads,
};

/// One run, counted once however often it is delivered, and alone: two would fill the disk twice.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let run = (FUNCTION.name, invocation.scheduled_at);
    let drill = Box::pin(backup::run_weekly(app));
    Ok(jobs::once_alone(app, run, invocation.deadline.end(), drill).await?)
}
