//! Answers that are lists, read row by row: a row that cannot be used does not spoil the others.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::Reported;
use crate::domain::rejection::{RejectedRow, Rejection, Rows};

/// Why a row is refused, and the time it says it is of.
pub(super) struct Refused {
    dated: Option<Timestamp>,
    reason: Rejection,
}

impl Refused {
    /// A row that has not the documented form.
    pub(super) const SHAPE: Self = Self {
        dated: None,
        reason: Rejection::Shape,
    };

    /// A row of a time.
    pub(super) fn at(time: Timestamp, reason: impl Into<Rejection>) -> Self {
        Self {
            dated: Some(time),
            reason: reason.into(),
        }
    }
}

/// Reads rows in their order; `one` gives nothing for a row that says nothing. Of two rows of one time the first counts.
pub(super) fn read<T>(
    rows: &[Box<RawValue>],
    time: fn(&T) -> Timestamp,
    one: impl Fn(&RawValue) -> Result<Option<T>, Refused>,
) -> Rows<T> {
    let mut read = Rows::default();
    let mut seen = BTreeSet::new();
    for row in rows {
        let outcome = one(row).and_then(|value| match value {
            Some(value) if !seen.insert(time(&value)) => Err(Refused::at(time(&value), Rejection::Duplicate)),
            value => Ok(value),
        });
        match outcome {
            Ok(value) => read.accepted.extend(value),
            Err(Refused { dated, reason }) => {
                read.rejected.push(RejectedRow::new(dated, reason, row.get()));
            }
        }
    }
    read
}

/// Reads dated values. `one` gives nothing for a row without a value; `accept` says what may be stored.
pub(super) fn read_values(
    accept: impl Fn(&Reported) -> Result<(), Rejection>,
    rows: &[Box<RawValue>],
    one: impl Fn(&RawValue) -> Result<Option<Reported>, Refused>,
) -> Rows<Reported> {
    read(
        rows,
        |reported: &Reported| reported.observed_at,
        |row| {
            let Some(reported) = one(row)? else {
                return Ok(None);
            };
            accept(&reported).map_err(|reason| Refused::at(reported.observed_at, reason))?;
            Ok(Some(reported))
        },
    )
}
