//! Rows of an outside service that cannot be stored: why, and what they were.
//!
//! Nothing is dropped without a word: what is rejected is counted and kept for inspection. What
//! makes a row acceptable is said by its own noun, in `candles` and in `observations`.

use jiff::{SignedDuration, Timestamp};

use super::market::CandleError;

/// The most characters of a row that are kept.
const KEPT: usize = 300;

/// How far the clock of a service may be ahead of ours before a time counts as one of the future.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

/// Why a row is not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// It has not the form that the service's documents say.
    #[error("it has not the documented form")]
    Shape,
    /// Its figures make no candle.
    #[error(transparent)]
    Figures(#[from] CandleError),
    /// No candle of the timeframe opens at its time.
    #[error("no candle opens at its time")]
    OffGrid,
    /// The same answer has a row of this time already.
    #[error("the answer has a row of this time already")]
    Duplicate,
    /// It is dated after now.
    #[error("it is dated in the future")]
    Future,
    /// Its value is outside of what the series can plausibly be.
    #[error("its value is not plausible")]
    Implausible,
}

impl Rejection {
    /// The word in `rejected_observations`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Figures(CandleError::Price) => "price",
            Self::Figures(CandleError::Volume) => "volume",
            Self::Figures(CandleError::Range) => "range",
            Self::OffGrid => "off_grid",
            Self::Duplicate => "duplicate",
            Self::Future => "future",
            Self::Implausible => "implausible",
        }
    }

    /// Refuses a time of the future.
    pub fn unless_past(time: Timestamp, now: Timestamp) -> Result<(), Self> {
        let latest = now.saturating_add(SKEW).unwrap_or(Timestamp::MAX);
        (time <= latest).then_some(()).ok_or(Self::Future)
    }
}

/// A row that is not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// The time that it says it is of, where it says one.
    pub dated: Option<Timestamp>,
    /// Why.
    pub reason: Rejection,
    /// The row as it came, at most 300 characters of it.
    pub payload: String,
}

impl RejectedRow {
    /// A row with the reason why it is not stored.
    pub fn new(dated: Option<Timestamp>, reason: Rejection, payload: &str) -> Self {
        // PostgreSQL keeps no NUL in a text.
        let payload = payload.chars().filter(|c| *c != '\0').take(KEPT).collect();
        Self {
            dated,
            reason,
            payload,
        }
    }
}

/// The rows of an answer, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<T> {
    /// What may be stored.
    pub accepted: Vec<T>,
    /// What may not.
    pub rejected: Vec<RejectedRow>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self {
            accepted: Vec::new(),
            rejected: Vec::new(),
        }
    }
}

impl<T> Rows<T> {
    /// Whether rows came and none of them can be used.
    pub const fn is_useless(&self) -> bool {
        self.accepted.is_empty() && !self.rejected.is_empty()
    }
}
