//! What is kept for how long: every table of the schema, by name. A test compares it with the schema.
//!
//! Says what is over and deletes nothing. Candles are dropped by the month, with what is known of
//! them: [`candles::kept_since`](super::candles::kept_since).

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::Serialize;

use super::{push, sessions};

/// How long a row is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Years of the calendar.
    Years(i64),
    /// Days of 24 hours.
    Days(i64),
    /// As long as those say that delete it every minute.
    Exactly(SignedDuration),
}

impl Lifetime {
    /// A row of before this time is over at `now`.
    pub fn over_before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Years(years) => now
                .to_zoned(TimeZone::UTC)
                .checked_sub(Span::new().years(years))
                .map_or(Timestamp::MIN, |then| then.timestamp()),
            Self::Days(days) => back(now, SignedDuration::from_hours(24 * days)),
            Self::Exactly(span) => back(now, span),
        }
    }
}

fn back(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}

/// Rows that are deleted when their time is over, in the order in which they go: first what names
/// others, then those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiring {
    /// Attempts of agents, by when they were made. Their sums by day stay.
    AgentLogs,
    /// What models said, by when. A score needs those of a day; longer they are the record of an
    /// execution, and kept as long as that.
    ModelAnswers,
    /// Executions with all they read, by T. What they decided is in `decisions`.
    Executions,
    /// Decisions by other weights than the strategy's own, by T: those that nobody traded and no
    /// subscription shows as its last one.
    Decisions,
    /// Calls to outside services, by when they were made. Their sums by day stay.
    CollectionLogs,
    /// Cost reports, by their day: they can be made again from the sums.
    CostReports,
    /// Reports of the maintenance, by the time they are for.
    MaintenanceReports,
    /// Rows that could not be stored, by when they were last sent.
    RejectedRows,
    /// Reservations of money whose cost is known, by when it was. The day's sum stays.
    SettledReservations,
    /// Reservations whose cost nobody knows, by when they were made: as long as the attempts they are
    /// of, for whoever compares with a bill. The day's sum stays.
    UnsettledReservations,
    /// Runs of jobs, by when they were begun, unless they may still be at work.
    JobRuns,
    /// Refresh tokens, by the end of their session: until then a replaced one must be known as such.
    RefreshTokens,
    /// Sessions, by their end.
    Sessions,
    /// Events for open WebSockets, by when they happened: `deliver-push` deletes them too, every minute.
    PushEvents,
    /// Open WebSockets, by when the gateway ended them: `deliver-push` forgets them too.
    PushConnections,
}

impl Expiring {
    /// Every kind, in the order in which they go.
    pub const ALL: [Self; 15] = [
        Self::AgentLogs,
        Self::ModelAnswers,
        Self::Executions,
        Self::Decisions,
        Self::CollectionLogs,
        Self::CostReports,
        Self::MaintenanceReports,
        Self::RejectedRows,
        Self::SettledReservations,
        Self::UnsettledReservations,
        Self::JobRuns,
        Self::RefreshTokens,
        Self::Sessions,
        Self::PushEvents,
        Self::PushConnections,
    ];

    /// The table that they are in.
    pub const fn table(self) -> &'static str {
        match self {
            Self::AgentLogs => "agent_execution_logs",
            Self::ModelAnswers => "model_answers",
            Self::Executions => "strategy_executions",
            Self::Decisions => "decisions",
            Self::CollectionLogs => "data_collection_logs",
            Self::CostReports => "cost_reports",
            Self::MaintenanceReports => "maintenance_reports",
            Self::RejectedRows => "rejected_observations",
            Self::SettledReservations | Self::UnsettledReservations => "model_reservations",
            Self::JobRuns => "job_runs",
            Self::RefreshTokens => "refresh_tokens",
            Self::Sessions => "sessions",
            Self::PushEvents => "push_outbox",
            Self::PushConnections => "push_connections",
        }
    }

    /// How long they are kept. Source: DOMAIN "Operations" for executions and logs.
    pub const fn lifetime(self) -> Lifetime {
        match self {
            Self::AgentLogs
            | Self::ModelAnswers
            | Self::Executions
            | Self::Decisions
            | Self::CollectionLogs
            | Self::CostReports
            | Self::MaintenanceReports
            | Self::UnsettledReservations => Lifetime::Years(2),
            Self::RejectedRows | Self::SettledReservations | Self::JobRuns => Lifetime::Days(90),
            Self::RefreshTokens | Self::Sessions => Lifetime::Days(30),
            Self::PushEvents => Lifetime::Exactly(push::KEPT_FOR),
            Self::PushConnections => Lifetime::Exactly(push::OVERDUE),
        }
    }

    /// A row of before this time is over at `now`.
    pub fn over_before(self, now: Timestamp) -> Timestamp {
        self.lifetime().over_before(now)
    }
}

/// Sessions that were over by `before` began before that, so their latest possible end lies before this.
pub fn latest_end(before: Timestamp) -> Timestamp {
    before.checked_add(sessions::LONGEST).unwrap_or(Timestamp::MAX)
}

/// A session that is not used since before this time was over by `before`.
pub fn unused_since(before: Timestamp) -> Timestamp {
    back(before, sessions::IDLE)
}

/// A run whose lease ran out so long ago is not taken over any more: its schedule has given up.
pub const DEAD_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The tables of which nothing is deleted for its age, each with the reason.
pub const KEPT: [(&str, &str); 25] = [
    ("agent_cost_days", "sums by day: what is left of the attempts"),
    (
        "agent_execution_days",
        "sums by day: what is left of the attempts",
    ),
    ("auth_events", "only ever added to, which a trigger sees to"),
    ("holdings", "a part of the book"),
    (
        "indicator_observations",
        "replays and simulations read them as of any T",
    ),
    ("live_prices", "one row for each asset and service"),
    ("locks", "few; they say why orders were not placed"),
    ("market_audits", "one row a series"),
    (
        "market_data",
        "years of longer candles for good; months of hours are dropped",
    ),
    (
        "market_data_revisions",
        "replays read them as of T; those of hours go with their month",
    ),
    (
        "market_gaps",
        "else the holes would be asked for again; those of hours go with their month",
    ),
    (
        "model_spend_days",
        "sums by day: what is left of the reservations",
    ),
    ("observation_revisions", "replays read them as of T"),
    ("portfolio_entries", "a part of the book"),
    ("portfolios", "a part of the book"),
    ("price_comparisons", "one row an asset"),
    ("push_streams", "one row a user: no number is given twice"),
    ("schema_migrations", "what the schema is"),
    ("source_call_days", "sums by day: what is left of the calls"),
    ("strategies", "a handful of rows"),
    ("subscriptions", "a part of the book"),
    ("system_flags", "a handful of rows"),
    ("trades", "a part of the book, and what users see"),
    ("users", "until they erase themselves"),
    // Deleted only where nothing depends on them.
    (
        "decisions",
        "the strategies' own are the prices of the equity curves; traded ones explain trades",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn every_kind_is_listed_once_and_in_order() {
        assert!(Expiring::ALL.is_sorted());
        assert_eq!(BTreeSet::from(Expiring::ALL).len(), Expiring::ALL.len());
        // What names others goes before them.
        let place = |kind| Expiring::ALL.iter().position(|known| *known == kind);
        assert!(place(Expiring::RefreshTokens) < place(Expiring::Sessions));
    }

    #[test]
    fn two_years_are_those_of_the_calendar() {
        let leap_day = Expiring::Executions.over_before(at("2028-02-29T04:00:00Z"));
        assert_eq!(leap_day, at("2026-02-28T04:00:00Z"));
        assert_eq!(
            Expiring::CollectionLogs.over_before(at("2026-11-29T04:00:00Z")),
            at("2024-11-29T04:00:00Z")
        );
    }

    #[test]
    fn days_are_of_24_hours() {
        assert_eq!(
            Expiring::JobRuns.over_before(at("2026-03-31T04:00:00Z")),
            at("2025-12-31T04:00:00Z")
        );
        assert_eq!(
            Expiring::PushConnections.over_before(at("2026-03-31T04:00:00Z")),
            at("2026-03-31T03:50:00Z")
        );
    }

    #[test]
    fn at_the_beginning_of_time_nothing_is_over() {
        for kind in Expiring::ALL {
            assert_eq!(kind.over_before(Timestamp::MIN), Timestamp::MIN, "{kind:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_over_stays_over_and_what_is_needed_is_never(
            second in 1_500_000_000_i64..4_000_000_000,
            later in 0_i64..100_000_000,
        ) {
            let now = Timestamp::from_second(second).unwrap();
            let then = now + SignedDuration::from_secs(later);
            for kind in Expiring::ALL {
                let before = kind.over_before(now);
                prop_assert!(before <= kind.over_before(then));
                prop_assert!(before <= now - SignedDuration::from_mins(10), "{kind:?}");
            }
            // A last result stands in for a day; a late settlement comes within a run.
            for kind in [Expiring::ModelAnswers, Expiring::SettledReservations, Expiring::JobRuns] {
                prop_assert!(kind.over_before(now) < now - SignedDuration::from_hours(24));
            }
        }

        #[test]
        fn a_session_that_was_over_is_found_by_its_latest_end(
            begun in 0_i64..4_000_000,
            used in 0_i64..4_000_000,
            ended in prop::option::of(0_i64..4_000_000),
            before in 0_i64..8_000_000,
        ) {
            let time = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
            let (created_at, before) = (time(begun), time(before));
            let expires_at = created_at + sessions::LONGEST;
            let last_used_at = time(begun + used).min(expires_at);
            let ended_at = ended.map(|after| time(begun + after));
            let over_at = sessions::over_at(last_used_at, expires_at);
            let over_at = ended_at.map_or(over_at, |ended| over_at.min(ended));

            let is_found = expires_at < latest_end(before)
                && (expires_at < before
                    || last_used_at < unused_since(before)
                    || ended_at.is_some_and(|ended| ended < before));

            prop_assert_eq!(is_found, over_at < before);
        }
    }
}
