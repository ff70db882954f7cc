//! What is told to many: an execution to all who follow its strategy, a notice to everybody.
//!
//! Trades and portfolios are told by who trades, with `db::push::append`.

use serde_json::{Value, json};

use crate::app::App;
use crate::db::executions::Execution;
use crate::db::{DbError, push};
use crate::domain::push::EventKind;
use crate::services::scores;

/// The news of an execution: the agents' scores, and the decision by the strategy's own weights where
/// there is one. They go to its followers in the transaction that records it.
pub fn of_execution(execution: &Execution) -> Vec<(EventKind, Value)> {
    let scores = json!({
        "strategy_id": execution.strategy_id,
        "execution_id": execution.id,
        "as_of": crate::domain::wire::Utc::from(execution.as_of),
        "agents": scores::agents_of(execution),
        "skip_reason": scores::skip_reason_of(execution),
    });
    let mut news = vec![(EventKind::AgentScores, scores)];
    if execution.decided.is_some() {
        let decision = json!({
            "strategy_id": execution.strategy_id,
            "execution_id": execution.id,
            "decision": scores::decision_of(execution),
        });
        news.push((EventKind::DecisionMade, decision));
    }
    news
}

/// Tells everybody who has been connected lately; tells how many that are. It is on its way then, and
/// is delivered by [`super::deliver`].
pub async fn everyone(app: &App, notice: &Value) -> Result<u64, DbError> {
    push::append_for_everyone(&app.db, EventKind::SystemNotice, notice, app.clock.now()).await
}
