//! Writing an execution down: the document that is served, and the log rows that cost nothing.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::RunError;
use crate::app::App;
use crate::db::attempts::Attempt;
use crate::db::executions::{self, Decided, Execution};
use crate::domain::decision::Verdict;
use crate::domain::strategy::Strategy;
use crate::domain::voices::AgentAnswers;
use crate::services::push::tell;

/// Everything that made a decision, as it is stored and served.
#[derive(Debug, Serialize)]
pub struct ExecutionDocument<'a> {
    /// The agents' answers with their components and inputs.
    pub agents: &'a AgentAnswers,
    /// The decision, or why there is none.
    pub verdict: &'a Verdict,
    /// The strategy as it was.
    pub strategy: &'a Strategy,
    /// Whether there was a language model to ask.
    pub has_models: bool,
}

/// Records an execution as of T; returns the stored one, and whether it is this one and not another
/// delivery's that came first.
pub async fn record(
    app: &App,
    (id, as_of): (Uuid, Timestamp),
    document: &ExecutionDocument<'_>,
    attempts: &[Attempt],
) -> Result<(Execution, bool), RunError> {
    let execution = Execution {
        id,
        strategy_id: document.strategy.id.to_string(),
        as_of,
        decided: match document.verdict {
            Verdict::Decided(decision) => Some(Decided {
                conviction: decision.conviction.value(),
                signal: decision.signal.as_str().to_owned(),
            }),
            Verdict::Skipped(_) => None,
        },
        document: serde_json::to_value(document)?,
        created_at: app.clock.now(),
    };
    let recorded =
        executions::record_and_tell(&app.db, &execution, attempts, &tell::of_execution(&execution)).await?;
    let is_ours = recorded == execution;
    Ok((recorded, is_ours))
}
