//! `run-strategies`: agents, decision, record: whatever is due, every ten minutes.

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};
use shared::services::{decide, jobs};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "run-strategies",
    trigger: Trigger::Schedule("cron(2/10 * * * ? *)"),
    // The sources too: it collects prices itself when the boundary's candle is not stored yet.
    sections: &[
        Section::Database,
        Section::Cache,
        Section::Sources,
        Section::Models,
        Section::Budget,
        Section::Push,
    ],
    effect: Effect::Writes,
};

/// One run, counted once however often it is delivered.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let (run, now) = ((FUNCTION.name, invocation.scheduled_at), app.clock.now());
    let work = decide::run_due(app, now, invocation.deadline.remaining(now));
    Ok(jobs::once(app, run, invocation.deadline.end(), work).await?)
}
