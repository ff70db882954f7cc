//! `cost-report`: what the day that ended has cost, kept and published, every day.

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};
use shared::services::{costs, jobs};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "cost-report",
    // Ten minutes after midnight every call of the day before has been settled.
    trigger: Trigger::Schedule("cron(10 0 * * ? *)"),
    sections: &[Section::Database, Section::Budget],
    effect: Effect::Writes,
};

/// One run, counted once however often it is delivered.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let run = (FUNCTION.name, invocation.scheduled_at);
    let report = costs::report_day_before(app, invocation.scheduled_at);
    Ok(jobs::once(app, run, invocation.deadline.end(), report).await?)
}
