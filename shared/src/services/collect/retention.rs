//! Room for the candles of the next months, and an end to those whose time is over.
//!
//! Part of every run of `collect-prices`: it is a look at the catalog unless there is something to do.

use crate::app::App;
use crate::db::admin;
use crate::domain::candles;
use crate::domain::market::Timeframe;

/// Keeps the partitions of every timeframe. What does not work now is left to the next run: room is
/// made three months ahead, so nothing is in a hurry.
pub(super) async fn keep(app: &App) -> Vec<String> {
    let now = app.clock.now();
    let room = (now, candles::room_until(now));
    let mut dropped = Vec::new();
    for timeframe in Timeframe::STORED {
        let since = candles::kept_since(timeframe, now);
        match admin::keep_partitions(&app.db, timeframe, since, room).await {
            Ok(names) => dropped.extend(names),
            Err(error) => tracing::warn!(
                timeframe = timeframe.as_str(),
                error = &error as &dyn std::error::Error,
                "the partitions are left to the next run"
            ),
        }
    }
    for partition in &dropped {
        tracing::info!(
            partition,
            "a partition was dropped: its candles are older than they are kept"
        );
    }
    dropped
}
