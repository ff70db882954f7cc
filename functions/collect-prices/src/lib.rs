//! `collect-prices`: closed candles and live prices, every five minutes.

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};
use shared::services::{collect, jobs};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "collect-prices",
    trigger: Trigger::Schedule("cron(0/5 * * * ? *)"),
    sections: &[Section::Database, Section::Cache, Section::Sources],
    effect: Effect::Writes,
};

/// One run, counted once however often it is delivered.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let run = (FUNCTION.name, invocation.scheduled_at);
    Ok(jobs::once_alone(app, run, invocation.deadline.end(), collect::collect_prices(app)).await?)
}
