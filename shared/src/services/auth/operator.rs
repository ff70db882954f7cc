//! What operators do to accounts, each with who did it written down beside it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{AuthError, ShownSession, deny, ended_lately, event};
use crate::app::App;
use crate::db::accounts::{self, Account};
use crate::db::accounts_export::{self, AuthEventEntry};
use crate::db::auth_events::{self, AuthEventKind};
use crate::db::sessions::{self, EndReason};
use crate::db::{self, DbError};
use crate::domain::identity::{SessionId, UserId};
use crate::domain::tier::{Role, Tier};

/// An operator, by the name under which their doings are written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator(String);

impl Operator {
    /// An operator of this name, cut to one short line; nothing when that leaves no name.
    pub fn named(name: &str) -> Option<Self> {
        let kept: String = name.trim().chars().filter(|c| !c.is_control()).take(80).collect();
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.0
    }

    fn actor(&self) -> String {
        format!("operator: {}", self.0)
    }
}

/// Which user is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The one with this id.
    Id(UserId),
    /// The one with this address.
    Email(String),
}

impl FromStr for Target {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        if text.contains('@') {
            return Ok(Self::Email(text.to_owned()));
        }
        Err("a user is meant by id or by e-mail address")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Email(email) => email.fmt(f),
        }
    }
}

/// Why an operator was not obeyed.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// Nobody is meant.
    #[error("there is no user {0}")]
    Nobody(Target),
    /// Several are meant.
    #[error("several users have the address {0}; name one by id: {1}")]
    Several(Target, String),
    /// It could not be done.
    #[error(transparent)]
    Failed(#[from] AuthError),
}

impl From<DbError> for OperatorError {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

/// The users that are older than `before` (all when not given), the newest first.
pub async fn list_users(
    app: &App,
    before: Option<UserId>,
    limit: i64,
) -> Result<Vec<Account>, OperatorError> {
    let before = before.unwrap_or_else(|| Uuid::max().into());
    Ok(accounts::list_page(&app.db, before, limit).await?)
}

/// The user that is meant.
pub async fn find_user(app: &App, target: &Target) -> Result<Account, OperatorError> {
    let nobody = || OperatorError::Nobody(target.clone());
    match target {
        Target::Id(id) => accounts::find(&app.db, *id).await?.ok_or_else(nobody),
        Target::Email(email) => {
            let mut found = accounts::list_by_email(&app.db, email).await?;
            if found.len() > 1 {
                let ids: Vec<String> = found.iter().map(|account| account.id.to_string()).collect();
                return Err(OperatorError::Several(target.clone(), ids.join(", ")));
            }
            found.pop().ok_or_else(nobody)
        }
    }
}

/// The sessions of a user that live and what happened to the account, the newest first; so many at most.
pub async fn look_at(
    app: &App,
    user: UserId,
    most: u16,
) -> Result<(Vec<ShownSession>, Vec<AuthEventEntry>), OperatorError> {
    let newest = (Timestamp::MAX, Uuid::max().into());
    let rows = sessions::list_page(&app.db, user, newest, most.into(), app.clock.now()).await?;
    // Nobody asks by one of them.
    let nobodys = SessionId::from(Uuid::nil());
    let sessions = rows.into_iter().map(|session| ShownSession::of(session, nobodys));
    let mut connection = app.db.get().await?;
    let transaction = db::begin_reading(&mut connection).await?;
    let events = accounts_export::auth_events(&transaction, user, most.into()).await?;
    Ok((sessions.collect(), events))
}

/// Changes what a user may administer. Tells what it was before; admin routes heed it at once, access
/// tokens say it from the next one on.
pub async fn set_role(
    app: &App,
    operator: &Operator,
    user: UserId,
    role: Role,
) -> Result<Role, OperatorError> {
    let change = async |account: &Account, transaction: &db::Transaction<'_>| {
        accounts::set_role(transaction, user, role).await?;
        Ok((account.role != role).then(|| json!({ "from": account.role, "to": role })))
    };
    let before = changed(app, operator, user, AuthEventKind::RoleChanged, change).await?;
    Ok(before.role)
}

/// Changes a user's plan. Tells what it was before; limits heed it from the next access token on.
pub async fn set_tier(
    app: &App,
    operator: &Operator,
    user: UserId,
    tier: Tier,
) -> Result<Tier, OperatorError> {
    let change = async |account: &Account, transaction: &db::Transaction<'_>| {
        accounts::set_tier(transaction, user, tier).await?;
        Ok((account.tier != tier).then(|| json!({ "from": account.tier, "to": tier })))
    };
    let before = changed(app, operator, user, AuthEventKind::TierChanged, change).await?;
    Ok(before.tier)
}

/// Changes a user and writes down what `change` tells of it; nothing where that changes nothing.
async fn changed<F>(
    app: &App,
    operator: &Operator,
    user: UserId,
    kind: AuthEventKind,
    change: F,
) -> Result<Account, OperatorError>
where
    F: AsyncFnOnce(&Account, &db::Transaction<'_>) -> Result<Option<Value>, DbError>,
{
    let now = app.clock.now();
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let found = accounts::lock(&transaction, user).await?;
    let account = found.ok_or(OperatorError::Nobody(Target::Id(user)))?;
    if let Some(detail) = change(&account, &transaction).await? {
        let done = event(app, kind, user, None, &operator.actor(), detail);
        auth_events::append(&transaction, &done, now).await?;
    }
    transaction.commit().await.map_err(DbError::from)?;
    Ok(account)
}

/// Sessions that an operator ended.
#[derive(Debug)]
pub struct EndedByOperator {
    /// Those that lived until now.
    pub sessions: Vec<SessionId>,
    /// Whether their access tokens are turned away from now on. Otherwise they are good until they run
    /// out; doing the same again makes up for it.
    pub are_denied: bool,
}

/// Ends all sessions of a user, or one.
pub async fn end_sessions(
    app: &App,
    operator: &Operator,
    user: UserId,
    only: Option<SessionId>,
) -> Result<EndedByOperator, OperatorError> {
    let now = app.clock.now();
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let reason = EndReason::Operator;
    let ended = match only {
        None => sessions::end_all_of_user(&transaction, user, None, reason, now).await?,
        Some(session) => {
            let has_ended = sessions::end_of_user(&transaction, user, session, reason, now).await?;
            has_ended.then_some(session).into_iter().collect()
        }
    };
    if !ended.is_empty() {
        let detail = json!({ "sessions": ended });
        let revoked = event(
            app,
            AuthEventKind::SessionRevoked,
            user,
            only,
            &operator.actor(),
            detail,
        );
        auth_events::append(&transaction, &revoked, now).await?;
    }
    let marked = ended_lately(&transaction, user, now).await?;
    transaction.commit().await.map_err(DbError::from)?;
    Ok(EndedByOperator {
        sessions: ended,
        are_denied: deny(app, &marked).await,
    })
}
