//! `automoney mode`: the mode of operation, from the command line.
//!
//! The same as `/api/v1/admin/mode`, for whoever has the database and no token: in maintenance nobody gets
//! a new one.

use jiff::SignedDuration;
use shared::config::{Environment, Section};
use shared::db::DbError;
use shared::domain::modes::{Mode, Wish, WrongWish};
use shared::services::modes::{self, ModeView};
use shared::telemetry::{self, Format};
use tracing::Level;

use crate::cli::ModeOptions;
use crate::lock::actor;
use crate::notice::of_told;
use crate::start::{self, StartError};
use crate::user::operator_named;

/// Why the mode is not set or shown.
#[derive(Debug, thiserror::Error)]
pub enum ModeCommandError {
    /// It cannot begin.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Nobody says who sets it.
    #[error("who are you? say it with --as NAME: it is written down beside the mode")]
    NoName,
    /// It cannot be set so.
    #[error(transparent)]
    Wrong(#[from] WrongWish),
    /// The mode cannot be read or written.
    #[error("the mode cannot be read or set")]
    Database(#[from] DbError),
}

/// Sets the mode or shows it, and prints what holds then.
pub async fn run(environment: &Environment, options: ModeOptions) -> Result<(), ModeCommandError> {
    telemetry::init(Format::Text, Level::ERROR, std::io::stderr);
    let app = start::app(environment, &[Section::Database]).await?;
    let Some(mode) = options.mode else {
        print(&modes::show(&app).await?);
        return Ok(());
    };
    let operator = operator_named(environment, options.name).ok_or(ModeCommandError::NoName)?;
    let by = actor(operator.name());
    let now = app.clock.now();
    let in_minutes = options
        .minutes
        .map(|minutes| now + SignedDuration::from_mins(minutes.into()));
    let wish = Wish::new(mode, options.notice.as_deref(), options.until.or(in_minutes), now)?;
    let set = modes::set(&app, &by, &wish).await?;
    print(&set);
    match set.told {
        Some(told) => println!("{}", of_told(told)),
        None => println!("nobody is told: it was set before, or see above"),
    }
    if set.mode != Mode::Normal {
        println!("every process follows within 5 s; a task that is at work ends first: see job_runs");
    }
    Ok(())
}

fn print(view: &ModeView) {
    let part =
        |name: &str, what: Option<String>| what.map_or_else(String::new, |what| format!(" {name} {what}"));
    println!(
        "{}{}{}{}{}",
        view.mode,
        part("since", view.since.map(|since| since.to_string())),
        part("until", view.until.map(|until| until.to_string())),
        part("by", view.set_by.clone()),
        view.notice
            .as_ref()
            .map_or_else(String::new, |notice| format!(": {notice}"))
    );
    if !view.database_takes_writes {
        println!("the database takes no writes: the API refuses changes by itself until it does");
    }
}
