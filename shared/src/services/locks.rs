//! Locks follow their causes: one is set when its cause appears and lifted when that ends.
//!
//! What the causes are is a matter of the domain and of those who see them; whoever holds a lock
//! back or shows it reads the table. An operator's lock is the operator's alone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::app::App;
use crate::db::{DbError, locks};
use crate::domain::costs::utc_day;
use crate::domain::decision::LockReason;
use crate::services::scores;

/// Sets the lock of a reason when there is a cause, lifts it when there is none. Tells whether that
/// changed anything.
pub async fn follow(app: &App, reason: LockReason, cause: Option<&str>) -> Result<bool, DbError> {
    let now = app.clock.now();
    let has_changed = match cause {
        Some(detail) => locks::set(&app.db, reason, detail, end_of(reason, now), now).await?,
        None => locks::lift(&app.db, reason, now).await?,
    };
    match cause {
        Some(detail) if has_changed => {
            tracing::warn!(reason = reason.as_str(), detail, "scheduled orders are locked");
        }
        None if has_changed => tracing::info!(reason = reason.as_str(), "a lock was lifted"),
        _ => {}
    }
    Ok(has_changed)
}

/// The same, and shows it with the newest scores.
pub async fn follow_and_show(app: &App, reason: LockReason, cause: Option<&str>) -> Result<(), DbError> {
    if follow(app, reason, cause).await? {
        scores::remember_all(app).await?;
    }
    Ok(())
}

/// When a lock ends by itself, where that is known: the budget is a UTC day's.
fn end_of(reason: LockReason, now: Timestamp) -> Option<Timestamp> {
    if reason != LockReason::Budget {
        return None;
    }
    let tomorrow = utc_day(now).tomorrow().ok()?;
    Some(tomorrow.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
