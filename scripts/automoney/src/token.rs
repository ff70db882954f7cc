//! `automoney token`: an access token for trying things out on this machine.
//!
//! Signs with the development secret only: nobody gets into production from a shell.

use aws_lc_rs::digest;
use shared::app::App;
use shared::app::AppError;
use shared::clock::Clock;
use shared::config::{Config, ConfigError, Environment, Section, Stage, Variable};
use shared::http::{Identity, User};
use shared::ids::Ids;
use shared::secrets::EnvironmentSecrets;
use uuid::Uuid;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A secret that signs something real is not for this.
    #[error("tokens are made with the development secret only: unset JWT_SECRET and ENVIRONMENT")]
    NotLocal,
    /// A name is none of those that exist.
    #[error("{0:?} is no {1}")]
    Name(String, &'static str),
    /// The state cannot be built.
    #[error(transparent)]
    App(#[from] AppError),
    /// No key is configured.
    #[error("JWT_SECRET is not configured")]
    NoKey,
    /// The token cannot be signed.
    #[error("the token cannot be signed")]
    Sign(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Prints a token for the user that `email` names.
pub async fn run(environment: &Environment, email: &str, role: &str, tier: &str) -> Result<(), TokenError> {
    let config = Config::load(environment, &[Section::Auth], &EnvironmentSecrets).await?;
    let local = Variable::named("JWT_SECRET").and_then(|variable| variable.default);
    let is_local = environment
        .get("JWT_SECRET")
        .is_none_or(|secret| Some(secret) == local);
    if config.core.stage == Stage::Production || !is_local {
        return Err(TokenError::NotLocal);
    }
    let ids = Ids::random();
    let app = App::new(config, Clock::system(), ids.clone())?;
    let keys = app.keys.clone().ok_or(TokenError::NoKey)?;
    let user = User {
        id: user_of(email).into(),
        session: ids.next().into(),
        tier: named("tier", tier)?,
        role: named("role", role)?,
    };
    let token = keys
        .sign(
            &Identity {
                user,
                token_id: ids.next(),
            },
            app.clock.now(),
        )
        .await;
    println!("{}", token.map_err(|error| TokenError::Sign(Box::new(error)))?);
    Ok(())
}

/// The same id for the same address, without the address in it.
fn user_of(email: &str) -> Uuid {
    let digest = digest::digest(&digest::SHA256, email.trim().to_lowercase().as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn named<T: serde::de::DeserializeOwned>(kind: &'static str, name: &str) -> Result<T, TokenError> {
    serde_json::from_value(serde_json::Value::from(name)).map_err(|_| TokenError::Name(name.to_owned(), kind))
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
