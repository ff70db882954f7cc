//! `automoney notice`: tells everybody who uses WebSockets, from the command line.
//!
//! It only writes the notice down; `deliver-push` sends it within a minute.

use serde_json::json;
use shared::app::{App, AppError};
use shared::clock::Clock;
use shared::config::{Config, ConfigError, Environment, Section};
use shared::db::DbError;
use shared::domain::push::Notice;
use shared::ids::Ids;
use shared::secrets::SecretsManager;
use shared::services::push::tell;
use shared::telemetry::{self, Format};
use tracing::Level;

/// Why nobody is told.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The state cannot be built.
    #[error(transparent)]
    App(#[from] AppError),
    /// It cannot be written down.
    #[error("the notice cannot be written down")]
    Database(#[from] DbError),
}

/// Writes the notice down and prints how many it goes to.
pub async fn run(environment: &Environment, notice: &Notice) -> Result<(), NoticeError> {
    telemetry::init(Format::Text, Level::ERROR, std::io::stderr);
    let clock = Clock::system();
    let secrets = SecretsManager::new(clock.clone());
    let config = Config::load(environment, &[Section::Database], &secrets).await?;
    let app = App::new(config, clock, Ids::random())?;
    let told = tell::everyone(&app, &json!(notice)).await?;
    println!("{told} users are told within a minute: those who asked for a ticket in the last 24 hours");
    Ok(())
}
