//! `automoney local`: every function in one process, with its schedules.
//!
//! Nothing here exists in the cloud: it chooses a database for the market feed at hand, starts the
//! stand-in for the upstreams when no real ones are asked for, and then runs the same routers and
//! tasks that the Lambdas run.

mod feed;
mod once;
mod process;
mod schedule;
mod serve;

use shared::config::Environment;

use crate::cli::LocalOptions;

pub use feed::FeedError;
pub use schedule::{Schedule, ScheduleError};

/// Why the local process ended early.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The market feed cannot be used.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The process could not be prepared.
    #[error(transparent)]
    Start(#[from] process::StartError),
    /// The run itself failed.
    #[error(transparent)]
    Once(#[from] once::OnceError),
    /// Serving ended.
    #[error(transparent)]
    Serve(#[from] serve::ServeError),
}

/// Runs the bundle here, once or until Ctrl-C.
pub async fn run(environment: &Environment, options: LocalOptions) -> Result<(), LocalError> {
    let process = process::Process::start(environment, &options).await?;
    let outcome = if options.once {
        once::run(&process, options.json).await.map_err(LocalError::from)
    } else {
        serve::run(&process, options.port).await.map_err(LocalError::from)
    };
    process.stop().await?;
    outcome
}
