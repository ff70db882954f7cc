//! What the schedule does every minute: it closes connections, delivers what is left, deletes what is
//! old.

use std::error::Error;
use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;

use super::deliver::{Delivered, deliver};
use super::slots::Slots;
use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::DbError;
use crate::db::push::{connections, deliveries};
use crate::push::PushError;

/// What was done.
#[derive(Debug, Serialize)]
pub struct Tended {
    /// Connections that were closed: idle, at the end of their time, out of reach, of an ended session.
    pub closed: usize,
    /// What was delivered.
    pub delivered: Delivered,
    /// Events that were deleted for their age.
    pub pruned: u64,
}

/// Closes, delivers, deletes.
pub async fn tend(app: &App, time_left: Duration) -> Result<Tended, DbError> {
    let started = Stopwatch::start();
    let closed = close_stale(app).await?;
    let delivered = Box::pin(deliver(app, time_left.saturating_sub(started.elapsed()))).await?;
    let pruned = deliveries::prune(&app.db, app.clock.now()).await?;
    Ok(Tended {
        closed,
        delivered,
        pruned,
    })
}

/// Closes first and forgets then: one that could not be closed is tried again a minute later.
async fn close_stale(app: &App) -> Result<usize, DbError> {
    let Some(push) = app.push.clone() else {
        return Ok(0);
    };
    let stale = connections::list_to_close(&app.db, app.clock.now()).await?;
    let slots = Slots::new(push);
    let closing = stale.into_iter().map(async |id| match slots.close(&id).await {
        Ok(()) | Err(PushError::Gone) => Some(id),
        Err(error) => {
            tracing::warn!(
                connection = id,
                error = &error as &dyn Error,
                "a connection could not be closed"
            );
            None
        }
    });
    let closed: Vec<String> = join_all(closing).await.into_iter().flatten().collect();
    connections::forget(&app.db, &closed).await?;
    Ok(closed.len())
}
