//! What keeps scheduled orders back now.
//!
//! A lock is a limit and never a fault of the installation: its cause ends it.

use shared::app::App;
use shared::db::locks;
use shared::domain::decision::Lock;
use shared::telemetry;

use super::{Finding, Line};

/// One line a lock; one line that says so where there is none.
pub(super) async fn standing(app: &App) -> Vec<Line> {
    let findings = match locks::list_at(&app.db, app.clock.now()).await {
        Ok(locks) if locks.is_empty() => vec![Finding::Works("none".to_owned())],
        Ok(locks) => locks.iter().map(lock).collect(),
        Err(error) => vec![Finding::Broken(telemetry::chain(&error).join(": "))],
    };
    let named = |finding| ("order locks".to_owned(), finding);
    findings.into_iter().map(named).collect()
}

fn lock(lock: &Lock) -> Finding {
    let since = lock
        .since
        .map(|since| format!(" since {since}"))
        .unwrap_or_default();
    Finding::Limited(format!("{}{since}: {}", lock.reason, lock.detail))
}
