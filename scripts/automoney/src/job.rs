//! `automoney job TASK`: one scheduled task, now, on the configured servers.

use jiff::Timestamp;
use shared::config::Environment;
use shared::telemetry::{self, Format};
use tracing::Level;

use crate::registry::{TaskFailed, task_functions};
use crate::start::{self, StartError};

/// Why a task did not run to its end.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// There is no such task.
    #[error("there is no task {given:?}; there are {known}")]
    Unknown {
        /// What was asked for.
        given: String,
        /// What there is.
        known: String,
    },
    /// It cannot begin.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The task failed.
    #[error(transparent)]
    Failed(#[from] TaskFailed),
    /// The result cannot be shown.
    #[error("the result cannot be shown")]
    Result(#[from] serde_json::Error),
}

/// Runs a task and prints its result. `at` is the scheduled time it counts for; the clock stays what
/// it is, so that nothing fetched now counts as known then. A run for the same task and time counts once: repeated, it
/// prints the stored result.
pub async fn run(environment: &Environment, task: &str, at: Option<Timestamp>) -> Result<(), JobError> {
    telemetry::init(Format::Text, Level::WARN, std::io::stderr);
    let tasks = task_functions();
    let known = tasks
        .iter()
        .map(|known| known.function.name)
        .collect::<Vec<_>>()
        .join(", ");
    let found = tasks.into_iter().find(|known| known.function.name == task);
    let found = found.ok_or_else(|| JobError::Unknown {
        given: task.to_owned(),
        known,
    })?;

    let app = start::app(environment, found.function.sections).await?;
    let scheduled_at = at.unwrap_or_else(|| app.clock.now());
    let result = found.run_for(&app, scheduled_at).await?;
    println!("{}", serde_json::to_string_pretty(&result)?);
    Ok(())
}
