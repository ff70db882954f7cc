//! `maintain-database`: what is over goes, tables are vacuumed, indexes kept in shape, every day.

use std::time::Duration;

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};
use shared::services::{jobs, maintain};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "maintain-database",
    // An hour after the backup, which holds back what VACUUM may remove for as long as it reads.
    trigger: Trigger::Schedule("cron(0 4 * * ? *)"),
    sections: &[Section::Database],
    effect: Effect::Writes,
};

/// How long it works where no deadline ends it: as long as where one does.
const LONGEST: Duration = Duration::from_mins(14);

/// One run, counted once however often it is delivered, and alone: two would wait for each other's locks.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let run = (FUNCTION.name, invocation.scheduled_at);
    let time_left = invocation.deadline.cut(LONGEST, app.clock.now());
    let limits = maintain::Limits::default();
    let work = maintain::maintain(app, invocation.scheduled_at, time_left, &limits);
    Ok(jobs::once_alone(app, run, invocation.deadline.end(), work).await?)
}
