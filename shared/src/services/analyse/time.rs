//! How long asking models may take: an attempt, an agent, the whole run, each cut by the next.

use std::time::Duration;

use crate::clock::Stopwatch;
use crate::domain::models::Limits;

/// An attempt with less time than this would only be paid for and thrown away.
const TOO_SHORT: Duration = Duration::from_secs(1);

/// What is left of a run's time.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeLeft {
    watch: Stopwatch,
    allowed: Duration,
    attempt: Duration,
}

impl TimeLeft {
    /// A run's time, cut to what remains of its invocation, from which the margin is already taken.
    pub(super) fn begin(limits: &Limits, remaining: Option<Duration>) -> Self {
        Self {
            watch: Stopwatch::start(),
            allowed: remaining.map_or(limits.run, |remaining| remaining.min(limits.run)),
            attempt: limits.attempt,
        }
    }

    /// An agent's time, beginning now.
    pub(super) fn of_agent(self, limits: &Limits) -> Self {
        Self {
            watch: Stopwatch::start(),
            allowed: self.left().min(limits.agent),
            ..self
        }
    }

    fn left(&self) -> Duration {
        self.allowed.saturating_sub(self.watch.elapsed())
    }

    /// How long the next attempt may take; `None` when too little is left for one.
    pub(super) fn for_attempt(&self) -> Option<Duration> {
        let left = self.left().min(self.attempt);
        (left >= TOO_SHORT.min(self.attempt)).then_some(left)
    }

    /// Whether there is time for a pause and an attempt after it.
    pub(super) fn allows(&self, pause: Duration) -> bool {
        self.left() >= pause + TOO_SHORT.min(self.attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::committed_ladder;

    fn limits() -> Limits {
        *committed_ladder().unwrap().limits()
    }

    #[test]
    fn an_attempt_has_ten_seconds_and_less_when_less_is_left() {
        let of_run = |seconds| TimeLeft::begin(&limits(), Some(Duration::from_secs(seconds)));
        let attempt = |time: TimeLeft| time.of_agent(&limits()).for_attempt();
        assert!(attempt(TimeLeft::begin(&limits(), None)) <= Some(Duration::from_secs(10)));
        assert!(attempt(TimeLeft::begin(&limits(), None)) > Some(Duration::from_secs(9)));
        assert!(attempt(of_run(5)).unwrap() <= Duration::from_secs(5));
        assert_eq!(attempt(of_run(0)), None);
    }

    #[test]
    fn a_pause_must_leave_time_to_ask() {
        let time = TimeLeft::begin(&limits(), None).of_agent(&limits());
        assert!(time.allows(Duration::from_secs(20)));
        assert!(!time.allows(Duration::from_secs(30)));
    }
}
