//! How long an invocation may still take.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Kept back from every promise of time left: writing down what was done must still be possible.
const RESERVE: SignedDuration = SignedDuration::from_secs(3);

/// 2000-01-01. Local emulators send deadlines in 1970; the platform never sends one in the past.
const EARLIEST: i64 = 946_684_800_000;

/// When the platform ends an invocation, if that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deadline(Option<Timestamp>);

impl Deadline {
    /// No deadline: the local process, an emulator.
    pub const fn none() -> Self {
        Self(None)
    }

    /// Ends at `end`.
    pub const fn at(end: Timestamp) -> Self {
        Self(Some(end))
    }

    /// From the platform's milliseconds since the epoch; nonsense counts as none.
    pub fn from_epoch_ms(milliseconds: u64) -> Self {
        let plausible = i64::try_from(milliseconds)
            .ok()
            .filter(|milliseconds| *milliseconds >= EARLIEST);
        Self(plausible.and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok()))
    }

    /// The moment the platform ends the invocation.
    pub const fn end(self) -> Option<Timestamp> {
        self.0
    }

    /// The time left for work at `now`, three seconds before the end; zero when there is none left,
    /// nothing when no end is known.
    pub fn remaining(self, now: Timestamp) -> Option<Duration> {
        self.0.map(|end| left(end, now, RESERVE))
    }

    /// `wanted`, cut to what remains at `now`.
    pub fn cut(self, wanted: Duration, now: Timestamp) -> Duration {
        self.remaining(now)
            .map_or(wanted, |remaining| remaining.min(wanted))
    }

    /// The time until `reserve` before the end.
    #[cfg(any(feature = "sockets", feature = "tasks"))]
    pub(crate) fn until(self, now: Timestamp, reserve: SignedDuration) -> Option<Duration> {
        self.0.map(|end| left(end, now, reserve))
    }
}

fn left(end: Timestamp, now: Timestamp, reserve: SignedDuration) -> Duration {
    Duration::try_from(end.duration_since(now) - reserve).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn three_seconds_are_kept_back() {
        let deadline = Deadline::at(noon() + SignedDuration::from_secs(60));

        assert_eq!(deadline.remaining(noon()), Some(Duration::from_secs(57)));
        assert_eq!(
            deadline.cut(Duration::from_secs(45), noon()),
            Duration::from_secs(45)
        );
        assert_eq!(
            deadline.cut(Duration::from_secs(90), noon()),
            Duration::from_secs(57)
        );
    }

    #[test]
    fn a_deadline_that_is_near_or_past_leaves_no_time() {
        let deadline = Deadline::at(noon());

        assert_eq!(
            deadline.remaining(noon() - SignedDuration::from_secs(3)),
            Some(Duration::ZERO)
        );
        assert_eq!(
            deadline.remaining(noon() + SignedDuration::from_hours(1)),
            Some(Duration::ZERO)
        );
    }

    #[test]
    fn a_deadline_in_1970_or_beyond_all_time_is_none() {
        for nonsense in [0, 600_000, 946_684_799_999, u64::MAX] {
            assert_eq!(Deadline::from_epoch_ms(nonsense), Deadline::none(), "{nonsense}");
        }
        assert_eq!(Deadline::none().remaining(noon()), None);
        assert_eq!(
            Deadline::none().cut(Duration::from_secs(45), noon()),
            Duration::from_secs(45)
        );
    }

    #[test]
    fn the_platforms_milliseconds_are_understood() {
        let milliseconds = u64::try_from(noon().as_millisecond()).unwrap();

        assert_eq!(Deadline::from_epoch_ms(milliseconds).end(), Some(noon()));
    }
}
