//! `automoney token`: an access token for trying things out on this machine, and the user it speaks for.
//!
//! Signs with the development secret only: nobody gets into production from a shell. The user is made in
//! the database of this machine that `DATABASE_URL` names and in those of its market feeds, so that
//! routes find what they look for; a database elsewhere is left alone.

use aws_lc_rs::digest;
use shared::app::{App, AppError};
use shared::clock::Clock;
use shared::config::{Config, ConfigError, DatabaseSettings, Environment, Section, Stage, Variable};
use shared::db::{Db, DbError, admin, connect_once};
use shared::domain::tier::{Role, Tier};
use shared::http::{Identity, User};
use shared::ids::Ids;
use shared::secrets::EnvironmentSecrets;
use shared::services::auth::{self, Operator, OperatorError, Person};
use uuid::Uuid;

/// Who makes these users what they are.
const OPERATOR: &str = "automoney token";

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A secret that signs something real is not for this.
    #[error("tokens are made with the development secret only: unset JWT_SECRET and ENVIRONMENT")]
    NotLocal,
    /// The state cannot be built.
    #[error(transparent)]
    App(#[from] AppError),
    /// No key is configured.
    #[error("JWT_SECRET is not configured")]
    NoKey,
    /// The user cannot be made.
    #[error("the user cannot be made")]
    User(#[from] OperatorError),
    /// The token cannot be signed.
    #[error("the token cannot be signed")]
    Sign(#[from] shared::http::TokenError),
}

/// Prints a token for the user that `email` names, and makes that user.
pub async fn run(environment: &Environment, email: &str, role: Role, tier: Tier) -> Result<(), TokenError> {
    let sections = [Section::Auth, Section::Database];
    let config = Config::load(environment, &sections, &EnvironmentSecrets).await?;
    let local = Variable::named("JWT_SECRET").and_then(|variable| variable.default);
    let is_local = environment
        .get("JWT_SECRET")
        .is_none_or(|secret| Some(secret) == local);
    if config.core.stage == Stage::Production || !is_local {
        return Err(TokenError::NotLocal);
    }
    let app = App::new(config, Clock::system(), Ids::random())?;
    let keys = app.keys.clone().ok_or(TokenError::NoKey)?;
    let user = User {
        id: user_of(email).into(),
        session: app.ids.next().into(),
        tier,
        role,
    };
    let made = match &app.config.database {
        Some(settings) if settings.is_on_this_machine() => make(&app, settings, email, user).await?,
        _ => 0,
    };
    if made == 0 {
        eprintln!(
            "automoney: no database of this machine has the user: routes that need more than a token refuse it"
        );
    }
    let identity = Identity {
        user,
        token_id: app.ids.next(),
        session_ends: None,
    };
    println!("{}", keys.sign(&identity, app.clock.now()).await?);
    Ok(())
}

/// Makes the user in the given database and in those beside it. Tells in how many.
async fn make(app: &App, given: &DatabaseSettings, email: &str, user: User) -> Result<usize, OperatorError> {
    let names = match names(given).await {
        Ok(names) => names,
        // Without a server there is nobody to make; the token is good for what needs no user.
        Err(error) if error.is_unavailable() => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    let mut made = 0;
    for name in names {
        let app = App {
            db: Db::connect(&given.with_database(&name))?,
            ..app.clone()
        };
        match make_in(&app, email, user).await {
            Ok(()) => made += 1,
            // A database of something else, or one whose schema is not up yet.
            Err(OperatorError::Failed(auth::AuthError::Database(DbError::Statement(_)))) => {}
            Err(error) => return Err(error),
        }
        app.db.close();
    }
    Ok(made)
}

async fn names(given: &DatabaseSettings) -> Result<Vec<String>, DbError> {
    let base = given.database().unwrap_or_default();
    let client = connect_once(given).await?;
    admin::list_databases_beside(&client, &base).await
}

async fn make_in(app: &App, email: &str, user: User) -> Result<(), OperatorError> {
    let name = email.trim().to_lowercase();
    // No account of Google's has such a name.
    let google_sub = format!("local:{name}");
    let person = Person {
        google_sub: &google_sub,
        email: &name,
        name: None,
    };
    auth::register(app, user.id, person).await?;
    if let Some(operator) = Operator::named(OPERATOR) {
        auth::set_role(app, &operator, user.id, user.role).await?;
        auth::set_tier(app, &operator, user.id, user.tier).await?;
    }
    Ok(())
}

/// The same id for the same address, without the address in it.
fn user_of(email: &str) -> Uuid {
    let digest = digest::digest(&digest::SHA256, email.trim().to_lowercase().as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_one_user_however_it_is_written() {
        assert_eq!(user_of("Ann@example.com "), user_of("ann@example.com"));
        assert_ne!(user_of("ann@example.com"), user_of("bob@example.com"));
    }
}
