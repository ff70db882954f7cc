//! The connections: few, lazily made, checked before they are used again.

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts, Transaction,
};
use secrecy::ExposeSecret;
use tokio::task::AbortHandle;
use tokio_postgres::{Config, IsolationLevel};

use super::DbError;
use super::tls;
use crate::clock::Stopwatch;
use crate::config::DatabaseSettings;

/// How long a new connection may take. Within a region it takes milliseconds; a dead server never answers.
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);

/// How long a request waits for a connection to become free: longer, and its client is gone.
const POOL_PATIENCE: Duration = Duration::from_secs(3);

/// How long a statement of a task may run: a runaway one must not hold its connection for ever.
const STATEMENT_PATIENCE: Duration = Duration::from_secs(30);

/// How long a statement behind a request may run: with the pool's and the connection's time it stays
/// within the ten seconds of its function.
const ANSWER_PATIENCE: Duration = Duration::from_secs(4);

/// How long a transaction may stand idle: a sandbox that is frozen in one would hold its locks for as
/// long as its socket lives. Nothing of ours waits for anything but the database within a transaction.
const IDLE_PATIENCE: Duration = Duration::from_secs(15);

/// A connection out of the pool.
pub type Connection = Object;

/// The database. Cheap to clone; connects when first used, and again after a failure.
#[derive(Debug, Clone)]
pub struct Db {
    /// None in a process that declared no database.
    pool: Option<Pool>,
    renewed: Renewed,
}

/// Since when connections are not used any longer that were made before.
type Renewed = Arc<Mutex<Option<Stopwatch>>>;

impl Db {
    /// A pool for the database that the settings name, for tasks. Opens no connection yet.
    pub fn connect(settings: &DatabaseSettings) -> Result<Self, DbError> {
        Self::pooled(settings, STATEMENT_PATIENCE)
    }

    /// The same for a process that answers requests: statements are given up sooner.
    pub fn connect_for_answers(settings: &DatabaseSettings) -> Result<Self, DbError> {
        Self::pooled(settings, ANSWER_PATIENCE)
    }

    /// The database of a process that declared none: every use answers [`DbError::NotDeclared`].
    pub fn undeclared() -> Self {
        Self {
            pool: None,
            renewed: Renewed::default(),
        }
    }

    fn pooled(settings: &DatabaseSettings, statements: Duration) -> Result<Self, DbError> {
        let (config, tls) = prepare(settings, statements)?;
        // A thawed sandbox holds dead sockets: ask before handing one out.
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Verified,
        };
        let manager = Manager::from_config(config, tls, recycling);
        let renewed = Renewed::default();
        let pool = Pool::builder(manager)
            .pre_recycle(made_since(renewed.clone()))
            .max_size(settings.max_connections)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts {
                wait: Some(POOL_PATIENCE),
                create: Some(CONNECT_PATIENCE),
                recycle: Some(CONNECT_PATIENCE),
            })
            .build()
            .map_err(|error| DbError::Unavailable(Box::new(error)))?;
        Ok(Self {
            pool: Some(pool),
            renewed,
        })
    }

    /// A connection, new or checked.
    pub async fn get(&self) -> Result<Connection, DbError> {
        let pool = self.pool.as_ref().ok_or(DbError::NotDeclared)?;
        Ok(pool.get().await?)
    }

    /// Makes new connections from now on: those there are may be to a server that is the primary no longer,
    /// or keep a setting that has been changed since.
    pub fn renew(&self) {
        let mut renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        *renewed = Some(Stopwatch::start());
    }

    /// Ends every connection of the pool.
    pub fn close(&self) {
        if let Some(pool) = &self.pool {
            pool.close();
        }
    }
}

/// Ends connections that were made before the pool was renewed, instead of handing them out again.
fn made_since(renewed: Renewed) -> Hook {
    Hook::sync_fn(move |_, metrics| {
        let renewed = renewed.lock().unwrap_or_else(PoisonError::into_inner);
        match *renewed {
            Some(watch) if metrics.age() > watch.elapsed() => Err(HookError::message("made before")),
            _ => Ok(()),
        }
    })
}

/// Begins a transaction on a connection. One that is dropped is rolled back.
pub async fn begin(connection: &mut Connection) -> Result<Transaction<'_>, DbError> {
    Ok(connection.transaction().await?)
}

/// Begins a transaction that writes nothing and whose statements all see the same state.
pub async fn begin_reading(connection: &mut Connection) -> Result<Transaction<'_>, DbError> {
    let transaction = connection
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true);
    Ok(transaction.start().await?)
}

/// One connection outside of any pool, for migrations: they change its session.
pub async fn connect_once(settings: &DatabaseSettings) -> Result<tokio_postgres::Client, DbError> {
    // Its driver ends by itself when the client is dropped.
    let (client, _driver) = connect_apart(settings).await?;
    Ok(client)
}

/// The same, with what drives the connection: aborting that cuts it, whatever it is waiting for.
pub(super) async fn connect_apart(
    settings: &DatabaseSettings,
) -> Result<(tokio_postgres::Client, AbortHandle), DbError> {
    let (config, tls) = prepare(settings, STATEMENT_PATIENCE)?;
    let (client, connection) = config.connect(tls).await.map_err(DbError::connecting)?;
    Ok((client, tokio::spawn(connection).abort_handle()))
}

fn prepare(settings: &DatabaseSettings, statements: Duration) -> Result<(Config, tls::MakeTls), DbError> {
    let unusable = |error: tokio_postgres::Error| DbError::Unavailable(Box::new(error));
    let mut config = Config::from_str(settings.url.expose_secret()).map_err(unusable)?;
    config.connect_timeout(CONNECT_PATIENCE);
    config.application_name("automoney");
    let own = config.get_options().unwrap_or_default();
    // The later one counts: an address may ask for a shorter time, or a longer one.
    let options = format!(
        "-c statement_timeout={} -c idle_in_transaction_session_timeout={} {own} -c timezone=UTC",
        statements.as_millis(),
        IDLE_PATIENCE.as_millis()
    );
    config.options(&options);
    let tls = tls::connector(settings.ca_pem.as_deref())?;
    Ok((config, tls))
}
