//! The user's own account: shown, and erased.

use serde::Serialize;
use serde_json::json;

use super::{AuthError, ShownUser, USER, deny, event};
use crate::app::App;
use crate::db::accounts;
use crate::db::auth_events::{self, AuthEventKind};
use crate::db::sessions::{self, EndReason};
use crate::db::{self, DbError};
use crate::domain::identity::SessionId;
use crate::domain::wire::Utc;
use crate::http::User;
use crate::services::portfolio;

/// A user, as they are shown to themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// Who it is. Plan and role are those of now; a token has those of when it was made.
    #[serde(flatten)]
    pub user: ShownUser,
    /// The session that asks.
    #[schema(value_type = uuid::Uuid)]
    pub session_id: SessionId,
    /// When they signed in first.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
    /// When they signed in last.
    #[schema(value_type = String, format = DateTime)]
    pub signed_in_at: Utc,
}

/// The user of a token.
pub async fn me(app: &App, user: User) -> Result<Me, AuthError> {
    let account = accounts::find(&app.db, user.id)
        .await?
        .ok_or(AuthError::NoAccount)?;
    Ok(Me {
        user: ShownUser::from(&account),
        session_id: user.session,
        created_at: account.created_at.into(),
        signed_in_at: account.signed_in_at.into(),
    })
}

/// Deletes a user and all that is theirs; what was done to the account stays written down, under ids
/// that say nothing about a person any more. Erasing who is no more changes nothing.
pub async fn erase(app: &App, user: User) -> Result<(), AuthError> {
    let now = app.clock.now();
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    // First what others lock before they look at the user: nobody waits in a circle.
    accounts::lock_books(&transaction, user.id).await?;
    // Nobody signs in as them, or changes what they are, meanwhile.
    let found = accounts::lock(&transaction, user.id).await?;
    let mut ended = sessions::end_all_of_user(&transaction, user.id, None, EndReason::Erased, now).await?;
    if found.is_some() {
        accounts::delete(&transaction, user.id).await?;
        let erased = event(
            app,
            AuthEventKind::Erased,
            user.id,
            Some(user.session),
            USER,
            json!({}),
        );
        auth_events::append(&transaction, &erased, now).await?;
    }
    transaction.commit().await.map_err(DbError::from)?;
    // Once more where all had ended: the mark of the one that asks was missed then.
    ended.push(user.session);
    deny(app, &ended).await;
    portfolio::forget(app, user.id).await;
    Ok(())
}
