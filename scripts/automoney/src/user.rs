//! `automoney user`: who uses the platform, and what operators change about it.
//!
//! Every change is written into `auth_events` with who made it. E-mail addresses are shown here, to the
//! operator who asks; no log has them.

use std::fmt::Write as _;

use serde::Serialize;
use shared::app::App;
use shared::config::{Environment, Section};
use shared::db::accounts::Account;
use shared::domain::identity::{SessionId, UserId};
use shared::domain::tier::{Role, Tier};
use shared::domain::wire::Utc;
use shared::services::auth::{
    self, AuthEventEntry, Operator, OperatorError, ShownSession, ShownUser, Target,
};
use shared::telemetry::{self, Format};
use tracing::Level;

use crate::cli::UserStep;
use crate::start::{self, StartError};

/// Sessions and events of a user that are shown.
const SHOWN: u16 = 20;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum UserCommandError {
    /// It cannot begin.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Nobody says who does it.
    #[error("who are you? say it with --as NAME: it is written down beside what you change")]
    NoName,
    /// It was refused, or failed.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// Redis did not take the marks.
    #[error(
        "the sessions have ended, but Redis could not be told: their access tokens are good for up to 15 minutes; do the same again"
    )]
    NotDenied,
    /// The outcome cannot be shown.
    #[error("the outcome cannot be shown")]
    Json(#[from] serde_json::Error),
}

/// A user, as operators see them.
#[derive(Debug, Serialize)]
struct Listed {
    #[serde(flatten)]
    user: ShownUser,
    created_at: Utc,
    signed_in_at: Utc,
}

#[derive(Debug, Serialize)]
struct Full {
    #[serde(flatten)]
    user: Listed,
    sessions: Vec<ShownSession>,
    events: Vec<AuthEventEntry>,
}

#[derive(Debug, Serialize)]
struct Changed {
    user_id: UserId,
    what: &'static str,
    from: &'static str,
    to: &'static str,
}

#[derive(Debug, Serialize)]
struct EndedSessions {
    user_id: UserId,
    ended: Vec<SessionId>,
}

/// Does one of the steps and prints what came of it.
pub async fn run(environment: &Environment, step: UserStep, as_json: bool) -> Result<(), UserCommandError> {
    telemetry::init(Format::Text, Level::WARN, std::io::stderr);
    let sections = [Section::Database, Section::Cache];
    let app = start::app(environment, &sections).await?;
    let by = |name: Option<String>| operator(environment, name);
    match step {
        UserStep::List { limit, before } => {
            let users = auth::list_users(&app, before.map(UserId::from), limit.into()).await?;
            let users: Vec<Listed> = users.iter().map(listed).collect();
            print(as_json, &users, |users| users.iter().map(line).collect())
        }
        UserStep::Show { user } => {
            let full = full(&app, &user).await?;
            print(as_json, &full, page)
        }
        UserStep::SetTier { user, tier, name } => {
            let (operator, account) = (by(name)?, auth::find_user(&app, &user).await?);
            let from = auth::set_tier(&app, &operator, account.id, tier).await?;
            changed(as_json, account.id, "tier", (from.as_str(), tier.as_str()))
        }
        UserStep::SetRole { user, role, name } => {
            let (operator, account) = (by(name)?, auth::find_user(&app, &user).await?);
            let from = auth::set_role(&app, &operator, account.id, role).await?;
            changed(as_json, account.id, "role", (from.as_str(), role.as_str()))
        }
        UserStep::EndSessions { user, session, name } => {
            let (operator, account) = (by(name)?, auth::find_user(&app, &user).await?);
            let only = session.map(SessionId::from);
            let done = auth::end_sessions(&app, &operator, account.id, only).await?;
            let ended = EndedSessions {
                user_id: account.id,
                ended: done.sessions,
            };
            print(as_json, &ended, |ended| {
                let list = ended.ended.iter().fold(String::new(), |mut list, session| {
                    let _ = writeln!(list, "  {session}");
                    list
                });
                format!(
                    "{} sessions of {} ended\n{list}",
                    ended.ended.len(),
                    ended.user_id
                )
            })?;
            done.are_denied.then_some(()).ok_or(UserCommandError::NotDenied)
        }
    }
}

/// Whoever is named, else whose shell it is.
fn operator(environment: &Environment, named: Option<String>) -> Result<Operator, UserCommandError> {
    operator_named(environment, named).ok_or(UserCommandError::NoName)
}

/// Who does something: as they say, or the shell's user; nothing where neither is a name.
pub(crate) fn operator_named(environment: &Environment, named: Option<String>) -> Option<Operator> {
    let shell = ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|name| environment.get(name));
    let name = named.or_else(|| shell.map(str::to_owned)).unwrap_or_default();
    Operator::named(&name)
}

async fn full(app: &App, target: &Target) -> Result<Full, UserCommandError> {
    let account = auth::find_user(app, target).await?;
    let (sessions, events) = auth::look_at(app, account.id, SHOWN).await?;
    Ok(Full {
        user: listed(&account),
        sessions,
        events,
    })
}

fn listed(account: &Account) -> Listed {
    Listed {
        user: ShownUser::from(account),
        created_at: account.created_at.into(),
        signed_in_at: account.signed_in_at.into(),
    }
}

fn changed(
    as_json: bool,
    user_id: UserId,
    what: &'static str,
    (from, to): (&'static str, &'static str),
) -> Result<(), UserCommandError> {
    let changed = Changed {
        user_id,
        what,
        from,
        to,
    };
    print(as_json, &changed, |changed| {
        if changed.from == changed.to {
            return format!(
                "{} of {} is {} already\n",
                changed.what, changed.user_id, changed.to
            );
        }
        format!(
            "{} of {}: {} -> {}; access tokens say so from the next refresh on, within 15 minutes\n",
            changed.what, changed.user_id, changed.from, changed.to
        )
    })
}

fn print<T: Serialize>(
    as_json: bool,
    outcome: &T,
    text: impl Fn(&T) -> String,
) -> Result<(), UserCommandError> {
    if as_json {
        println!("{}", serde_json::to_string_pretty(outcome)?);
    } else {
        print!("{}", text(outcome));
    }
    Ok(())
}

fn line(listed: &Listed) -> String {
    let Listed {
        user, signed_in_at, ..
    } = listed;
    format!(
        "{}  {:<10} {:<5}  {signed_in_at}  {}\n",
        user.id,
        user.tier.as_str(),
        user.role.as_str(),
        user.email
    )
}

fn page(full: &Full) -> String {
    let mut text = line(&full.user);
    let _ = writeln!(text, "sessions that live");
    for session in &full.sessions {
        let _ = writeln!(
            text,
            "  {}  {:<6}  used {}  {}",
            session.id,
            session.transport,
            session.last_used_at,
            session.user_agent.as_deref().unwrap_or("-")
        );
    }
    let _ = writeln!(text, "what happened last");
    for event in &full.events {
        let _ = writeln!(text, "  {event}");
    }
    text
}

/// A plan by its name.
pub fn tier(name: &str) -> Result<Tier, String> {
    Tier::named(name).ok_or_else(|| "is none of free, basic, pro and enterprise".to_owned())
}

/// A role by its name.
pub fn role(name: &str) -> Result<Role, String> {
    Role::named(name).ok_or_else(|| "is none of user and admin".to_owned())
}
