//! What every handler and every task is given: configuration, clock, ids and the ways to the stores.
//!
//! Building it connects to nothing, so it cannot fail for a server that is down. Holds no rules.

#[cfg(feature = "http")]
mod gate;
#[cfg(feature = "http")]
mod keys;
mod modes;
#[cfg(feature = "http")]
mod roles;

use std::error::Error;
use std::sync::Arc;

use crate::cache::{Cache, CacheError};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{self, Db, DbError};
#[cfg(feature = "http")]
use crate::http::{KeyRing, TokenError};
use crate::ids::Ids;
#[cfg(feature = "models")]
use crate::llm::{Models, ModelsError};
use crate::push::Push;
use crate::random::Random;
#[cfg(feature = "identity")]
use crate::sources::google::{ClientError, Google};
#[cfg(feature = "sources")]
use crate::sources::{RetryPolicy, Upstream, UpstreamError};

pub use modes::Modes;

/// The state of a process; cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// What the process was told.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// New identifiers.
    pub ids: Ids,
    /// New secrets.
    pub random: Random,
    /// What signs and checks access tokens; nothing in a process that declared no sign-in section.
    #[cfg(feature = "http")]
    pub keys: Option<KeyRing>,
    /// PostgreSQL; answers "not declared" in a process that declared no database section.
    pub db: Db,
    /// Redis; answers "not declared" in a process that declared no cache section.
    pub cache: Cache,
    /// The mode of operation, and whether the database takes writes.
    pub modes: Modes,
    /// Open WebSockets; nothing in a process that holds none and was told of no gateway.
    pub push: Option<Arc<dyn Push>>,
    /// The outside services; a process that declared no sources section has none to ask.
    #[cfg(feature = "sources")]
    pub upstream: Upstream,
    /// The language models; a process that declared no models section, or has no key, has none to ask.
    #[cfg(feature = "models")]
    pub models: Models,
    /// Who signs people in; a process that declared no identity section, or was told nothing of it,
    /// has nobody to ask.
    #[cfg(feature = "identity")]
    pub google: Google,
}

/// Why the state could not be built.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The cache's settings are not usable.
    #[error("the cache cannot be used")]
    Cache(#[from] CacheError),
    /// The database's settings are not usable.
    #[error("the database cannot be used")]
    Database(#[from] DbError),
    /// The keys that sign tokens cannot be used.
    #[cfg(feature = "http")]
    #[error("JWT_SECRET cannot be used")]
    Keys(#[from] TokenError),
    /// The client for the outside services cannot be made.
    #[cfg(feature = "sources")]
    #[error("the HTTP client cannot be made")]
    Upstream(#[from] UpstreamError),
    /// The models cannot be made ready.
    #[cfg(feature = "models")]
    #[error("the language models cannot be used")]
    Models(#[from] ModelsError),
    /// The client for signing in cannot be made.
    #[cfg(feature = "identity")]
    #[error("signing in cannot be made ready")]
    Google(#[from] ClientError),
}

impl App {
    /// The state of a process with this configuration, on this clock, with these ids.
    pub fn new(config: Config, clock: Clock, ids: Ids) -> Result<Self, AppError> {
        let db = match &config.database {
            Some(settings) if config.http.is_some() => Db::connect_for_answers(settings)?,
            Some(settings) => Db::connect(settings)?,
            None => Db::undeclared(),
        };
        let cache = match &config.cache {
            Some(settings) => Cache::new(settings, clock.clone())?,
            None => Cache::undeclared(),
        };
        Ok(Self {
            #[cfg(feature = "sources")]
            upstream: Upstream::new(config.sources.clone(), RetryPolicy::default(), clock.clone())?,
            #[cfg(feature = "models")]
            models: Models::new(config.models.as_ref())?,
            #[cfg(feature = "identity")]
            google: Google::new(config.google.clone(), clock.clone())?,
            push: gateway(&config),
            random: Random::system(),
            #[cfg(feature = "http")]
            keys: keys::fixed(&config)?,
            modes: Modes::of(db.clone()),
            config: Arc::new(config),
            clock,
            ids,
            db,
            cache,
        })
    }

    /// Opens the connections this process will need, all at once. What is down stays closed and is
    /// tried again by whoever needs it: a start is never lost for it.
    pub async fn warm_up(&self) {
        let database = async {
            if self.config.database.is_some() {
                note("PostgreSQL", db::ping(&self.db).await);
                self.modes.current(self.clock.now()).await;
            }
        };
        let cache = async {
            if self.config.cache.is_some() {
                note("Redis", self.cache.ping().await);
            }
        };
        futures_util::join!(database, cache);
    }
}

/// The gateway of the address that was configured.
#[cfg(feature = "push")]
fn gateway(config: &Config) -> Option<Arc<dyn Push>> {
    let endpoint = config.push.as_ref()?.endpoint.clone()?;
    Some(Arc::new(crate::push::Gateway::new(endpoint)))
}

/// A function that links no client has no gateway.
#[cfg(not(feature = "push"))]
const fn gateway(_: &Config) -> Option<Arc<dyn Push>> {
    None
}

fn note<E: Error + 'static>(server: &'static str, outcome: Result<(), E>) {
    if let Err(error) = outcome {
        tracing::warn!(
            server,
            error = &error as &dyn Error,
            "a server does not answer yet"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Section};
    use crate::secrets::EnvironmentSecrets;

    async fn app(environment: Environment, sections: &[Section]) -> App {
        let config = Config::load(&environment, sections, &EnvironmentSecrets)
            .await
            .unwrap();
        App::new(config, Clock::system(), Ids::random()).unwrap()
    }

    #[tokio::test]
    async fn a_process_starts_while_every_server_is_down() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let environment = Environment::from([
            (
                "DATABASE_URL",
                format!("postgres://automoney:x@{closed}/automoney"),
            ),
            ("REDIS_URL", format!("redis://{closed}")),
        ]);

        let app = app(environment, &[Section::Database, Section::Cache]).await;
        app.warm_up().await;

        assert!(db::ping(&app.db).await.unwrap_err().is_unavailable());
        assert!(app.cache.ping().await.unwrap_err().is_unavailable());
    }

    #[tokio::test]
    async fn what_was_not_declared_cannot_be_used() {
        let app = app(Environment::default(), &[]).await;
        app.warm_up().await;

        assert!(matches!(app.cache.ping().await, Err(CacheError::NotDeclared)));
        assert!(matches!(db::ping(&app.db).await, Err(DbError::NotDeclared)));
    }
}
