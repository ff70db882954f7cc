//! The macro agent: is money getting cheaper and more plentiful?
//!
//! Reads the policy rate, the dollar and the money supply. The ETF flow has a share but no feed: it
//! is always missing here and hands its share to the others. The ten-year yield is shown, not judged.
//! Source: DOMAIN "Agents", macro.

use jiff::Timestamp;

use super::analysis::Panel;
use super::{AgentKind, Analysis, Input};
use crate::domain::freshness::{Change, Series};
use crate::domain::observations::{Metric, Observation};

const QUARTER_DAYS: i64 = 90;
/// The month of a year earlier: its first is always 365 or 366 days before this month's first, and
/// nothing is dated in between.
const YEAR_DAYS: i64 = 365;

/// What the macro rules say as of T, from observations in any order. Those not known at T, and those
/// of other metrics, change nothing.
pub fn analyse(observations: &[Observation], as_of: Timestamp) -> Analysis {
    let series = |metric| Series::at(metric, observations, as_of);
    let mut panel = Panel::default();
    panel.missing(Input::EtfNetFlow);
    panel.change(
        Input::PolicyRate,
        &series(Metric::FedFundsRate),
        QUARTER_DAYS,
        Change::absolute,
    );
    panel.change(
        Input::Dollar,
        &series(Metric::DollarIndex),
        QUARTER_DAYS,
        Change::relative_pct,
    );
    panel.change(
        Input::MoneySupply,
        &series(Metric::MoneySupply),
        YEAR_DAYS,
        Change::relative_pct,
    );
    panel.shown(&series(Metric::TenYearYield));
    panel.analysis(AgentKind::Macro)
}
