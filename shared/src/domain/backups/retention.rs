//! Which backups are kept: 30 days, then one a month for a year, and never less than a proven one.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::BackupId;

/// Every backup is kept for this long.
const ALL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The first one of each month is kept for this long: a year, leap days included.
const MONTHLY: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Objects without a manifest are what is left of a run that died; one that still writes is younger.
const ABANDONED: SignedDuration = SignedDuration::from_hours(24);

/// A backup in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Which one.
    pub id: BackupId,
    /// Whether it has a manifest: without one it was never finished.
    pub is_complete: bool,
    /// Whether a restore of it was proven.
    pub is_proven: bool,
}

/// Why a backup is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is younger than 30 days, or may still be at work.
    Recent,
    /// It is the first complete one of its month, in the last year.
    Monthly,
    /// It is the newest one whose restore was proven.
    NewestProven,
    /// It is the newest complete one, and none is proven.
    NewestComplete,
}

/// Why a backup is kept at a time; nothing when it goes.
pub fn kept(backup: Held, all: &[Held], now: Timestamp) -> Option<Kept> {
    let age = now.duration_since(backup.id.time());
    if !backup.is_complete {
        return (age < ABANDONED).then_some(Kept::Recent);
    }
    if age < ALL {
        return Some(Kept::Recent);
    }
    if newest(all, |held| held.is_proven) == Some(backup.id) {
        return Some(Kept::NewestProven);
    }
    let complete = newest(all, |held| held.is_complete);
    if !all.iter().any(|held| held.is_complete && held.is_proven) && complete == Some(backup.id) {
        return Some(Kept::NewestComplete);
    }
    let is_first = !all
        .iter()
        .any(|held| held.is_complete && held.id < backup.id && month(held.id) == month(backup.id));
    (age < MONTHLY && is_first).then_some(Kept::Monthly)
}

/// The backups that go at a time, the oldest first.
pub fn unneeded(all: &[Held], now: Timestamp) -> BTreeSet<BackupId> {
    all.iter()
        .filter(|backup| kept(**backup, all, now).is_none())
        .map(|backup| backup.id)
        .collect()
}

fn newest(all: &[Held], which: impl Fn(&Held) -> bool) -> Option<BackupId> {
    all.iter()
        .filter(|held| held.is_complete && which(held))
        .map(|held| held.id)
        .max()
}

fn month(id: BackupId) -> Date {
    id.time().to_zoned(TimeZone::UTC).date().first_of_month()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn noon() -> Timestamp {
        "2026-11-29T12:00:00Z".parse().unwrap()
    }

    fn held(days_ago: i64) -> Held {
        Held {
            id: BackupId::begun_at(noon() - SignedDuration::from_hours(24 * days_ago)),
            is_complete: true,
            is_proven: true,
        }
    }

    #[test]
    fn a_month_of_days_and_a_year_of_months_are_kept() {
        let daily: Vec<_> = (0..800).map(held).collect();

        let gone = unneeded(&daily, noon());
        let left: Vec<_> = daily.iter().filter(|backup| !gone.contains(&backup.id)).collect();

        // 30 days, and the first of each month from December 2025 to October 2026.
        assert_eq!(left.len(), 30 + 11);
        assert!(left.iter().skip(30).all(|backup| {
            let day = backup.id.time().to_zoned(TimeZone::UTC).date();
            day == day.first_of_month()
        }));
    }

    #[test]
    fn the_newest_proven_one_stays_whatever_its_age() {
        let mut all = vec![held(900), held(800), held(700)];
        all[1].is_proven = true;
        all[0].is_proven = false;
        all[2].is_proven = false;
        assert_eq!(unneeded(&all, noon()), BTreeSet::from([all[0].id, all[2].id]));

        all[1].is_proven = false;
        assert_eq!(unneeded(&all, noon()), BTreeSet::from([all[0].id, all[1].id]));
    }

    #[test]
    fn what_was_never_finished_goes_after_a_day_and_counts_for_nothing() {
        let mut all = vec![held(0), held(2), held(400)];
        all[0].is_complete = false;
        all[1].is_complete = false;
        assert_eq!(unneeded(&all, noon()), BTreeSet::from([all[1].id]));
    }

    proptest! {
        #[test]
        fn there_is_always_one_to_restore(
            backups in prop::collection::btree_map(0_i64..1000, (any::<bool>(), any::<bool>()), 1..60),
            later in 0_i64..1000,
        ) {
            let all: Vec<_> = backups
                .iter()
                .map(|(age, (is_complete, is_proven))| Held { is_complete: *is_complete, is_proven: *is_proven, ..held(*age) })
                .collect();
            let now = noon() + SignedDuration::from_hours(24 * later);
            let gone = unneeded(&all, now);
            let left = || all.iter().filter(|backup| !gone.contains(&backup.id) && backup.is_complete);

            prop_assert_eq!(all.iter().any(|backup| backup.is_complete), left().next().is_some());
            let newest_proven = newest(&all, |held| held.is_proven);
            prop_assert_eq!(newest_proven, newest_proven.filter(|id| left().any(|backup| backup.id == *id)));
            for backup in left() {
                prop_assert!(kept(*backup, &all, now).is_some());
            }
            for backup in &all {
                let is_young = backup.is_complete && now.duration_since(backup.id.time()) < ALL;
                prop_assert!(!is_young || !gone.contains(&backup.id));
            }
        }
    }
}
