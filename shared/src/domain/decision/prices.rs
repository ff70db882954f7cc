//! The price a decision is made and traded at.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::freshness::{Freshness, of_candle};
use crate::domain::market::{Price, Timeframe};
use crate::domain::wire::Utc;

/// The close of a stored candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ClosingPrice {
    /// The price, USDT.
    pub price: Price,
    /// The candle's timeframe.
    pub timeframe: Timeframe,
    /// When the candle ended.
    pub closed_at: Utc,
}

impl ClosingPrice {
    /// Whether it is older at T than its timeframe + 15 min. Source: DOMAIN "Decision", step 0.
    pub fn is_stale_at(&self, as_of: Timestamp) -> bool {
        of_candle(self.timeframe, self.closed_at.into(), as_of) != Some(Freshness::Fresh)
    }
}

/// The last closed price at T: that of the latest close at or before T, ties to the shortest
/// timeframe. Source: DOMAIN "Decision", step 0.
pub fn newest_close(
    closes: impl IntoIterator<Item = ClosingPrice>,
    as_of: Timestamp,
) -> Option<ClosingPrice> {
    closes
        .into_iter()
        .filter(|close| Timestamp::from(close.closed_at) <= as_of)
        .min_by_key(|close| (std::cmp::Reverse(close.closed_at), close.timeframe))
}
