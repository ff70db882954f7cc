//! How far a simulation has come, on standard error.

use std::time::Duration;

use jiff::Timestamp;
use shared::clock::Stopwatch;
use shared::services::simulate::Plan;

use crate::time_left::time_left;

/// How often it is told at most.
const PAUSE: Duration = Duration::from_secs(1);

/// Tells boundaries and the time that is left.
pub(super) struct Progress {
    is_wanted: bool,
    from: Timestamp,
    to: Timestamp,
    since: Stopwatch,
    told: Option<Duration>,
    boundaries: usize,
}

impl Progress {
    /// The clock starts now.
    pub(super) fn new(plan: &Plan, is_wanted: bool) -> Self {
        Self {
            is_wanted,
            from: plan.from,
            to: plan.to,
            since: Stopwatch::start(),
            told: None,
            boundaries: 0,
        }
    }

    /// A boundary is done.
    pub(super) fn tell(&mut self, as_of: Timestamp) {
        self.boundaries += 1;
        let elapsed = self.since.elapsed();
        let is_over = as_of >= self.to;
        let is_early = self.told.is_some_and(|told| elapsed < told + PAUSE);
        if !self.is_wanted || (is_early && !is_over) {
            return;
        }
        self.told = Some(elapsed);
        let seconds = |until: Timestamp| until.duration_since(self.from).as_secs().max(0).unsigned_abs();
        let (done, all) = (seconds(as_of), seconds(self.to).max(1));
        eprintln!("{}", line(self.boundaries, as_of, (done, all), elapsed.as_secs()));
    }
}

fn line(boundaries: usize, as_of: Timestamp, (done, all): (u64, u64), elapsed_s: u64) -> String {
    let left = time_left(elapsed_s, done, all);
    format!(
        "{boundaries} boundaries done, as of {as_of}, {} %, {left}",
        done * 100 / all
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_takes_as_long_as_what_is_done() {
        let as_of = "2024-03-01T00:00:00Z".parse().unwrap();
        let told = line(25, as_of, (25, 100), 10);
        assert_eq!(
            told,
            "25 boundaries done, as of 2024-03-01T00:00:00Z, 25 %, about 30 s left"
        );
        assert!(line(1, as_of, (0, 100), 0).ends_with("time left not known yet"));
    }
}
