//! Rows whose time is over go, kind by kind and batch by batch.

use std::time::Duration;

use super::report::{Expired, Outcome};
use super::{EXPIRE_UNTIL_PCT, Limits, Time};
use crate::app::App;
use crate::db::DbError;
use crate::db::retention::{self, Batch};
use crate::domain::retention::Expiring;

/// No batch is begun with less time than this.
const LEAST: Duration = Duration::from_millis(20);

/// A batch that takes longer than this stands in somebody's way, or somebody in its.
const LONGEST: Duration = Duration::from_secs(20);

/// Deletes what is over as far as the time goes. Each batch is a transaction of its own, so whatever ends
/// the run loses nothing, and the next one goes on.
pub(super) async fn expire(
    app: &App,
    limits: &Limits,
    time: Time,
    expired: &mut Vec<Expired>,
) -> Result<(), DbError> {
    for rows in Expiring::ALL {
        let mut deleted = 0;
        let outcome = expire_one(app, limits, time, (rows, &mut deleted)).await;
        let is_lost =
            matches!(&outcome, Err(error) if error.is_unavailable() && error.contention().is_none());
        let (outcome, lost) = match outcome {
            Ok(outcome) => (outcome, None),
            Err(error) if is_lost => (Outcome::failed(&error), Some(error)),
            Err(error) => (Outcome::failed(&error), None),
        };
        if deleted > 0 {
            tracing::info!(?rows, deleted, "rows whose time was over were deleted");
        }
        match lost {
            // The rest would only wait for the same server.
            Some(error) => return Err(error),
            None => expired.push(Expired {
                rows,
                deleted,
                outcome,
            }),
        }
    }
    Ok(())
}

async fn expire_one(
    app: &App,
    limits: &Limits,
    time: Time,
    (rows, deleted): (Expiring, &mut u64),
) -> Result<Outcome, DbError> {
    loop {
        let left = time.left_until(EXPIRE_UNTIL_PCT);
        if left < LEAST {
            return Ok(Outcome::OutOfTime);
        }
        let batch = Batch {
            most: limits.batch,
            lock_patience: limits.lock_patience,
            patience: left.min(LONGEST),
        };
        match retention::delete(&app.db, rows, batch, app.clock.now()).await {
            Ok(0) => return Ok(Outcome::Done),
            Ok(more) => *deleted += more,
            // The statement's own time is what was left, so the next look at it says which of the two it was.
            Err(error) if error.contention().is_some() => {
                let is_late = time.left_until(EXPIRE_UNTIL_PCT) < LEAST;
                return Ok(if is_late {
                    Outcome::OutOfTime
                } else {
                    Outcome::Locked
                });
            }
            Err(error) => return Err(error),
        }
    }
}
