//! From a decision to the books of all that follow it.

pub mod crashes;
mod delivery;
mod ledger;
mod obstacles;
mod run;

use shared::domain::identity::SubscriptionId;
use tests::paper::Stage;

/// Quantities and what they left: `buy BTC 0.00074 9955.5333778`, in the order of trades.
async fn trades_of(stage: &Stage, subscription: SubscriptionId) -> Vec<String> {
    stage
        .rows(&format!(
            "SELECT concat_ws(' ', side, asset, trim_scale(quantity), trim_scale(cash_after)) FROM trades
             WHERE subscription_id = '{subscription}' ORDER BY id"
        ))
        .await
        .iter()
        .map(|row| row.trim_matches(['(', ')', '"']).to_owned())
        .collect()
}

/// Whole rows, in the order of trades: side, asset, quantity, last closed price, fill, value, fee, cost,
/// realised, cash after it.
async fn whole_trades_of(stage: &Stage, subscription: SubscriptionId) -> Vec<String> {
    stage
        .rows(&format!(
            "SELECT side, asset, trim_scale(quantity), trim_scale(price), trim_scale(fill), trim_scale(value),
                    trim_scale(fee), trim_scale(cost), trim_scale(realised), trim_scale(cash_after)
             FROM trades WHERE subscription_id = '{subscription}' ORDER BY id"
        ))
        .await
}

/// Status, reason, subscriptions, trades and skipped of every decision.
async fn decisions(stage: &Stage) -> Vec<String> {
    stage
        .rows("SELECT status, reason, subscriptions, trades, skipped FROM decisions ORDER BY as_of, is_own DESC, id")
        .await
}

async fn assert_adds_up(stage: &Stage) {
    assert_eq!(stage.violations().await, Vec::<String>::new());
}
