//! VACUUM of every table, and a look at what the statistics say.

use super::report::{Outcome, Report, Vacuumed};
use super::{Limits, Time, VACUUM_UNTIL_PCT, connect, expected};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::DbError;
use crate::db::admin;

/// Bytes of a table that are reckoned to be vacuumed in a second: what a small volume reads.
const VACUUM_RATE: u64 = 25_000_000;

/// Tables whose size a report has.
const LARGEST: i64 = 10;

/// Vacuums and analyses table by table, those with the largest share of dead rows first. What would not
/// end in time is not begun.
pub(super) async fn vacuum(
    app: &App,
    limits: &Limits,
    time: Time,
    vacuumed: &mut Vec<Vacuumed>,
) -> Result<(), DbError> {
    let apart = connect(app, limits.lock_patience).await?;
    for table in admin::list_tables(&apart).await? {
        let watch = Stopwatch::start();
        let left = time.left_until(VACUUM_UNTIL_PCT);
        let outcome = if left.is_zero() || expected(table.bytes, VACUUM_RATE) > left {
            Outcome::OutOfTime
        } else {
            match admin::vacuum(&apart, &table, left).await {
                Ok(ended) => ended.into(),
                Err(error) if apart.is_lost() => return Err(error),
                Err(error) => Outcome::failed(&error),
            }
        };
        vacuumed.push(Vacuumed {
            table: table.name,
            dead: table.dead,
            live: table.live,
            outcome,
            ms: watch.elapsed_ms(),
        });
    }
    Ok(())
}

/// What takes room, what is not used and what is there twice. Told and left to a person: an index that
/// nobody scans may be there for the one query a year.
pub(super) async fn look(app: &App, limits: &Limits, report: &mut Report) -> Result<(), DbError> {
    let apart = connect(app, limits.lock_patience).await?;
    report.database_bytes = Some(admin::database_bytes(&apart).await?);
    report.largest = admin::list_largest_tables(&apart, LARGEST).await?;
    let (since, unused) = admin::list_unused_indexes(&apart).await?;
    report.scans_counted_since = since.map(Into::into);
    report.unused = unused;
    report.redundant = admin::list_redundant_indexes(&apart).await?;
    Ok(())
}
