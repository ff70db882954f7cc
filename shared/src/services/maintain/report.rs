//! What a run did and found, whole for whoever looks closer, and in lines for whoever reads it daily.

use jiff::Timestamp;
use serde::Serialize;

use crate::db::DbError;
use crate::db::admin::{Ended, Redundant, TableSize, Unused};
use crate::domain::retention::Expiring;
use crate::domain::wire::Utc;
use crate::telemetry;

/// Names in a line of the summary; the report has all.
const NAMED: usize = 5;

/// How a part of the work ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// Left to the next run: somebody held a lock.
    Locked,
    /// Left to the next run: there was no time.
    OutOfTime,
    /// Left alone: somebody builds an index of the table now.
    BeingBuilt,
    /// Left alone: it was built anew lately, and hardly became smaller.
    InVain,
    /// It failed.
    Failed(String),
}

impl Outcome {
    /// Whether the next run should do it.
    pub const fn is_left(&self) -> bool {
        matches!(self, Self::Locked | Self::OutOfTime | Self::BeingBuilt)
    }

    pub(super) fn failed(error: &DbError) -> Self {
        Self::Failed(telemetry::chain(error).join(": "))
    }

    const fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Locked => "locked",
            Self::OutOfTime => "no time",
            Self::BeingBuilt => "being built",
            Self::InVain => "rebuilt in vain lately",
            Self::Failed(_) => "failed",
        }
    }
}

impl From<Ended> for Outcome {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Done => Self::Done,
            Ended::Locked => Self::Locked,
            Ended::OutOfTime => Self::OutOfTime,
        }
    }
}

/// What was over of one kind of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expired {
    /// Which kind.
    pub rows: Expiring,
    /// Rows that were deleted.
    pub deleted: u64,
    /// Whether that was all.
    pub outcome: Outcome,
}

/// An invalid index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repaired {
    /// Its name.
    pub index: String,
    /// The table it is of.
    pub table: String,
    /// Dropped as the leftover that it was; else it was built anew.
    pub is_leftover: bool,
    /// What became of it.
    pub outcome: Outcome,
}

/// A table of which somebody has vacuumed what nobody sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vacuumed {
    /// Which table.
    pub table: String,
    /// Dead rows before.
    pub dead: i64,
    /// Rows.
    pub live: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// How long it took.
    pub ms: i64,
}

/// A bloated index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Its name.
    pub index: String,
    /// The table it is of.
    pub table: String,
    /// Its size before.
    pub bytes_before: i64,
    /// What it was estimated to need.
    pub needed_bytes: i64,
    /// Its size afterwards; nothing where it was not built anew.
    pub bytes_after: Option<i64>,
    /// What became of it.
    pub outcome: Outcome,
    /// How long it took.
    pub ms: i64,
}

/// A step that failed, or what failed in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepFailure {
    /// Which.
    pub step: String,
    /// The error and its causes.
    pub why: String,
}

/// One run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// When the schedule says it is for.
    pub scheduled_at: Utc,
    /// When it began.
    pub began_at: Utc,
    /// When it ended.
    pub ended_at: Utc,
    /// What matters of it, for people.
    pub summary: Vec<String>,
    /// What failed.
    pub failures: Vec<StepFailure>,
    /// The room that the database takes; nothing where nobody could ask.
    pub database_bytes: Option<i64>,
    /// The largest tables.
    pub largest: Vec<TableSize>,
    /// Partitions whose candles were over.
    pub partitions_dropped: Vec<String>,
    /// Rows that were over.
    pub expired: Vec<Expired>,
    /// Runs of jobs that had died and that nobody took over.
    pub dead_runs: u64,
    /// Invalid indexes.
    pub repaired: Vec<Repaired>,
    /// Tables, in the order in which they were vacuumed.
    pub vacuumed: Vec<Vacuumed>,
    /// Bloated indexes.
    pub rebuilt: Vec<Rebuilt>,
    /// Since when scans are counted; nothing when the count was never reset.
    pub scans_counted_since: Option<Utc>,
    /// Indexes that were not scanned since then.
    pub unused: Vec<Unused>,
    /// Indexes whose work another one does.
    pub redundant: Vec<Redundant>,
}

impl Report {
    pub(super) fn begun(scheduled_at: Timestamp, now: Timestamp) -> Self {
        Self {
            scheduled_at: scheduled_at.into(),
            began_at: now.into(),
            ended_at: now.into(),
            summary: Vec::new(),
            failures: Vec::new(),
            database_bytes: None,
            largest: Vec::new(),
            partitions_dropped: Vec::new(),
            expired: Vec::new(),
            dead_runs: 0,
            repaired: Vec::new(),
            vacuumed: Vec::new(),
            rebuilt: Vec::new(),
            scans_counted_since: None,
            unused: Vec::new(),
            redundant: Vec::new(),
        }
    }

    /// Notes a step that failed.
    pub(super) fn note(&mut self, step: &str, outcome: Result<(), DbError>) {
        if let Err(error) = outcome {
            self.note_default::<()>(step, &error);
        }
    }

    /// The same; gives what stands for its result.
    pub(super) fn note_default<T: Default>(&mut self, step: &str, error: &DbError) -> T {
        tracing::error!(
            step,
            error = error as &dyn std::error::Error,
            "a step of the maintenance failed"
        );
        self.failures.push(StepFailure {
            step: step.to_owned(),
            why: telemetry::chain(error).join(": "),
        });
        T::default()
    }

    /// Everything that was tried, with its name and what became of it.
    fn tried(&self) -> impl Iterator<Item = (&'static str, &str, &Outcome)> {
        let expired = self
            .expired
            .iter()
            .map(|of| ("rows", of.rows.table(), &of.outcome));
        let repaired = self
            .repaired
            .iter()
            .map(|of| ("index", of.index.as_str(), &of.outcome));
        let vacuumed = self
            .vacuumed
            .iter()
            .map(|of| ("vacuum", of.table.as_str(), &of.outcome));
        let rebuilt = self
            .rebuilt
            .iter()
            .map(|of| ("reindex", of.index.as_str(), &of.outcome));
        expired.chain(repaired).chain(vacuumed).chain(rebuilt)
    }

    /// How much is left to the next run.
    pub fn left(&self) -> usize {
        self.tried().filter(|(.., outcome)| outcome.is_left()).count()
    }

    /// Names what failed on the way, and sums everything up.
    pub(super) fn end(&mut self, now: Timestamp) {
        let failed = |(kind, name, outcome): (&str, &str, &Outcome)| match outcome {
            Outcome::Failed(why) => Some(StepFailure {
                step: format!("{kind} {name}"),
                why: why.clone(),
            }),
            _ => None,
        };
        let failed: Vec<StepFailure> = self.tried().filter_map(failed).collect();
        self.failures.extend(failed);
        self.ended_at = now.into();
        self.summary = self.summed_up();
    }

    fn summed_up(&self) -> Vec<String> {
        let mut lines = vec![self.size_line()];
        let deleted: Vec<String> = self
            .expired
            .iter()
            .filter(|of| of.deleted > 0)
            .map(|of| format!("{} {}", of.deleted, of.rows.table()))
            .collect();
        lines.push(listed("Deleted", &deleted, deleted.len()));
        if !self.partitions_dropped.is_empty() {
            let dropped = &self.partitions_dropped;
            lines.push(listed("Partitions dropped", dropped, dropped.len()));
        }
        if self.dead_runs > 0 {
            lines.push(format!("Runs of jobs that had died: {}.", self.dead_runs));
        }
        let repaired: Vec<String> = self
            .repaired
            .iter()
            .map(|of| match (&of.outcome, of.is_leftover) {
                (Outcome::Done, true) => format!("{} dropped", of.index),
                (Outcome::Done, false) => format!("{} rebuilt", of.index),
                (other, _) => format!("{} {}", of.index, other.word()),
            })
            .collect();
        if !repaired.is_empty() {
            lines.push(listed("Invalid indexes", &repaired, repaired.len()));
        }
        let done = self.vacuumed.iter().filter(|of| of.outcome == Outcome::Done);
        let dead: i64 = done.clone().map(|of| of.dead).sum();
        lines.push(format!("Vacuumed {} tables with {dead} dead rows.", done.count()));
        let rebuilt: Vec<String> = self.rebuilt.iter().map(rebuilt_text).collect();
        lines.push(listed("Bloated indexes", &rebuilt, rebuilt.len()));
        let left: Vec<String> = self
            .tried()
            .filter(|(.., outcome)| outcome.is_left())
            .map(|(kind, name, outcome)| format!("{kind} {name} ({})", outcome.word()))
            .collect();
        if !left.is_empty() {
            lines.push(listed("Left to the next run", &left, NAMED));
        }
        lines.push(self.unused_line());
        let redundant: Vec<String> = self
            .redundant
            .iter()
            .map(|of| {
                let how = if of.is_duplicate {
                    "the same as"
                } else {
                    "begins like"
                };
                format!("{} ({how} {})", of.index, of.covered_by)
            })
            .collect();
        if !redundant.is_empty() {
            lines.push(listed("Redundant indexes", &redundant, NAMED));
        }
        let failed: Vec<String> = self
            .failures
            .iter()
            .map(|failure| format!("{}: {}", failure.step, failure.why))
            .collect();
        if !failed.is_empty() {
            lines.push(listed("FAILED", &failed, failed.len()));
        }
        lines
    }

    fn size_line(&self) -> String {
        let Some(bytes) = self.database_bytes else {
            return "The size of the database is not known.".to_owned();
        };
        let largest: Vec<String> = self
            .largest
            .iter()
            .map(|of| {
                format!(
                    "{} {} + {} of indexes",
                    of.table,
                    mebibytes(of.bytes),
                    mebibytes(of.index_bytes)
                )
            })
            .collect();
        listed(
            &format!("The database takes {}; the largest tables", mebibytes(bytes)),
            &largest,
            3,
        )
    }

    fn unused_line(&self) -> String {
        let since = self.scans_counted_since.map_or_else(
            || "ever".to_owned(),
            |since| format!("since {}", Timestamp::from(since)),
        );
        let names: Vec<String> = self
            .unused
            .iter()
            .map(|of| format!("{} {}", of.index, mebibytes(of.bytes)))
            .collect();
        listed(&format!("Indexes not scanned {since}"), &names, NAMED)
    }
}

fn rebuilt_text(of: &Rebuilt) -> String {
    match of.bytes_after {
        Some(after) => format!(
            "{} {} -> {}",
            of.index,
            mebibytes(of.bytes_before),
            mebibytes(after)
        ),
        None => format!(
            "{} {}, needs {} ({})",
            of.index,
            mebibytes(of.bytes_before),
            mebibytes(of.needed_bytes),
            of.outcome.word()
        ),
    }
}

/// `Title: a, b and 3 more.`
fn listed(title: &str, items: &[String], most: usize) -> String {
    let shown = items.get(..most).unwrap_or(items);
    match (shown, items.len() - shown.len()) {
        ([], _) => format!("{title}: none."),
        (shown, 0) => format!("{title}: {}.", shown.join(", ")),
        (shown, more) => format!("{title}: {} and {more} more.", shown.join(", ")),
    }
}

/// With one decimal.
fn mebibytes(bytes: i64) -> String {
    let tenths = (bytes * 10 + (1 << 19)) >> 20;
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_one_decimal() {
        for (bytes, text) in [
            (0, "0.0 MiB"),
            (52_429, "0.1 MiB"),
            (1_048_576, "1.0 MiB"),
            (1_992_295, "1.9 MiB"),
            (1_073_741_824, "1024.0 MiB"),
        ] {
            assert_eq!(mebibytes(bytes), text);
        }
    }

    #[test]
    fn a_line_names_a_few_and_counts_the_rest() {
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed("Left", &names, 5), "Left: a, b, c.");
        assert_eq!(listed("Left", &names, 2), "Left: a, b and 1 more.");
        assert_eq!(listed("Left", &[], 2), "Left: none.");
    }

    #[test]
    fn a_run_is_summed_up_in_lines_that_a_person_reads() {
        let at: Timestamp = "2026-11-29T04:00:00Z".parse().unwrap();
        let mut report = Report::begun(at, at);
        report.database_bytes = Some(52 << 20);
        report.largest = vec![TableSize {
            table: "market_data".to_owned(),
            bytes: 20 << 20,
            index_bytes: 5 << 20,
        }];
        report.expired = vec![
            Expired {
                rows: Expiring::JobRuns,
                deleted: 12,
                outcome: Outcome::Done,
            },
            Expired {
                rows: Expiring::Sessions,
                deleted: 0,
                outcome: Outcome::Locked,
            },
        ];
        report.repaired = vec![Repaired {
            index: "trades_pkey_ccnew".to_owned(),
            table: "trades".to_owned(),
            is_leftover: true,
            outcome: Outcome::Done,
        }];
        report.vacuumed = vec![
            Vacuumed {
                table: "trades".to_owned(),
                dead: 70,
                live: 300,
                outcome: Outcome::Done,
                ms: 4,
            },
            Vacuumed {
                table: "users".to_owned(),
                dead: 1,
                live: 300,
                outcome: Outcome::Failed("a page is broken".to_owned()),
                ms: 4,
            },
        ];
        let rebuilt = Rebuilt {
            index: "trades_pkey".to_owned(),
            table: "trades".to_owned(),
            bytes_before: 30 << 20,
            needed_bytes: 9 << 20,
            bytes_after: Some(10 << 20),
            outcome: Outcome::Done,
            ms: 900,
        };
        report.rebuilt = vec![
            rebuilt.clone(),
            Rebuilt {
                index: "trades_once".to_owned(),
                bytes_after: None,
                outcome: Outcome::OutOfTime,
                ..rebuilt
            },
        ];
        report.scans_counted_since = Some(at.into());

        report.end(at);

        assert_eq!(
            report.summary,
            [
                "The database takes 52.0 MiB; the largest tables: market_data 20.0 MiB + 5.0 MiB of indexes.",
                "Deleted: 12 job_runs.",
                "Invalid indexes: trades_pkey_ccnew dropped.",
                "Vacuumed 1 tables with 70 dead rows.",
                "Bloated indexes: trades_pkey 30.0 MiB -> 10.0 MiB, trades_once 30.0 MiB, needs 9.0 MiB (no time).",
                "Left to the next run: rows sessions (locked), reindex trades_once (no time).",
                "Indexes not scanned since 2026-11-29T04:00:00Z: none.",
                "FAILED: vacuum users: a page is broken.",
            ]
        );
        assert_eq!(report.left(), 2);
        assert_eq!(report.failures.len(), 1);
    }
}
