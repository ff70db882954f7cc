//! PostgreSQL: the pool, one module a noun, migrations and partitions.
//!
//! The SQL is in `queries/*.sql`; typed functions are generated from it into `generated/`. The
//! modules here turn rows into domain types and back, and know no rule. Names: `find_*` may be
//! absent, `list_*` is a list, `record_*` and `upsert_*` write and can be repeated.

pub mod accounts;
pub mod accounts_export;
pub mod admin;
pub mod attempts;
pub mod auth_events;
pub mod budget;
pub mod collection_logs;
pub mod costs;
pub mod decisions;
mod error;
pub mod executions;
pub mod flags;
pub mod job_runs;
pub mod ledger;
pub mod live_prices;
pub mod locks;
pub mod market_audits;
pub mod market_data;
pub mod market_gaps;
pub mod migrations;
pub mod model_answers;
pub mod modes;
pub mod observations;
pub mod operator_lock;
mod pool;
pub mod portfolios;
pub mod price_comparisons;
pub mod push;
pub mod rejected;
pub mod retention;
pub mod revisions;
pub mod sessions;
pub mod simulate;
pub mod strategies;
pub mod subscriptions;
mod tls;

use serde::{Deserialize, Serialize};

pub use deadpool_postgres::Transaction;
pub use error::{Contention, DbError};
pub use pool::{Connection, Db, begin, begin_reading, connect_once};

/// What became of rows that were written set-wise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Upserted {
    /// Rows that were not there before.
    pub inserted: u64,
    /// Rows that were there with other values.
    pub updated: u64,
    /// Rows that were there with the same values and were not touched.
    pub unchanged: u64,
}

impl Upserted {
    /// From what the statement counted, out of `given` rows.
    fn of(given: usize, inserted: i64, updated: i64) -> Self {
        let inserted = u64::try_from(inserted).unwrap_or_default();
        let updated = u64::try_from(updated).unwrap_or_default();
        Self {
            inserted,
            updated,
            unchanged: (given as u64).saturating_sub(inserted + updated),
        }
    }
}

impl std::ops::AddAssign for Upserted {
    fn add_assign(&mut self, other: Self) {
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
    }
}

/// Whether the database answers.
pub async fn ping(db: &Db) -> Result<(), DbError> {
    let connection = db.get().await?;
    db_queries::queries::operations::ping()
        .bind(&connection)
        .one()
        .await?;
    Ok(())
}
