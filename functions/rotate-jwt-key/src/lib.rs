//! `rotate-jwt-key`: Secrets Manager rotates the keys that sign access tokens.

use serde_json::Value;
use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Invocation, TaskError, Trigger};
use shared::secrets::Versions;
use shared::services::rotation::{self, RotationEvent};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "rotate-jwt-key",
    trigger: Trigger::Rotation,
    sections: &[Section::Auth],
    effect: Effect::Exempt,
};

/// One step of a rotation. Secrets Manager repeats steps; each may be.
pub async fn run(app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let event = RotationEvent::read(&invocation.event)?;
    // The client's futures are deep: boxed, they do not make this one deeper.
    let versions = Box::pin(Versions::connect(&event.secret_id)).await;
    let rotated = Box::pin(rotation::rotate(app, &versions, &event)).await?;
    Ok(serde_json::to_value(rotated)?)
}
