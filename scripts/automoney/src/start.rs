//! How a command of an operator begins: the same clock, secrets and ids for each.

use shared::app::{App, AppError};
use shared::clock::Clock;
use shared::config::{Config, ConfigError, Environment, Section};
use shared::ids::Ids;
use shared::secrets::SecretsManager;

/// Why a command cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The state cannot be built.
    #[error(transparent)]
    App(#[from] AppError),
}

/// The state of a command that reads these sections of the configuration.
pub(crate) async fn app(environment: &Environment, sections: &[Section]) -> Result<App, StartError> {
    let clock = Clock::system();
    let secrets = SecretsManager::new(clock.clone());
    let config = Config::load(environment, sections, &secrets).await?;
    Ok(App::new(config, clock, Ids::random())?)
}
