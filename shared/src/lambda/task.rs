//! The door of a task: an event of the scheduler becomes a run, its failure an error of the
//! invocation, so that the platform tries again.

use std::error::Error;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::SignedDuration;
use lambda_runtime::{Diagnostic, LambdaEvent, Runtime, service_fn};
use serde_json::{Value, json};
use tracing::Instrument as _;

use super::start::{self, ColdStart};
use super::{Deadline, Effect, Function, Invocation, InvocationError};
use crate::app::App;
use crate::clock::Stopwatch;

/// The door gives up this long before the platform does: an end by the platform is logged by nobody.
const LAST_WORD: SignedDuration = SignedDuration::from_millis(500);

/// Whatever made a task fail, with its causes. Any error becomes one by `?`; the door logs the
/// chain and nobody matches on it, hence one type for all tasks.
pub struct TaskError(Box<dyn Error + Send + Sync>);

impl TaskError {
    /// The error itself.
    pub fn as_error(&self) -> &(dyn Error + 'static) {
        &*self.0
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for TaskError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Debug for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Why a run has no result.
#[derive(Debug, thiserror::Error)]
enum RunError {
    #[error(transparent)]
    Event(#[from] InvocationError),
    #[error("{0}")]
    Failed(TaskError),
    #[error("the run was given up after {} s, just before the platform would have ended it", .0.as_secs())]
    OutOfTime(Duration),
    #[error("a bug: the code panicked")]
    Panicked,
}

impl RunError {
    /// The chain to log; a panic was logged where it happened.
    fn to_log(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) => Some(error.as_error()),
            Self::Event(_) | Self::OutOfTime(_) => Some(self),
            Self::Panicked => None,
        }
    }

    /// What the platform is told: it keeps this beside the dead letter.
    fn diagnostic(&self) -> Diagnostic {
        let kind = match self {
            Self::Event(_) => "WrongEvent",
            Self::Failed(_) => "TaskFailed",
            Self::OutOfTime(_) => "OutOfTime",
            Self::Panicked => "Panicked",
        };
        Diagnostic {
            error_type: kind.to_owned(),
            error_message: self.to_string(),
        }
    }
}

/// Runs `run` for each event until the platform ends the sandbox.
pub fn task<R>(function: &'static Function, run: R) -> ExitCode
where
    R: AsyncFn(&App, &Invocation) -> Result<Value, TaskError>,
{
    let cold_start = ColdStart::new();
    start::run(function, |app| async move {
        let handler = service_fn(async |event| handle(function, &app, &run, cold_start.take(), event).await);
        Runtime::new(handler).run().await
    })
}

/// The result of a run that is not begun, because of the mode that the platform is in; nothing when it
/// may run. That is no failure, so that nobody tries again, and it counts as no run.
pub async fn held_back(function: &Function, app: &App) -> Option<Value> {
    let writes = match function.effect {
        Effect::Writes => true,
        Effect::Reads => false,
        Effect::Exempt => return None,
    };
    let why = app.modes.holds_back(writes, app.clock.now()).await?;
    tracing::warn!(job = function.name, why = why.message(), "held back by the mode");
    Some(json!({ "held_back": why }))
}

/// One event: parsed, run, logged.
async fn handle<R>(
    function: &'static Function,
    app: &App,
    run: &R,
    cold_start: bool,
    event: LambdaEvent<Value>,
) -> Result<Value, Diagnostic>
where
    R: AsyncFn(&App, &Invocation) -> Result<Value, TaskError>,
{
    let (event, context) = event.into_parts();
    let span = tracing::info_span!(
        "task",
        function = function.name,
        request_id = context.request_id,
        cold_start,
        trace_id = context.xray_trace_id,
        scheduled_at = tracing::field::Empty,
    );
    async {
        let stopwatch = Stopwatch::start();
        let deadline = Deadline::from_epoch_ms(context.deadline);
        let outcome = attempt(function, app, run, event, deadline, context.request_id).await;
        let duration_ms = stopwatch.elapsed_ms();
        match &outcome {
            Ok(_) => tracing::info!(duration_ms, "the task is done"),
            Err(error) => {
                if let Some(chain) = error.to_log() {
                    tracing::error!(duration_ms, error = chain, "the task failed");
                }
            }
        }
        outcome.map_err(|error| error.diagnostic())
    }
    .instrument(span)
    .await
}

async fn attempt<R>(
    function: &'static Function,
    app: &App,
    run: &R,
    event: Value,
    deadline: Deadline,
    request_id: String,
) -> Result<Value, RunError>
where
    R: AsyncFn(&App, &Invocation) -> Result<Value, TaskError>,
{
    let now = app.clock.now();
    let invocation = Invocation::from_event(function, event, now, deadline, request_id)?;
    tracing::Span::current().record("scheduled_at", tracing::field::display(invocation.scheduled_at));

    // The state is shared by reference only and every store repairs itself, so a run that panicked
    // leaves nothing half-made behind.
    let running = async {
        match held_back(function, app).await {
            Some(result) => Ok(result),
            None => run(app, &invocation).await,
        }
    };
    let running = AssertUnwindSafe(running).catch_unwind();
    let outcome = match deadline.until(now, LAST_WORD) {
        None => running.await,
        Some(left) => tokio::time::timeout(left, running)
            .await
            .map_err(|_| RunError::OutOfTime(left))?,
    };
    outcome.map_err(|_| RunError::Panicked)?.map_err(RunError::Failed)
}

#[cfg(test)]
mod tests;
