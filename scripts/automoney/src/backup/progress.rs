//! How far a restore is, on standard error.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use shared::clock::Stopwatch;
use shared::services::backup::{Progress, Stage};

use crate::time_left::time_left;

/// How often it is told at most, but for the beginning of a stage.
const PAUSE: Duration = Duration::from_secs(1);

/// Tells stages, and the time that is left of each.
pub(super) struct Meter(Mutex<Told>);

struct Told {
    stage: Option<Stage>,
    since: Stopwatch,
    last: Duration,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Told {
            stage: None,
            since: Stopwatch::start(),
            last: Duration::ZERO,
        }))
    }

    /// Takes in how far it is, and says so when it is time to.
    pub(super) fn tell(&self, progress: Progress) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = told.stage != Some(progress.stage);
        if is_new {
            *told = Told {
                stage: Some(progress.stage),
                since: Stopwatch::start(),
                last: Duration::ZERO,
            };
        }
        let elapsed = told.since.elapsed();
        if is_new || progress.done == progress.all || elapsed >= told.last + PAUSE {
            told.last = elapsed;
            eprintln!("{}", line(progress, elapsed));
        }
    }
}

fn line(progress: Progress, elapsed: Duration) -> String {
    let what = progress.stage.as_str();
    if progress.stage == Stage::Schema {
        return what.to_owned();
    }
    let pct = (progress.done * 100).checked_div(progress.all).unwrap_or(100);
    let left = time_left(elapsed.as_secs(), progress.done, progress.all);
    format!("{what}: {pct} %, {left}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_takes_as_long_as_what_is_done() {
        let at = |done| Progress {
            stage: Stage::Rows,
            done,
            all: 400,
        };
        assert_eq!(
            line(at(100), Duration::from_secs(10)),
            "loading rows: 25 %, about 30 s left"
        );
        assert_eq!(
            line(at(0), Duration::ZERO),
            "loading rows: 0 %, time left not known yet"
        );
        assert_eq!(
            line(at(400), Duration::from_secs(40)),
            "loading rows: 100 %, about 0 s left"
        );
    }
}
