//! What one run did: the shape of the `--json` output.

use serde::Serialize;
use serde_json::Value;
use shared::domain::market::Timeframe;
use shared::domain::wire::Utc;

/// Everything one run did, for printing. Nothing in it depends on when or how fast it ran, so that a
/// run at a given time prints the same every time.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) time: Utc,
    pub(super) market: String,
    pub(super) collected: Vec<Ran>,
    pub(super) holes: Vec<Hole>,
    pub(super) strategies: Vec<Scored>,
}

/// A collector's summary.
#[derive(Debug, Serialize)]
pub(super) struct Ran {
    pub(super) job: &'static str,
    pub(super) result: Value,
}

/// A candle the exchange itself does not have.
#[derive(Debug, Serialize)]
pub(super) struct Hole {
    pub(super) symbol: &'static str,
    pub(super) timeframe: Timeframe,
    pub(super) open_time: Utc,
    /// The same place in the candle file, when that was moved in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file_time: Option<Utc>,
}

/// What a strategy's newest execution says.
#[derive(Debug, Serialize)]
pub(super) struct Scored {
    pub(super) strategy_id: String,
    pub(super) name: String,
    pub(super) as_of: Utc,
    pub(super) agents: Value,
    pub(super) decision: Value,
    pub(super) skip_reason: Option<String>,
    pub(super) locks: Value,
}
