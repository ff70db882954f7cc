//! One metric's observations as they were known at T.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::{Freshness, Reading, Windows, of_observation};
use crate::domain::observations::{Metric, Observation};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The observations of one metric that are dated at or before T and were available at T, newest
/// first, one an instant.
///
/// Where the source revised a value, the revision learned last before T counts. Holes inside
/// on-chain history are filled day by day between their neighbours and marked; because both
/// neighbours are known at T, so is the fill, and the newest point is never a made one. Stored
/// interpolated points are not read: they are made again from what T knew.
/// Source: DOMAIN "Market inputs".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    metric: Metric,
    as_of: Timestamp,
    points: Vec<Observation>,
}

impl Series {
    /// The series of `metric` as of T, out of observations in any order and of any metric.
    pub fn at<'a>(
        metric: Metric,
        observations: impl IntoIterator<Item = &'a Observation>,
        as_of: Timestamp,
    ) -> Self {
        let mut by_date: BTreeMap<Timestamp, &Observation> = BTreeMap::new();
        for observation in observations {
            let is_known = observation.available_at <= as_of && observation.observed_at <= as_of;
            if observation.metric == metric && is_known && !observation.is_interpolated {
                by_date
                    .entry(observation.observed_at)
                    .and_modify(|kept| *kept = later_known(kept, observation))
                    .or_insert(observation);
            }
        }
        let mut points: Vec<Observation> = by_date.into_values().cloned().collect();
        if is_onchain(metric) {
            points = with_holes_filled(points);
        }
        points.reverse();
        Self {
            metric,
            as_of,
            points,
        }
    }

    /// The points, newest first.
    pub fn points(&self) -> &[Observation] {
        &self.points
    }

    /// The newest value; `None` when there is none or it is too old to be carried.
    pub fn newest(&self) -> Option<Reading> {
        let point = self.points.first()?;
        let freshness = of_observation(self.metric, point.observed_at, self.as_of)?;
        Some(Reading::of(point, freshness))
    }

    /// The newest value against the last one of the same source dated at or before its date - `days`.
    ///
    /// `None` when the newest is missing or nothing is dated that early. The earlier value counts as
    /// carried when it is interpolated, or older than the day it stands for by more than the
    /// metric's fresh window. Source: DOMAIN "Market inputs".
    pub fn change_over_days(&self, days: i64) -> Option<Change> {
        let newest = self.newest()?;
        // Two sources count the same thing in two ways: the step between them is no change.
        let mut points = self.points.iter().filter(|point| point.source == newest.source);
        let wanted = self
            .points
            .first()?
            .observed_at
            .checked_sub(DAY * i32::try_from(days).ok()?)
            .ok()?;
        let point = points.find(|point| point.observed_at <= wanted)?;
        let is_near = Windows::of_metric(self.metric).judge(wanted.duration_since(point.observed_at))
            == Some(Freshness::Fresh);
        let freshness = if is_near && !point.is_interpolated {
            Freshness::Fresh
        } else {
            Freshness::Carried
        };
        Some(Change {
            newest,
            earlier: Reading::of(point, freshness),
        })
    }
}

/// How a value moved: its newest reading and an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The newest value.
    pub newest: Reading,
    /// The value it is held against.
    pub earlier: Reading,
}

impl Change {
    /// The difference, in the series' unit. `None` when it is too large for a decimal.
    pub fn absolute(&self) -> Option<Decimal> {
        self.newest.value.checked_sub(self.earlier.value)
    }

    /// The difference in percent of the earlier value; `None` unless that is above zero.
    pub fn relative_pct(&self) -> Option<Decimal> {
        if self.earlier.value <= Decimal::ZERO {
            return None;
        }
        self.absolute()?
            .checked_mul(Decimal::ONE_HUNDRED)?
            .checked_div(self.earlier.value)
    }

    /// The worse of both ends.
    pub fn freshness(&self) -> Freshness {
        self.newest.freshness.or_worse(self.earlier.freshness)
    }
}

const fn is_onchain(metric: Metric) -> bool {
    matches!(
        metric,
        Metric::MvrvZScore
            | Metric::Nvt
            | Metric::ExchangeNetFlow
            | Metric::LongTermHolderSupply
            | Metric::ActiveAddresses
    )
}

/// Of two values for one instant, the one learned last. The remaining keys only make the choice
/// independent of the order in which the two are met.
fn later_known<'a>(one: &'a Observation, other: &'a Observation) -> &'a Observation {
    let order = one
        .available_at
        .cmp(&other.available_at)
        .then_with(|| one.realtime_start.cmp(&other.realtime_start))
        .then_with(|| one.source.cmp(&other.source))
        .then_with(|| one.value.cmp(&other.value));
    if order.is_lt() { other } else { one }
}

/// Puts a point on every missing day between two known ones. `points` is ordered oldest first.
fn with_holes_filled(points: Vec<Observation>) -> Vec<Observation> {
    let mut filled: Vec<Observation> = Vec::with_capacity(points.len());
    for point in points {
        // Between two sources lies a step, no line.
        if let Some(before) = filled
            .last()
            .filter(|before| before.source == point.source)
            .cloned()
        {
            let mut missing = before.observed_at.checked_add(DAY);
            while let Ok(instant) = missing
                && instant < point.observed_at
            {
                filled.extend(interpolated(&before, &point, instant));
                missing = instant.checked_add(DAY);
            }
        }
        filled.push(point);
    }
    filled
}

/// The point at `instant` on the straight line between two known ones.
fn interpolated(before: &Observation, after: &Observation, instant: Timestamp) -> Option<Observation> {
    let seconds = |from: Timestamp, to: Timestamp| Decimal::from(to.duration_since(from).as_secs());
    let rise = after.value.checked_sub(before.value)?;
    let part =
        seconds(before.observed_at, instant).checked_div(seconds(before.observed_at, after.observed_at))?;
    Some(Observation {
        metric: before.metric,
        observed_at: instant,
        value: before.value.checked_add(rise.checked_mul(part)?)?,
        available_at: before.available_at.max(after.available_at),
        source: after.source.clone(),
        realtime_start: None,
        is_interpolated: true,
    })
}
