//! `automoney lock`: the operator's lock on scheduled orders, from the command line.
//!
//! The same as the routes under `/api/v1/admin/locks`, for whoever has the database and no token.

use shared::app::{App, AppError};
use shared::clock::Clock;
use shared::config::{Config, ConfigError, Environment, Section};
use shared::db::DbError;
use shared::ids::Ids;
use shared::secrets::SecretsManager;
use shared::services::operator::{self, Actor, LockView, OperatorError};
use shared::telemetry::{self, Format};
use tracing::Level;

use crate::cli::LockStep;

/// Why the lock is not set, lifted or shown.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The state cannot be built.
    #[error(transparent)]
    App(#[from] AppError),
    /// It is refused.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// The locks cannot be read.
    #[error("the locks cannot be read")]
    Database(#[from] DbError),
}

/// Sets, lifts or lists, and prints what holds then.
pub async fn run(environment: &Environment, step: LockStep) -> Result<(), LockError> {
    telemetry::init(Format::Text, Level::ERROR, std::io::stderr);
    let clock = Clock::system();
    let secrets = SecretsManager::new(clock.clone());
    let sections = [Section::Database, Section::Cache];
    let config = Config::load(environment, &sections, &secrets).await?;
    let app = App::new(config, clock, Ids::random())?;
    match step {
        LockStep::Set { detail, until, by } => {
            println!(
                "{}",
                line(&operator::lock(&app, &actor(&by), &detail, until).await?)
            );
        }
        LockStep::Lift { by } => println!("{}", line(&operator::unlock(&app, &actor(&by)).await?)),
        LockStep::List => {
            let standing = operator::locks_in_force(&app).await?;
            if standing.is_empty() {
                println!("nothing locks scheduled orders");
            }
            for lock in &standing {
                println!("{}", line(lock));
            }
        }
    }
    Ok(())
}

/// The record names whoever says who they are: this machine knows no user of the platform.
fn actor(name: &str) -> Actor {
    Actor {
        user: None,
        session: None,
        name: name.to_owned(),
    }
}

fn line(lock: &LockView) -> String {
    let time = |name, time: Option<shared::domain::wire::Utc>| {
        time.map_or_else(String::new, |time| format!(" {name} {time}"))
    };
    format!(
        "{}{}{}: {}",
        lock.reason,
        time("since", lock.since),
        time("until", lock.until),
        lock.detail
    )
}
