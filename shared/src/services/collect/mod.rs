//! Collecting: ask the outside services for what is new, and keep it as it was said.
//!
//! Each collector continues its series, stores set-wise and idempotently, and writes down every
//! call. What one source fails to give does not stop the others. No value is ever made up.

mod candles;
mod history;
mod macro_;
mod observations;
mod onchain;
mod prices;
mod quotes;
mod sentiment;
mod session;

use serde::Serialize;

use crate::db::DbError;
use crate::sources::SourceError;

pub use candles::SeriesSummary as CandleSeries;
pub use history::{Collected, collect as collect_history};
pub use macro_::collect as collect_macro;
pub use observations::{ObservationsSummary, SeriesSummary as ObservedSeries};
pub use onchain::collect as collect_onchain;
pub use prices::{PricesSummary, collect as collect_prices, follow_staleness};
pub use sentiment::collect as collect_sentiment;

/// Why a run of a collector failed.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// What was collected cannot be kept.
    #[error("what was collected cannot be kept")]
    Database(#[from] DbError),
    /// A source gave nothing usable.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Some series could not be collected; the others were.
    #[error("not everything could be collected: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Incomplete(Vec<Failure>),
}

/// What could not be collected, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Which series.
    pub what: String,
    /// Why, in a sentence.
    pub why: String,
    /// Another try may work, without anybody changing anything.
    #[serde(skip)]
    pub may_pass: bool,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

impl Failure {
    /// A source's failure as part of a summary; anything else ends the run.
    fn of(what: String, error: CollectError) -> Result<Self, CollectError> {
        match error {
            CollectError::Source(error) => Ok(Self {
                what,
                why: error.to_string(),
                may_pass: !matches!(error, SourceError::Configuration { .. }),
            }),
            other => Err(other),
        }
    }
}
