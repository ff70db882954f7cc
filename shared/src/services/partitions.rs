//! Room for the candles of the next months, and an end to those whose time is over.
//!
//! Part of every run of `collect-prices` and of the daily maintenance: it is a look at the catalog
//! unless there is something to do.

use crate::app::App;
use crate::db::{DbError, admin};
use crate::domain::candles;
use crate::domain::market::Timeframe;

/// What was done, and what was not.
#[derive(Debug, Default)]
pub struct Kept {
    /// The partitions that were dropped.
    pub dropped: Vec<String>,
    /// Timeframes that are left to the next run, each with the reason.
    pub left: Vec<(Timeframe, DbError)>,
}

/// Keeps the partitions of every timeframe. What does not work now is left to the next run: room is
/// made three months ahead, so nothing is in a hurry.
pub async fn keep(app: &App) -> Kept {
    let now = app.clock.now();
    let room = (now, candles::room_until(now));
    let mut kept = Kept::default();
    for timeframe in Timeframe::STORED {
        let since = candles::kept_since(timeframe, now);
        match admin::keep_partitions(&app.db, timeframe, since, room).await {
            Ok(names) => kept.dropped.extend(names),
            Err(error) => {
                tracing::warn!(
                    timeframe = timeframe.as_str(),
                    error = &error as &dyn std::error::Error,
                    "the partitions are left to the next run"
                );
                kept.left.push((timeframe, error));
            }
        }
    }
    for partition in &kept.dropped {
        tracing::info!(
            partition,
            "a partition was dropped: its candles are older than they are kept"
        );
    }
    kept
}
