//! What all doors do before the first invocation.

use std::error::Error;
use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::Level;

use super::Function;
use crate::app::{App, AppError};
use crate::clock::Clock;
use crate::config::{Config, ConfigError, Environment};
use crate::ids::Ids;
use crate::secrets::SecretsManager;
use crate::telemetry::{self, Format};

/// Set by the platform and by every emulator of it.
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";

/// Why a function ended.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(
        "this program is a Lambda function and {RUNTIME_API} is not set: `cargo automoney local` runs all \
         functions without the platform"
    )]
    NoPlatform,
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the function cannot be set up")]
    App(#[from] AppError),
    #[error("the event loop cannot be made")]
    Runtime(#[from] std::io::Error),
    #[error("the door closed")]
    Door(#[source] Box<dyn Error + Send + Sync>),
}

/// Runs a function until the platform ends the sandbox. What stops it earlier is logged once, whole.
pub(super) fn run<F>(function: &'static Function, door: impl FnOnce(App) -> F) -> ExitCode
where
    F: Future<Output = Result<(), lambda_runtime::Error>>,
{
    let environment = Environment::process();
    telemetry::init(Format::Json, log_level(&environment), std::io::stdout);
    match started(function, &environment, door) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(
                function = function.name,
                error = &error as &dyn Error,
                "the function ended"
            );
            ExitCode::FAILURE
        }
    }
}

fn started<F>(
    function: &'static Function,
    environment: &Environment,
    door: impl FnOnce(App) -> F,
) -> Result<(), StartError>
where
    F: Future<Output = Result<(), lambda_runtime::Error>>,
{
    environment.get(RUNTIME_API).ok_or(StartError::NoPlatform)?;
    // A sandbox serves one invocation at a time; more threads would only cost start-up time.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let clock = Clock::system();
        let secrets = Arc::new(SecretsManager::new(clock.clone()));
        let config = Config::load(environment, function.sections, &*secrets).await?;
        let app = App::new(config, clock, Ids::random())?;
        #[cfg(feature = "http")]
        let app = app.with_secrets(secrets).map_err(AppError::from)?;
        let warming = app.clone();
        tokio::spawn(async move { warming.warm_up().await });
        door(app).await.map_err(StartError::Door)
    })
}

/// The level asked for, before the configuration is read; a wrong one is reported by that.
fn log_level(environment: &Environment) -> Level {
    environment
        .get("LOG_LEVEL")
        .and_then(|level| level.parse().ok())
        .unwrap_or(Level::INFO)
}

/// True for the first caller only.
#[derive(Debug)]
pub(super) struct ColdStart(AtomicBool);

impl ColdStart {
    pub(super) const fn new() -> Self {
        Self(AtomicBool::new(true))
    }

    pub(super) fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}
