//! The money that a UTC day's model calls may cost.
//!
//! Before a call its worst case is reserved; after it the reservation becomes what it has cost. So
//! what was spent and what may still be spent never exceed the cap together, however many processes
//! call. A reservation that nobody settles stays counted until its day ends: its process may have died
//! after the provider had billed the call. Knows no prices and no cap of its own.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use uuid::Uuid;

use db_queries::queries::costs as queries;

use super::attempts::{Attempt, Of};
use super::{Db, DbError};

/// What a day's calls have taken out of its budget, in USD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    /// By calls whose cost is known.
    pub settled: Decimal,
    /// By calls on their way, at worst, and by those that nobody settled.
    pub reserved: Decimal,
}

impl Spent {
    /// What counts against the cap.
    pub fn total(&self) -> Decimal {
        self.settled + self.reserved
    }
}

/// Reserves `amount` USD of `day`, which is the UTC day of `now`. False when settled, reserved and
/// `amount` together exceed `cap`: nothing is reserved then and the call must not be made.
pub async fn reserve(
    db: &Db,
    id: Uuid,
    day: Date,
    amount: Decimal,
    cap: Decimal,
    now: Timestamp,
) -> Result<bool, DbError> {
    let connection = db.get().await?;
    let granted = queries::reserve()
        .bind(&connection, &day, &amount, &cap, &id, &now)
        .await?;
    Ok(granted > 0)
}

/// Turns a reservation into what its call has cost, on the day it was reserved, and writes the attempt
/// down as of the time it was reserved. False when the reservation was settled before, or the
/// attempt is known: nothing changes then.
pub async fn settle(
    db: &Db,
    reservation_id: Uuid,
    of: Of<'_>,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<bool, DbError> {
    let connection = db.get().await?;
    let settled = queries::settle()
        .bind(
            &connection,
            &reservation_id,
            &attempt.id,
            &of.execution_id,
            &of.strategy_id,
            &attempt.agent.as_str(),
            &attempt.provider.as_str(),
            &attempt.model.as_str(),
            &attempt.prompt_version.as_deref(),
            &attempt.status.as_str(),
            &attempt.input_tokens,
            &attempt.cache_write_tokens,
            &attempt.cached_tokens,
            &attempt.output_tokens,
            &attempt.cost,
            &attempt.latency_ms,
            &attempt.is_cache_hit,
            &attempt.error.as_deref(),
            &now,
        )
        .await?;
    Ok(settled > 0)
}

/// What a day's calls have taken so far.
pub async fn spent(db: &Db, day: Date) -> Result<Spent, DbError> {
    let connection = db.get().await?;
    let row = queries::spent().bind(&connection, &day).opt().await?;
    Ok(row.map_or_else(Spent::default, |row| Spent {
        settled: row.settled,
        reserved: row.reserved,
    }))
}
