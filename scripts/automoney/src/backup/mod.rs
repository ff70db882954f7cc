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
    BackupError, Proof, RestoreOrder, Restored, Vault, carry_out, create, drill, find, list, sweep,
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
    let order = RestoreOrder {
        backup: options.backup,
        database: options.database.clone(),
        table: options.table.clone(),
        user: options.user.map(Into::into),
        overwrite: options.overwrite,
        confirm: options.confirm.clone(),
    };
    let meter = Meter::new();
    let told = |progress| meter.tell(progress);
    let restored = carry_out(app, vault, &order, None, &told).await?;
    print!("{}", summary(&restored));
    Ok(())
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
