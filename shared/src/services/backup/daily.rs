//! What the schedules do: a backup every day, looked at and the old ones thrown away; a drill every week.

use std::error::Error;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    BackupError, Created, Entry, Proof, ProofKind, State, Swept, Vault, create, drill, find, list, sweep,
    verify_light,
};
use crate::app::App;
use crate::domain::backups::BackupId;
use crate::telemetry;

/// What the database is of the largest that fits into one run, in percent.
const FITS_METRIC: &str = "BackupFitsPercent";

/// Days since a restore was last proven.
const DRILL_AGE_METRIC: &str = "RestoreDrillAgeDays";

/// 1 when a drill failed, else 0.
const DRILL_FAILED_METRIC: &str = "RestoreDrillFailed";

/// Hours since the newest complete backup was begun.
const AGE_METRIC: &str = "BackupAgeHours";

/// Told where no restore was ever proven: older than any alarm waits.
const NEVER: SignedDuration = SignedDuration::from_hours(24 * 3650);

/// What a day's run did.
#[derive(Debug, Serialize)]
pub struct Daily {
    /// The backup it made.
    pub created: Created,
    /// What came of looking at it.
    pub verified: Proof,
    /// What it threw away.
    pub swept: Swept,
    /// Days since a restore was last proven; null without one.
    pub days_since_drill: Option<i64>,
}

/// Why a day's or a week's run failed.
#[derive(Debug, thiserror::Error)]
pub enum DailyError {
    /// It could not be done.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The backup is not whole.
    #[error("the backup {} is not whole: {}", .0.backup, .0.findings.join("; "))]
    Damaged(Box<Proof>),
}

/// Makes a backup, looks at every byte of it, and throws away what nobody needs. Old backups go only when
/// the new one is whole.
pub async fn run_daily(app: &App, time_left: Option<Duration>) -> Result<Daily, DailyError> {
    let vault = Vault::of(app)?;
    // Boxed: the futures are deep, and the runner's around them are too.
    let created = Box::pin(create(app, &vault, time_left)).await?;
    publish(app, FITS_METRIC, Decimal::from(created.fits_pct));
    let (id, manifest) = find(&vault, created.backup.parse().ok()).await?;
    let verified = Box::pin(verify_light(app, &vault, id, &manifest)).await?;
    if !verified.passed {
        return Err(DailyError::Damaged(Box::new(verified)));
    }
    let swept = Box::pin(sweep(app, &vault)).await?;
    let days_since_drill = publish_ages(app, &swept.left);
    Ok(Daily {
        created,
        verified,
        swept,
        days_since_drill,
    })
}

/// Proves that the newest backup can be restored.
pub async fn run_weekly(app: &App) -> Result<Proof, DailyError> {
    let vault = Vault::of(app)?;
    let proven = async {
        let (id, manifest) = find(&vault, None).await?;
        drill(app, &vault, id, &manifest).await
    };
    let proof = Box::pin(proven).await;
    let failed = !proof.as_ref().is_ok_and(|proof| proof.passed);
    publish(app, DRILL_FAILED_METRIC, Decimal::from(u8::from(failed)));
    match list(&vault).await {
        Ok(entries) => {
            publish_ages(app, &entries);
        }
        Err(error) => tracing::warn!(
            error = &error as &dyn Error,
            "the age of the newest proof cannot be told"
        ),
    }
    match proof? {
        proof if proof.passed => Ok(proof),
        proof => Err(DailyError::Damaged(Box::new(proof))),
    }
}

/// When a restore was last proven, of any backup.
pub fn last_drill(entries: &[Entry]) -> Option<Timestamp> {
    entries
        .iter()
        .flat_map(|entry| &entry.proofs)
        .filter(|proof| proof.kind == ProofKind::Drill && proof.passed)
        .map(|proof| Timestamp::from(proof.at))
        .max()
}

fn newest(entries: &[Entry]) -> Option<BackupId> {
    let complete = entries
        .iter()
        .filter(|entry| matches!(entry.state, State::Complete(_)));
    complete.map(|entry| entry.id).max()
}

fn publish_ages(app: &App, entries: &[Entry]) -> Option<i64> {
    let now = app.clock.now();
    let since = |time: Option<Timestamp>| time.map_or(NEVER, |time| now.duration_since(time));
    let (drill, backup) = (last_drill(entries), newest(entries).map(BackupId::time));
    publish(
        app,
        DRILL_AGE_METRIC,
        Decimal::from(since(drill).as_hours()) / Decimal::from(24),
    );
    publish(app, AGE_METRIC, Decimal::from(since(backup).as_hours()));
    drill.map(|drill| now.duration_since(drill).as_hours() / 24)
}

fn publish(app: &App, name: &str, value: Decimal) {
    telemetry::metric(
        name,
        value.round_dp(2),
        app.config.core.stage.as_str(),
        app.clock.now(),
    );
}
