//! `automoney lock`: the operator's lock on scheduled orders, from the command line.
//!
//! The same as the routes under `/api/v1/admin/locks`, for whoever has the database and no token.

use shared::config::{Environment, Section};
use shared::db::DbError;
use shared::services::operator::{self, Actor, LockView, OperatorError};
use shared::telemetry::{self, Format};
use tracing::Level;

use crate::cli::LockStep;
use crate::start::{self, StartError};

/// Why the lock is not set, lifted or shown.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It cannot begin.
    #[error(transparent)]
    Start(#[from] StartError),
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
    let sections = [Section::Database, Section::Cache];
    let app = start::app(environment, &sections).await?;
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
pub(crate) fn actor(name: &str) -> Actor {
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
