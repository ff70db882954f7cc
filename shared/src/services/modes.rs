//! The mode of operation: shown, and set by operators, who are written down and everybody told.
//!
//! What a mode stops is decided where requests and tasks come in; nothing is stopped here.

use serde::Serialize;
use serde_json::json;

use crate::app::App;
use crate::db::operator_lock::Change;
use crate::db::{DbError, modes};
use crate::domain::modes::{Mode, Setting, Wish, sentence};
use crate::domain::wire::Utc;
use crate::services::push::tell;

pub use crate::db::operator_lock::Actor;

/// The mode of operation, as operators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ModeView {
    /// `normal`, `read_only` or `maintenance`: what holds now.
    #[cfg_attr(feature = "http", schema(value_type = String, example = "normal"))]
    pub mode: Mode,
    /// What users are told.
    pub notice: Option<String>,
    /// When it is normal again by itself.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub until: Option<Utc>,
    /// Since when it holds; null while nobody has ever set one.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub since: Option<Utc>,
    /// Who set it; null while nobody has.
    pub set_by: Option<String>,
    /// The database says that it takes writes. It does not know when its disk is full.
    pub database_takes_writes: bool,
    /// How many users are told of the change; null where nothing changed or they could not be told.
    pub told: Option<u64>,
}

/// The mode that holds now, read from the database.
pub async fn show(app: &App) -> Result<ModeView, DbError> {
    let setting = modes::find(&app.db).await?.unwrap_or_default();
    view(app, &setting, None).await
}

/// Sets the mode for every process. The same again changes nothing and tells nobody.
pub async fn set(app: &App, by: &Actor, wish: &Wish) -> Result<ModeView, DbError> {
    let (id, now) = (app.ids.next(), app.clock.now());
    let (setting, is_new) = modes::set(&app.db, Change { id, by, now }, wish).await?;
    app.modes.know(setting.clone(), now).await;
    let told = if is_new {
        tell_everybody(app, wish).await
    } else {
        None
    };
    view(app, &setting, told).await
}

/// After the mode is set, so that nothing that holds up the events keeps it from being set.
async fn tell_everybody(app: &App, wish: &Wish) -> Option<u64> {
    let until = wish.until.map(Utc::from);
    let message = sentence(wish.mode, wish.notice.as_deref(), until);
    let notice = json!({ "message": message, "mode": wish.mode, "until": until });
    match tell::everyone(app, &notice).await {
        Ok(told) => Some(told),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the mode is set, but nobody could be told"
            );
            None
        }
    }
}

async fn view(app: &App, setting: &Setting, told: Option<u64>) -> Result<ModeView, DbError> {
    let now = app.clock.now();
    let mode = setting.mode_at(now);
    let has_run_out = mode != setting.wish.mode;
    let wish = if has_run_out {
        &Setting::default().wish
    } else {
        &setting.wish
    };
    let since = if has_run_out {
        setting.wish.until
    } else {
        setting.since
    };
    Ok(ModeView {
        mode,
        notice: wish.notice.clone(),
        until: wish.until.map(Utc::from),
        since: since.map(Utc::from),
        set_by: setting.since.map(|_| setting.set_by.clone()),
        database_takes_writes: modes::takes_writes(&app.db).await?,
        told,
    })
}
