//! `collect-onchain`: what Bitcoin's chain says, every hour.

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};
use shared::services::{collect, jobs};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "collect-onchain",
    trigger: Trigger::Schedule("cron(11 * * * ? *)"),
    sections: &[Section::Database, Section::Cache, Section::Sources],
    effect: Effect::Writes,
};

/// One run, counted once however often it is delivered.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let run = (FUNCTION.name, invocation.scheduled_at);
    Ok(jobs::once_alone(app, run, invocation.deadline.end(), collect::collect_onchain(app)).await?)
}
