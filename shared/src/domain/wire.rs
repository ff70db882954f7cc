//! How values look outside: times and decimals as the API writes them.
//!
//! Only the outward shape; nothing here rounds for the sake of a calculation.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant as the API shows it: RFC 3339, UTC with `Z`, whole milliseconds at the finest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utc(Timestamp);

impl From<Timestamp> for Utc {
    fn from(timestamp: Timestamp) -> Self {
        let millis = timestamp.as_millisecond();
        Self(Timestamp::from_millisecond(millis).unwrap_or(timestamp))
    }
}

impl From<Utc> for Timestamp {
    fn from(utc: Utc) -> Self {
        utc.0
    }
}

impl std::fmt::Display for Utc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Utc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Utc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Timestamp::deserialize(deserializer).map(Self::from)
    }
}

/// Serialises money, prices and quantities: a string without exponent or trailing zeros.
pub fn plain<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&value.normalize())
}

/// Serialises an amount that may be unknown: as [`plain`], or null.
pub fn optional_plain<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => plain(value, serializer),
        None => serializer.serialize_none(),
    }
}

/// Serialises a percentage that may be unknown: a JSON number or null.
pub fn optional_number<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, serializer),
        None => serializer.serialize_none(),
    }
}

/// Serialises scores, weights and percentages: a JSON number.
pub fn number<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::Error;
    let shown = f64::try_from(*value).map_err(S::Error::custom)?;
    serializer.serialize_f64(shown)
}
