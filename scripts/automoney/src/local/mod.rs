//! `automoney local`: every function in one process, with its schedules.
//!
//! Nothing here exists in the cloud: it chooses a database for the market feed at hand, starts the
//! stand-in for the upstreams when no real ones are asked for, and then runs the same routers and
//! tasks that the Lambdas run.

pub(crate) mod database;
pub(crate) mod feed;
mod hub;
mod once;
mod outcome;
mod process;
mod report;
mod schedule;
mod serve;
pub(crate) mod signals;
mod signin;
mod sockets;

use shared::config::Environment;
use shared::telemetry::{self, Format};
use tracing::Level;

use crate::cli::LocalOptions;

pub use hub::{Hub, Outgoing};
pub use process::StartError;
pub use schedule::{Schedule, ScheduleError};
pub use serve::router;

/// Why the local process ended early.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The process could not be prepared.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The run itself failed.
    #[error(transparent)]
    Once(#[from] once::OnceError),
    /// Somebody stopped it.
    #[error("interrupted")]
    Interrupted,
    /// Signals cannot be listened for.
    #[error("signals cannot be received")]
    Signals(#[source] std::io::Error),
    /// Serving ended.
    #[error(transparent)]
    Serve(#[from] serve::ServeError),
}

/// Runs the bundle here, once or until Ctrl-C.
pub async fn run(environment: &Environment, options: LocalOptions) -> Result<(), LocalError> {
    let least = if options.once { Level::WARN } else { Level::INFO };
    let level = environment
        .get("LOG_LEVEL")
        .and_then(|level| level.parse().ok())
        .unwrap_or(least);
    // Standard output belongs to what was asked for: the report, or the addresses.
    telemetry::init(Format::Text, level, std::io::stderr);
    // Its pages may be named before it serves: which ones depends on the port that it gets.
    let door = if options.once {
        None
    } else {
        Some(serve::Door::open(options.port).await?)
    };
    let port = door.as_ref().map(serve::Door::port);
    let process = process::Process::start(environment, &options, port).await?;
    let outcome = match door {
        None => once(&process, options.json).await,
        Some(door) => serve::run(&process, door).await.map_err(LocalError::from),
    };
    process.stop().await?;
    outcome
}

async fn once(process: &process::Process, as_json: bool) -> Result<(), LocalError> {
    let mut told_to_stop = signals::Signals::listen().map_err(LocalError::Signals)?;
    tokio::select! {
        outcome = once::run(process, as_json) => outcome.map_err(LocalError::from),
        () = told_to_stop.next() => Err(LocalError::Interrupted),
    }
}
