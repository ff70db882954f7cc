//! `deliver-push`: events that nobody delivered, connections that nobody uses, every minute.

use std::time::Duration;

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Function, Invocation, TaskError, Trigger};
use shared::services::{jobs, push};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "deliver-push",
    trigger: Trigger::Schedule("cron(* * * * ? *)"),
    sections: &[Section::Database, Section::Push],
};

/// The next run begins then, and does what this one leaves.
const LONGEST: Duration = Duration::from_secs(50);

/// One run, counted once however often it is delivered.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let (run, now) = ((FUNCTION.name, invocation.scheduled_at), app.clock.now());
    let work = push::tend(app, invocation.deadline.cut(LONGEST, now));
    Ok(jobs::once(app, run, invocation.deadline.end(), work).await?)
}
