//! The mode of operation, and whether the database takes writes.
//!
//! A mode is somebody's decision and no fault; a database that takes no writes is one.

use shared::app::App;
use shared::domain::modes::Mode;
use shared::services::modes;
use shared::telemetry;

use super::{Finding, Line};

/// One line.
pub(super) async fn standing(app: &App) -> Line {
    let finding = match modes::show(app).await {
        Err(error) => Finding::Broken(telemetry::chain(&error).join(": ")),
        Ok(view) if !view.database_takes_writes => Finding::Broken(
            "the database takes no writes: the API refuses changes by itself; is DATABASE_URL the primary's?"
                .to_owned(),
        ),
        Ok(view) if view.mode == Mode::Normal => Finding::Works("normal".to_owned()),
        Ok(view) => {
            let until = view
                .until
                .map_or_else(String::new, |until| format!(" until {until}"));
            let by = view.set_by.unwrap_or_default();
            Finding::Limited(format!(
                "{}{until}, set by {by}: `cargo automoney mode normal` ends it",
                view.mode
            ))
        }
    };
    ("mode".to_owned(), finding)
}
