//! The schedules of the local process: the same expressions that EventBridge is given.

use std::str::FromStr;

use croner::Cron;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A schedule expression that the local process cannot follow.
#[derive(Debug, thiserror::Error)]
#[error("{expression:?} is not a schedule that can run here: {why}")]
pub struct ScheduleError {
    expression: String,
    why: String,
}

/// When a task is due, in UTC.
#[derive(Debug, Clone)]
pub struct Schedule(Cron);

impl Schedule {
    /// Reads an EventBridge expression, `cron(minutes hours day-of-month month day-of-week year)`.
    ///
    /// Days of the week must be names: EventBridge counts them from Sunday = 1, cron from Sunday = 0.
    pub fn from_event_bridge(expression: &str) -> Result<Self, ScheduleError> {
        let refuse = |why: String| ScheduleError {
            expression: expression.to_owned(),
            why,
        };
        let fields: Vec<&str> = expression
            .strip_prefix("cron(")
            .and_then(|rest| rest.strip_suffix(')'))
            .map(|inner| inner.split_ascii_whitespace().collect())
            .unwrap_or_default();
        let [minutes, hours, day, month, weekday, "*"] = fields[..] else {
            return Err(refuse(
                "expected cron(minutes hours day month weekday *)".to_owned(),
            ));
        };
        if weekday.contains(|c: char| c.is_ascii_digit()) {
            return Err(refuse("name the days of the week".to_owned()));
        }
        let fields = [(minutes, 59), (hours, 23), (day, 31), (month, 12), (weekday, 7)];
        let as_cron = fields
            .map(|(field, last)| from_a_start(field, last))
            .join(" ")
            .replace('?', "*");
        Cron::from_str(&as_cron)
            .map(Self)
            .map_err(|error| refuse(error.to_string()))
    }

    /// The first time after `now`.
    pub fn next_after(&self, now: Timestamp) -> Option<Timestamp> {
        let zoned = now.to_zoned(TimeZone::UTC);
        self.0
            .find_next_occurrence(&zoned, false)
            .ok()
            .map(|next| next.timestamp())
    }
}

/// EventBridge's "from 2 on, every ten" (`2/10`) as cron writes it: `2-59/10`.
fn from_a_start(field: &str, last: u8) -> String {
    match field.split_once('/') {
        Some((start, step)) if start.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{start}-{last}/{step}")
        }
        _ => field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(expression: &str, now: &str) -> String {
        let schedule = Schedule::from_event_bridge(expression).unwrap();
        schedule.next_after(now.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn every_expression_of_the_bundle_comes_due_as_event_bridge_reads_it() {
        assert_eq!(
            next("cron(2/10 * * * ? *)", "2026-01-01T00:02:00Z"),
            "2026-01-01T00:12:00Z"
        );
        assert_eq!(
            next("cron(0/5 * * * ? *)", "2026-01-01T00:58:00Z"),
            "2026-01-01T01:00:00Z"
        );
        assert_eq!(
            next("cron(0 3 * * ? *)", "2026-01-01T03:00:00Z"),
            "2026-01-02T03:00:00Z"
        );
        assert_eq!(
            next("cron(7 * * * ? *)", "2026-01-01T00:06:59Z"),
            "2026-01-01T00:07:00Z"
        );
    }

    #[test]
    fn what_would_mean_something_else_here_is_refused() {
        for expression in [
            "rate(5 minutes)",
            "cron(0 3 ? * 1 *)",
            "cron(0 3 * * ?)",
            "cron(x * * * ? *)",
        ] {
            assert!(Schedule::from_event_bridge(expression).is_err(), "{expression}");
        }
    }
}
