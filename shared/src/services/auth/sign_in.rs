//! Signing in: Google says whose account it is, and a session begins.
//!
//! While changes are stopped, those whom we know may sign in: of theirs only the session is written.

use jiff::Timestamp;
use serde_json::json;

use super::{AuthError, Granted, Signed, Transport, USER, event, grant};
use crate::app::App;
use crate::db;
use crate::db::accounts::{self, Account, Person};
use crate::db::auth_events::{self, AuthEventKind};
use crate::db::sessions::{self, NewSession};
use crate::domain::identity::{SessionId, UserId};
use crate::domain::money::Money;
use crate::domain::sessions::{LONGEST, RefreshToken};

/// The paper money that a new user is given. Source: DOMAIN "Users, strategies, portfolios".
const OPENING_USD: u32 = 10_000;

/// The most characters of a client's name that are kept.
const LONGEST_USER_AGENT: usize = 200;

/// Who signs in, besides the person.
#[derive(Debug, Clone, Copy)]
pub struct Client<'a> {
    /// How its refresh token travels.
    pub transport: Transport,
    /// What it calls itself.
    pub user_agent: Option<&'a str>,
}

/// Signs in with what a client brings back from Google.
#[cfg(feature = "identity")]
pub async fn with_google(
    app: &App,
    exchange: &crate::sources::google::Exchange<'_>,
    client: Client<'_>,
) -> Result<Granted, AuthError> {
    use crate::sources::google::GoogleError;

    let identified = app.google.identify(exchange).await;
    if let Err(GoogleError::Refused(refusal)) = &identified {
        note_refused(app, &refusal.to_string()).await;
    }
    let account = identified?;
    let person = Person {
        google_sub: &account.sub,
        email: &account.email,
        name: account.name.as_deref(),
    };
    sign_in(app, person, client).await
}

/// Makes the user of an account, with this id, unless there is one. Begins no session.
pub async fn register(app: &App, id: UserId, person: Person<'_>) -> Result<Account, AuthError> {
    let now = app.clock.now();
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let account = enter(app, &transaction, id, person, now).await?;
    transaction.commit().await.map_err(db::DbError::from)?;
    Ok(account)
}

/// The user of an account; a new one gets this id, and a portfolio.
async fn enter(
    app: &App,
    transaction: &db::Transaction<'_>,
    id: UserId,
    person: Person<'_>,
    now: Timestamp,
) -> Result<Account, AuthError> {
    let account = accounts::sign_in(transaction, id, person, now).await?;
    if account.created_at == now {
        let amount = Money::usd(OPENING_USD);
        accounts::open_portfolio(transaction, account.id, app.ids.next(), amount, now).await?;
    }
    Ok(account)
}

/// Begins a session of the user whose account it is. A new user is given a portfolio, or is turned away
/// while changes are stopped.
pub async fn sign_in(app: &App, person: Person<'_>, client: Client<'_>) -> Result<Granted, AuthError> {
    let now = app.clock.now();
    let session = SessionId::from(app.ids.next());
    let token = RefreshToken::of(app.random.bytes()?);
    let expires_at = now + LONGEST;

    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let account = match app.modes.current(now).await.closure(now) {
        None => enter(app, &transaction, app.ids.next().into(), person, now).await?,
        Some(closure) => {
            let known = accounts::find_of_google(&transaction, person.google_sub).await?;
            known.ok_or(AuthError::ClosedToNew(closure))?
        }
    };
    let user_agent = client.user_agent.map(shown);
    let new = NewSession {
        id: session,
        user: account.id,
        transport: client.transport,
        user_agent: user_agent.as_deref(),
        expires_at,
        token: &token.hash(),
    };
    sessions::begin(&transaction, new, now).await?;
    let detail = json!({ "transport": client.transport.as_str() });
    let signed_in = event(
        app,
        AuthEventKind::SignedIn,
        account.id,
        Some(session),
        USER,
        detail,
    );
    auth_events::append(&transaction, &signed_in, now).await?;
    transaction.commit().await.map_err(db::DbError::from)?;

    let signed = Signed {
        account,
        session,
        last_used_at: now,
        expires_at,
    };
    grant(app, signed, token, now).await
}

/// Writes down that a sign-in was refused, by which check. That it cannot be written changes nothing
/// for whoever was refused.
#[cfg(feature = "identity")]
async fn note_refused(app: &App, check: &str) {
    let now = app.clock.now();
    let refused = auth_events::AuthEvent {
        id: app.ids.next(),
        user: None,
        session: None,
        kind: AuthEventKind::SignInRefused,
        actor: super::SYSTEM.to_owned(),
        detail: json!({ "check": check }),
    };
    let written = async {
        let mut connection = app.db.get().await?;
        let transaction = db::begin(&mut connection).await?;
        auth_events::append(&transaction, &refused, now).await?;
        transaction.commit().await.map_err(db::DbError::from)
    };
    if let Err(error) = written.await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            check,
            "a refused sign-in is not written down"
        );
    }
}

/// What a client calls itself, fit to be shown: one line of printable characters.
fn shown(user_agent: &str) -> String {
    let printable = user_agent.chars().filter(|letter| !letter.is_control());
    printable.take(LONGEST_USER_AGENT).collect()
}
