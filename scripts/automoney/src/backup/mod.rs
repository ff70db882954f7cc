//! `automoney backup`: backups are made, listed, verified, restored and thrown away by hand.
//!
//! The same as the scheduled functions do, for whoever has the database and the store, and what only a
//! person decides: restoring.

mod progress;
mod table;

use std::fmt::Write as _;

use shared::app::App;
use shared::config::{Environment, Section};
use shared::services::backup::{
    self, BackupError, Content, Proof, Restored, Selection, Target, Vault, create, drill, find, list, sweep,
    verify_light,
};
use shared::telemetry::{self, Format};
use tracing::Level;

use crate::cli::{BackupStep, RestoreOptions};
use crate::start::{self, StartError};

use progress::Meter;

/// Why a backup is not made, shown or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupCommandError {
    /// It cannot begin.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It failed.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The backup is not whole.
    #[error("the backup {0} is not whole")]
    NotWhole(String),
    /// Said once, or with another name.
    #[error("--overwrite replaces what is there: say the database's name again with --confirm {0}")]
    Unconfirmed(String),
    /// The outcome cannot be shown.
    #[error("the outcome cannot be shown")]
    Json(#[from] serde_json::Error),
}

/// Does one of them and prints what came of it.
pub async fn run(environment: &Environment, step: BackupStep) -> Result<(), BackupCommandError> {
    telemetry::init(Format::Text, Level::WARN, std::io::stderr);
    let sections = [Section::Database, Section::Backups];
    let app = start::app(environment, &sections).await?;
    let vault = Vault::of(&app)?;
    match step {
        BackupStep::Create { json } => {
            let created = create(&app, &vault, None).await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&created)?);
            } else {
                println!("{}", table::created(&created));
            }
        }
        BackupStep::List { json } => {
            let entries = list(&vault).await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&table::as_json(&entries))?);
            } else {
                print!("{}", table::listed(&entries));
            }
        }
        BackupStep::Verify { backup, drill: full } => {
            let (id, manifest) = find(&vault, backup).await?;
            let proof = if full {
                drill(&app, &vault, id, &manifest).await?
            } else {
                verify_light(&app, &vault, id, &manifest).await?
            };
            show(proof)?;
        }
        BackupStep::Restore(options) => restore(&app, &vault, &options).await?,
        BackupStep::Sweep => {
            let swept = sweep(&app, &vault).await?;
            for backup in &swept.deleted {
                println!("deleted {backup}");
            }
            println!(
                "{} kept, {} unfinished uploads given up",
                swept.kept, swept.uploads
            );
        }
    }
    Ok(())
}

/// Prints what came of looking at a backup; one that is not whole is an error.
fn show(proof: Proof) -> Result<(), BackupCommandError> {
    for finding in &proof.findings {
        println!("{finding}");
    }
    if !proof.passed {
        return Err(BackupCommandError::NotWhole(proof.backup));
    }
    println!(
        "{}: {} passed, {} rows, {} s",
        proof.backup,
        proof.kind.as_str(),
        proof.rows,
        proof.duration_ms / 1000
    );
    Ok(())
}

async fn restore(app: &App, vault: &Vault, options: &RestoreOptions) -> Result<(), BackupCommandError> {
    let (id, manifest) = find(vault, options.backup).await?;
    let name = options
        .database
        .clone()
        .unwrap_or_else(|| default_name(&manifest.database, &id.to_string()));
    let target = match (&options.confirm, options.overwrite) {
        (_, false) => Target::New(name),
        (Some(confirmed), true) if *confirmed == name => Target::Overwrite(name),
        (_, true) => return Err(BackupCommandError::Unconfirmed(name)),
    };
    let content = match (&options.table, options.user) {
        (Some(table), _) => Content::Some(Selection::Table(table.clone())),
        (None, Some(user)) => Content::Some(Selection::User(user.into())),
        (None, None) => Content::Whole,
    };
    let meter = Meter::new();
    let told = |progress| meter.tell(progress);
    let restored = backup::restore(app, vault, (id, &manifest), &content, &target, &told).await?;
    print!("{}", summary(&restored));
    Ok(())
}

/// `automoney_restored_20261129t030000`: what PostgreSQL takes without quotes and does not cut off.
fn default_name(database: &str, backup: &str) -> String {
    let moment = backup.split('.').next().unwrap_or(backup).to_lowercase();
    let short: String = database.chars().take_while(char::is_ascii).take(37).collect();
    format!("{short}_restored_{moment}")
}

fn summary(restored: &Restored) -> String {
    let mut text = String::new();
    for (table, rows) in &restored.rows {
        let _ = writeln!(text, "{rows:>12} {table}");
    }
    for key in &restored.left_out {
        let _ = writeln!(
            text,
            "left out, because what it points to was not restored: {key}"
        );
    }
    let _ = writeln!(
        text,
        "{} is in the database {}, after {} s",
        restored.backup,
        restored.database,
        restored.duration_ms / 1000
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restored_database_is_called_after_its_backup() {
        assert_eq!(
            default_name("automoney", "20261129T030000.000Z"),
            "automoney_restored_20261129t030000"
        );
    }
}
