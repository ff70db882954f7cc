//! The local process: a feed, a database for it, and the state that every function is given.

use std::sync::Arc;

use jiff::Timestamp;
use shared::app::{App, AppError};
use shared::clock::Clock;
use shared::config::{Config, ConfigError, Environment, Section, Stage, Variable};
use shared::ids::Ids;
use shared::secrets::EnvironmentSecrets;

use super::database::{DatabaseError, FeedDatabase};
use super::feed::{Feed, FeedError, scratch_suffix};
use super::hub::Hub;
use super::signin;
use crate::cli::LocalOptions;

/// All functions share the connections of one process here; each Lambda has two of its own.
const CONNECTIONS: &str = "10";

/// Why the process could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The market feed cannot be used.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The configuration names no database.
    #[error("no database is configured")]
    NoDatabase,
    /// The database cannot be made ready.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The state cannot be built.
    #[error(transparent)]
    App(#[from] AppError),
}

/// What runs until the end.
#[derive(Debug)]
pub struct Process {
    /// What every function is given.
    pub app: App,
    /// The WebSockets that are open here.
    pub hub: Arc<Hub>,
    /// The market that is read; it stops with the process.
    pub feed: Feed,
    /// Where it is kept.
    pub database: FeedDatabase,
    /// The database is dropped at the end.
    is_scratch: bool,
}

impl Process {
    /// Chooses feed and database, and brings the schema up.
    ///
    /// Its pages may sign people in and call the API when it is going to serve on `port`.
    pub async fn start(
        environment: &Environment,
        options: &LocalOptions,
        port: Option<u16>,
    ) -> Result<Self, StartError> {
        let feed = Feed::open(environment, options).await?;
        let clock = options.at.map_or_else(Clock::system, Clock::fixed);
        // The name of a scratch database must be unlike any other, whatever the run's own ids are.
        let scratch = options.at.map(|at| scratch_suffix(at, Ids::random().next()));
        let ids = if options.at.is_some() {
            Ids::counted()
        } else {
            Ids::random()
        };

        let mut told = feed.applied_to(environment);
        if let Some(port) = port {
            told = with_pages(told, port, feed.signs_in());
        }
        let mut config = load(&told).await?;
        let suffix = scratch.as_deref().or(feed.suffix.as_deref());
        let given = config.database.as_ref().ok_or(StartError::NoDatabase)?;
        let database = FeedDatabase::beside(given, suffix);
        database
            .prepare(&feed.identity, options.reset, clock.now())
            .await?;

        config.database = Some(database.settings.clone());
        if let (Some(cache), Some(_)) = (&mut config.cache, suffix) {
            // What one feed left in Redis must not be found by another.
            cache.namespace = format!("{}-{}", cache.namespace, database.name);
        }
        let hub = Arc::new(Hub::default());
        let mut app = App::new(config, clock, ids)?;
        // Whatever gateway is configured: the clients of this process are connected to it.
        app.push = Some(hub.clone());
        app.warm_up().await;
        Ok(Self {
            app,
            hub,
            feed,
            database,
            is_scratch: scratch.is_some(),
        })
    }

    /// The process's time.
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// Lets everything go; a scratch database is dropped.
    pub async fn stop(self) -> Result<(), StartError> {
        self.app.db.close();
        if self.is_scratch {
            self.database.discard().await?;
        }
        Ok(())
    }
}

/// The environment that lets pages of this process in, beside those that it names already.
fn with_pages(environment: Environment, port: u16, signs_in: bool) -> Environment {
    const ORIGINS: &str = "CORS_ALLOWED_ORIGINS";
    const PAGES: &str = "GOOGLE_REDIRECT_URIS";
    let joined = |name: &str, more: &[String]| {
        let default = Variable::named(name).and_then(|variable| variable.default);
        let given = environment.get(name).or(default).into_iter();
        given
            .chain(more.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(",")
    };
    if environment.get("ENVIRONMENT") == Some(Stage::Production.as_str()) {
        // It refuses pages that do not come over https, for good reasons.
        return environment;
    }
    let origins = joined(ORIGINS, &signin::origins(port));
    let pages = joined(PAGES, &signin::pages(port));
    let open = environment.with(ORIGINS, &origins);
    // The real provider keeps a list of its own: whoever has an account there says what is in it.
    if signs_in { open.with(PAGES, &pages) } else { open }
}

/// Everything any function reads, as one process.
async fn load(environment: &Environment) -> Result<Config, ConfigError> {
    let roomy = match environment.get("DATABASE_MAX_CONNECTIONS") {
        Some(_) => environment.clone(),
        None => environment.clone().with("DATABASE_MAX_CONNECTIONS", CONNECTIONS),
    };
    Config::load(&roomy, &Section::ALL, &EnvironmentSecrets).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_this_process_come_beside_those_that_are_named() {
        let named = Environment::from([("GOOGLE_REDIRECT_URIS", "http://localhost:5173/back")]);

        let open = with_pages(named.clone(), 8123, true);
        assert_eq!(
            open.get("GOOGLE_REDIRECT_URIS"),
            Some("http://localhost:5173/back,http://localhost:8123/signin,http://127.0.0.1:8123/signin")
        );
        let origins = open.get("CORS_ALLOWED_ORIGINS").unwrap();
        assert!(origins.contains("http://localhost:3000,"), "{origins}");
        assert!(
            origins.ends_with("http://localhost:8123,http://127.0.0.1:8123"),
            "{origins}"
        );

        let real = with_pages(named, 8123, false);
        assert_eq!(
            real.get("GOOGLE_REDIRECT_URIS"),
            Some("http://localhost:5173/back")
        );
    }

    #[test]
    fn production_is_not_opened() {
        let production = Environment::from([
            ("ENVIRONMENT", "production"),
            ("CORS_ALLOWED_ORIGINS", "https://app.example.com"),
        ]);

        let kept = with_pages(production, 8123, false);

        assert_eq!(kept.get("CORS_ALLOWED_ORIGINS"), Some("https://app.example.com"));
    }
}
