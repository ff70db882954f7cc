//! `deliver-push`: events that nobody delivered, connections that nobody uses, every minute.

use std::time::Duration;

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};
use shared::services::push;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "deliver-push",
    trigger: Trigger::Schedule("cron(* * * * ? *)"),
    sections: &[Section::Database, Section::Push],
    // It brings everybody the notice of the mode.
    effect: Effect::Exempt,
};

/// The next run begins then, and does what this one leaves.
const LONGEST: Duration = Duration::from_secs(50);

/// One run. It is not counted in `job_runs`: delivered twice it finds nothing to do, because streams are
/// held while they are delivered, and a row a minute would drown those of other tasks.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let time_left = invocation.deadline.cut(LONGEST, app.clock.now());
    Ok(serde_json::to_value(push::tend(app, time_left).await?)?)
}
