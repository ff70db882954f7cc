//! The mode of operation, in `system_flags`, changed together with the record of who changed it.

use serde::{Deserialize, Serialize};
use serde_json::json;

use db_queries::queries::modes as queries;
use db_queries::queries::operations::{flag, set_flag};

use super::auth_events::{self, AuthEvent, AuthEventKind};
use super::operator_lock::Change;
use super::{Db, DbError, Transaction, pool};
use crate::domain::modes::{Mode, Setting, Wish};
use crate::domain::wire::Utc;

/// The flag's name.
const KEY: &str = "mode";

/// The flag's value.
#[derive(Serialize, Deserialize)]
struct Value {
    mode: Mode,
}

/// What was set last; nothing when nobody has set anything yet.
pub async fn find(db: &Db) -> Result<Option<Setting>, DbError> {
    let connection = db.get().await?;
    let row = flag().bind(&connection, &KEY).opt().await?;
    row.map(setting_of).transpose()
}

/// Sets the mode, and writes down who did. Gives what is set then, and whether that is new: the same
/// again changes nothing, so that whoever was cut off may repeat it.
pub async fn set(db: &Db, change: Change<'_>, wish: &Wish) -> Result<(Setting, bool), DbError> {
    let mut connection = db.get().await?;
    let transaction = pool::begin(&mut connection).await?;
    queries::lock_mode().bind(&transaction).one().await?;
    let standing = flag().bind(&transaction, &KEY).opt().await?;
    let standing = standing.map(setting_of).transpose()?.unwrap_or_default();
    if standing.wish == *wish {
        return Ok((standing, false));
    }
    let set_by = format!("operator: {}", change.by.name);
    let value =
        serde_json::to_value(Value { mode: wish.mode }).map_err(|error| DbError::row("mode", error))?;
    set_flag()
        .bind(
            &transaction,
            &KEY,
            &value,
            &wish.notice.as_deref(),
            &wish.until,
            &change.now,
            &set_by.as_str(),
        )
        .await?;
    record(&transaction, change, (&standing, wish), &set_by).await?;
    transaction.commit().await?;
    let setting = Setting {
        wish: wish.clone(),
        since: Some(change.now),
        set_by,
    };
    Ok((setting, true))
}

async fn record(
    transaction: &Transaction<'_>,
    change: Change<'_>,
    (before, wish): (&Setting, &Wish),
    actor: &str,
) -> Result<(), DbError> {
    let changed = AuthEvent {
        id: change.id,
        user: change.by.user,
        session: change.by.session,
        kind: AuthEventKind::ModeSet,
        actor: actor.to_owned(),
        detail: json!({
            "from": before.mode_at(change.now),
            "to": wish.mode,
            "notice": wish.notice,
            "until": wish.until.map(Utc::from),
        }),
    };
    auth_events::append(transaction, &changed, change.now).await
}

/// Whether the database says that it takes writes. It does not know that its disk is full.
pub async fn takes_writes(db: &Db) -> Result<bool, DbError> {
    let connection = db.get().await?;
    Ok(queries::takes_writes().bind(&connection).one().await?)
}

fn setting_of(row: db_queries::queries::operations::Flag) -> Result<Setting, DbError> {
    let value: Value = serde_json::from_value(row.value).map_err(|error| DbError::row("mode", error))?;
    Ok(Setting {
        wish: Wish {
            mode: value.mode,
            notice: row.notice,
            until: row.expires_at,
        },
        since: Some(row.updated_at),
        set_by: row.updated_by,
    })
}
