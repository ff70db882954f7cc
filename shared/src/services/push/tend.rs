//! What the schedule does every minute: it delivers what is left, closes connections, deletes what is
//! old.

use std::error::Error;
use std::pin::pin;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use serde::Serialize;
use tokio::time::timeout;

use super::deliver::{Delivered, deliver};
use super::slots::Slots;
use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::DbError;
use crate::db::push::{connections, deliveries};
use crate::push::PushError;

/// Delivery may take all of the time but one part in so many: the rest closes and deletes.
const PARTS: u32 = 5;

/// Connections whose end is waited for at the same time; the places for calls are fewer.
const CLOSING: usize = 1_000;

/// Connections that are forgotten with one statement, when so many end together.
const TOGETHER: usize = 100;

/// Kept back when closing: what was closed must still be forgotten, and something deleted.
const RESERVE: Duration = Duration::from_millis(500);

/// Events that are deleted with one statement: a day's worth of all would hold its locks too long.
const PRUNED_AT_ONCE: u16 = 10_000;

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

/// Delivers first, because somebody waits for it; then closes and deletes as far as the time goes. What
/// goes wrong with one keeps nobody from the others.
pub async fn tend(app: &App, time_left: Duration) -> Result<Tended, DbError> {
    let started = Stopwatch::start();
    let left = || time_left.saturating_sub(started.elapsed());
    // Boxed: its future is large and its caller's would be too.
    let delivered = Box::pin(deliver(app, time_left.saturating_sub(time_left / PARTS))).await;
    let closed = close_stale(app, left).await;
    let pruned = prune(app, left).await;
    Ok(Tended {
        delivered: delivered?,
        closed: closed?,
        pruned: pruned?,
    })
}

/// Closes first and forgets then, each as its close ends: one that could not be closed is tried again a
/// minute later, until its time has been over for long.
async fn close_stale(app: &App, left: impl Fn() -> Duration) -> Result<usize, DbError> {
    let Some(push) = app.push.clone() else {
        return Ok(0);
    };
    let stale = connections::list_to_close(&app.db, app.clock.now()).await?;
    let slots = Slots::new(push);
    let closing = stream::iter(stale).map(|id| close(&slots, id));
    let mut ended = pin!(closing.buffer_unordered(CLOSING).ready_chunks(TOGETHER));
    let mut closed = 0;
    while let Ok(Some(together)) = timeout(left().saturating_sub(RESERVE), ended.next()).await {
        let together: Vec<String> = together.into_iter().flatten().collect();
        connections::forget(&app.db, &together).await?;
        closed += together.len();
    }
    let overdue = connections::forget_overdue(&app.db, app.clock.now()).await?;
    if overdue > 0 {
        tracing::warn!(overdue, "connections that could not be closed were forgotten");
    }
    Ok(closed)
}

/// Gives the connection back when it is over.
async fn close(slots: &Slots, id: String) -> Option<String> {
    match slots.close(&id).await {
        Ok(()) | Err(PushError::Gone) => Some(id),
        Err(error) => {
            tracing::warn!(
                connection = id,
                error = &error as &dyn Error,
                "a connection could not be closed"
            );
            None
        }
    }
}

async fn prune(app: &App, left: impl Fn() -> Duration) -> Result<u64, DbError> {
    let mut pruned = 0;
    loop {
        let batch = deliveries::prune(&app.db, app.clock.now(), PRUNED_AT_ONCE.into()).await?;
        pruned += batch;
        if batch < PRUNED_AT_ONCE.into() || left().is_zero() {
            return Ok(pruned);
        }
    }
}
