//! Invalid indexes are repaired, bloated ones built anew.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use super::report::{Outcome, Rebuilt, Repaired};
use super::{Limits, Time, connect, expected};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::admin::{self, Apart, IndexSize};
use crate::db::{DbError, retention};

/// Bytes of table and index that are reckoned to be read, sorted and written in a second.
const REINDEX_RATE: u64 = 10_000_000;

/// For so long an index that hardly became smaller is not built anew again: the estimate is wrong there,
/// or its keys come in an order that leaves air.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Repairs what an interrupted CREATE INDEX or REINDEX left: its half-made copy is dropped, another
/// index built anew.
pub(super) async fn repair(
    app: &App,
    limits: &Limits,
    time: Time,
    repaired: &mut Vec<Repaired>,
) -> Result<(), DbError> {
    let apart = connect(app, limits.index_patience).await?;
    for index in admin::list_invalid_indexes(&apart).await? {
        let left = time.left();
        let outcome = if index.is_at_work {
            Outcome::BeingBuilt
        } else if left.is_zero() {
            Outcome::OutOfTime
        } else if index.is_leftover {
            outcome(&apart, admin::drop_invalid_index(&apart, &index.name, left).await)?
        } else {
            build(&apart, &index.name, time).await?
        };
        repaired.push(Repaired {
            index: index.name,
            table: index.table,
            is_leftover: index.is_leftover,
            outcome,
        });
    }
    Ok(())
}

/// Builds bloated indexes anew, those with the most air first. What would not end in time is not begun.
pub(super) async fn rebuild(
    app: &App,
    limits: &Limits,
    time: Time,
    rebuilt: &mut Vec<Rebuilt>,
) -> Result<(), DbError> {
    let apart = connect(app, limits.index_patience).await?;
    let mut bloated = admin::list_index_sizes(&apart).await?;
    bloated.retain(|index| is_bloated(index, limits));
    bloated.sort_by_key(|index| std::cmp::Reverse(index.air()));
    if bloated.is_empty() {
        return Ok(());
    }
    let reports = retention::list_reports(&app.db, app.clock.now() - REMEMBERED).await?;
    let in_vain = |name: &str| reports.iter().any(|report| was_in_vain(report, name));
    for index in bloated {
        let watch = Stopwatch::start();
        let needed = expected(index.table_bytes + index.bytes, REINDEX_RATE);
        let outcome = if in_vain(&index.index) {
            Outcome::InVain
        } else if time.left().is_zero() || needed > time.left() {
            Outcome::OutOfTime
        } else {
            build(&apart, &index.index, time).await?
        };
        let bytes_after = match outcome {
            Outcome::Done => admin::index_bytes(&apart, &index.index).await?,
            _ => None,
        };
        rebuilt.push(Rebuilt {
            index: index.index,
            table: index.table,
            bytes_before: index.bytes,
            needed_bytes: index.needed_bytes,
            bytes_after,
            outcome,
            ms: watch.elapsed_ms(),
        });
    }
    Ok(())
}

fn is_bloated(index: &IndexSize, limits: &Limits) -> bool {
    let air = index.air();
    air >= limits.bloat_bytes.max(1)
        && air.saturating_mul(100) >= index.bytes.saturating_mul(limits.bloat_pct)
}

/// Whether a report says that the index was built anew and kept more than nine tenths of its size.
fn was_in_vain(report: &Value, name: &str) -> bool {
    let rebuilt = report["rebuilt"].as_array();
    rebuilt.into_iter().flatten().any(|of| {
        let sizes = of["bytes_after"].as_i64().zip(of["bytes_before"].as_i64());
        of["index"] == name && sizes.is_some_and(|(after, before)| after * 10 > before * 9)
    })
}

/// Builds an index anew. What is half made when that ends early is taken away at once, while there is
/// time; else the next run finds it.
async fn build(apart: &Apart, name: &str, time: Time) -> Result<Outcome, DbError> {
    let outcome = outcome(apart, admin::reindex(apart, name, time.left()).await)?;
    if outcome != Outcome::Done {
        tidy(apart, name, time.left_to_tidy()).await?;
    }
    Ok(outcome)
}

async fn tidy(apart: &Apart, name: &str, left: Duration) -> Result<(), DbError> {
    for index in admin::list_invalid_indexes(apart).await? {
        if index.is_leftover && !index.is_at_work && index.name != name {
            outcome(apart, admin::drop_invalid_index(apart, &index.name, left).await)?;
        }
    }
    Ok(())
}

/// An error is the index's own, unless the connection is gone.
fn outcome(apart: &Apart, ended: Result<admin::Ended, DbError>) -> Result<Outcome, DbError> {
    match ended {
        Ok(ended) => Ok(ended.into()),
        Err(error) if apart.is_lost() => Err(error),
        Err(error) => Ok(Outcome::failed(&error)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn index(bytes: i64, needed_bytes: i64) -> IndexSize {
        IndexSize {
            index: "trades_pkey".to_owned(),
            table: "trades".to_owned(),
            bytes,
            needed_bytes,
            table_bytes: 0,
        }
    }

    #[test]
    fn an_index_is_bloated_by_share_and_by_bytes() {
        let limits = Limits {
            bloat_pct: 50,
            bloat_bytes: 1_000,
            ..Limits::default()
        };
        assert!(is_bloated(&index(2_000, 1_000), &limits));
        assert!(!is_bloated(&index(2_001, 1_001), &limits));
        assert!(!is_bloated(&index(1_000, 1), &limits));
        assert!(!is_bloated(&index(1_000, 5_000), &limits));
    }

    #[test]
    fn what_hardly_became_smaller_was_built_in_vain() {
        let report =
            |after: Value| json!({"rebuilt": [{"index": "a", "bytes_before": 100, "bytes_after": after}]});
        assert!(was_in_vain(&report(json!(91)), "a"));
        assert!(!was_in_vain(&report(json!(90)), "a"));
        assert!(!was_in_vain(&report(json!(91)), "b"));
        assert!(!was_in_vain(&report(Value::Null), "a"));
        assert!(!was_in_vain(&json!({}), "a"));
    }
}
