//! The local process: a feed, a database for it, and the state that every function is given.

use std::sync::Arc;

use jiff::Timestamp;
use shared::app::{App, AppError};
use shared::clock::Clock;
use shared::config::{Config, ConfigError, Environment, Section};
use shared::ids::Ids;
use shared::secrets::EnvironmentSecrets;

use super::database::{DatabaseError, FeedDatabase};
use super::feed::{Feed, FeedError, scratch_suffix};
use super::hub::Hub;
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
    pub async fn start(environment: &Environment, options: &LocalOptions) -> Result<Self, StartError> {
        let feed = Feed::open(environment, options).await?;
        let clock = options.at.map_or_else(Clock::system, Clock::fixed);
        // The name of a scratch database must be unlike any other, whatever the run's own ids are.
        let scratch = options.at.map(|at| scratch_suffix(at, Ids::random().next()));
        let ids = if options.at.is_some() {
            Ids::counted()
        } else {
            Ids::random()
        };

        let mut config = load(&feed.applied_to(environment)).await?;
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

/// Everything any function reads, as one process.
async fn load(environment: &Environment) -> Result<Config, ConfigError> {
    let roomy = match environment.get("DATABASE_MAX_CONNECTIONS") {
        Some(_) => environment.clone(),
        None => environment.clone().with("DATABASE_MAX_CONNECTIONS", CONNECTIONS),
    };
    Config::load(&roomy, &Section::ALL, &EnvironmentSecrets).await
}
