//! `automoney notice`: tells everybody who uses WebSockets, from the command line.
//!
//! It only writes the notice down; `deliver-push` sends it within a minute.

use serde_json::json;
use shared::config::{Environment, Section};
use shared::db::DbError;
use shared::domain::push::Notice;
use shared::services::push::tell;
use shared::telemetry::{self, Format};
use tracing::Level;

use crate::start::{self, StartError};

/// Why nobody is told.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// It cannot begin.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It cannot be written down.
    #[error("the notice cannot be written down")]
    Database(#[from] DbError),
}

/// Writes the notice down and prints how many it goes to.
pub async fn run(environment: &Environment, notice: &Notice) -> Result<(), NoticeError> {
    telemetry::init(Format::Text, Level::ERROR, std::io::stderr);
    let app = start::app(environment, &[Section::Database]).await?;
    let told = tell::everyone(&app, &json!(notice)).await?;
    println!("{}", of_told(told));
    Ok(())
}

/// Who is told of something, and when.
pub(crate) fn of_told(users: u64) -> String {
    format!("{users} users are told within a minute: those who asked for a ticket in the last 24 hours")
}
