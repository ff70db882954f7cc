//! The on-chain agent: what do Bitcoin's holders do?
//!
//! Reads valuation, exchange flows, long-term holders, activity. Ether's chain is not read.
//! Source: DOMAIN "Agents", onchain.

use jiff::Timestamp;

use super::analysis::Panel;
use super::{AgentKind, Analysis, Input};
use crate::domain::freshness::{Change, Series};
use crate::domain::observations::{Metric, Observation};

const MONTH_DAYS: i64 = 30;

/// What the on-chain rules say as of T, from observations in any order. Those not known at T, and
/// those of other metrics, change nothing.
pub fn analyse(observations: &[Observation], as_of: Timestamp) -> Analysis {
    let series = |metric| Series::at(metric, observations, as_of);
    let mut panel = Panel::default();
    panel.level(Input::MvrvZScore, &series(Metric::MvrvZScore));
    panel.level(Input::ExchangeNetFlow, &series(Metric::ExchangeNetFlow));
    panel.change(
        Input::LongTermHolders,
        &series(Metric::LongTermHolderSupply),
        MONTH_DAYS,
        Change::relative_pct,
    );
    panel.change(
        Input::ActiveAddresses,
        &series(Metric::ActiveAddresses),
        MONTH_DAYS,
        Change::relative_pct,
    );
    panel.level(Input::Nvt, &series(Metric::Nvt));
    panel.analysis(AgentKind::Onchain)
}
