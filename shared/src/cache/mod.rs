//! Redis: the limiter, shared "not before" times and circuit breakers, the newest scores, tickets, and plain values that expire.
//!
//! Nothing here is the only copy of anything. The connection is made by the first command, so a
//! process starts without Redis; a cut connection is made anew by the command that finds it cut.
//! One connection carries all commands of a process. Does not decide what happens when Redis is
//! down: callers get [`CacheError::Unavailable`] and choose.

mod breaker;
mod error;
mod keys;
mod limiter;
mod not_before;

#[cfg(test)]
mod tests;

pub use breaker::BreakerRule;
pub use error::CacheError;
pub use keys::Key;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::io::tcp::TcpSettings;
use redis::{Client, Cmd, FromRedisValue, IntoConnectionInfo as _, RedisResult, ScriptInvocation};
use secrecy::ExposeSecret as _;

use crate::clock::Clock;
use crate::config::CacheSettings;

/// A connection that takes longer is no use to a request that has to answer within half a second.
const CONNECT: Duration = Duration::from_secs(1);
/// The slowest command takes well under a millisecond; this allows for a network in trouble.
const RESPONSE: Duration = Duration::from_millis(500);
/// Bytes that nobody acknowledges for this long mean a dead socket. After a thaw a sandbox may
/// hold one whose other end is long gone without a word, and commands would time out for minutes.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_millis(500);

/// The way to Redis; cheap to clone, all clones share one connection.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    /// None in a process that declared no cache.
    client: Option<Client>,
    manager: OnceLock<ConnectionManager>,
    namespace: String,
    clock: Clock,
}

impl Cache {
    /// Prepares the way; connects to nothing. Fails only when the address is no Redis address.
    pub fn new(settings: &CacheSettings, clock: Clock) -> Result<Self, CacheError> {
        let info = settings
            .url
            .expose_secret()
            .into_connection_info()
            .map_err(CacheError::Address)?;
        let info = info.set_tcp_settings(tcp_settings());
        let client = client(info).map_err(CacheError::Address)?;
        Ok(Self::with(Some(client), settings.namespace.clone(), clock))
    }

    /// The cache of a process that declared none: every command answers [`CacheError::NotDeclared`].
    pub fn undeclared() -> Self {
        Self::with(None, String::new(), Clock::system())
    }

    fn with(client: Option<Client>, namespace: String, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            client,
            manager: OnceLock::new(),
            namespace,
            clock,
        }))
    }

    /// Whether Redis answers.
    pub async fn ping(&self) -> Result<(), CacheError> {
        self.command(&redis::cmd("PING")).await
    }

    /// The bytes kept under `key`, if they have not expired.
    pub async fn get(&self, key: &Key<'_>) -> Result<Option<Bytes>, CacheError> {
        let name = self.name(key);
        let found: Option<Vec<u8>> = self.command(redis::cmd("GET").arg(&name)).await?;
        Ok(found.map(Bytes::from))
    }

    /// Keeps `value` under `key` for `keep`, at least a millisecond.
    pub async fn set(&self, key: &Key<'_>, value: &[u8], keep: Duration) -> Result<(), CacheError> {
        let name = self.name(key);
        let milliseconds = u64::try_from(keep.as_millis()).unwrap_or(u64::MAX).max(1);
        let mut command = redis::cmd("SET");
        command.arg(&name).arg(value).arg("PX").arg(milliseconds);
        self.command(&command).await
    }

    /// The bytes kept under `key`, which is forgotten: of many who ask only one gets them. Who asks again
    /// because the connection broke may find that it was the one already.
    pub async fn take(&self, key: &Key<'_>) -> Result<Option<Bytes>, CacheError> {
        let name = self.name(key);
        let found: Option<Vec<u8>> = self.command(redis::cmd("GETDEL").arg(&name)).await?;
        Ok(found.map(Bytes::from))
    }

    /// Forgets `key`; tells whether there was anything to forget.
    pub async fn delete(&self, key: &Key<'_>) -> Result<bool, CacheError> {
        let name = self.name(key);
        self.command(redis::cmd("DEL").arg(&name)).await
    }

    /// `key` as Redis knows it.
    fn name(&self, key: &Key<'_>) -> String {
        format!("{}:{key}", self.0.namespace)
    }

    /// Runs a command; once more when its connection turned out to be cut. Every command here may
    /// be run twice.
    async fn command<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, CacheError> {
        let mut connection = self.manager()?.clone();
        let outcome = match command.query_async(&mut connection).await {
            Err(error) if error.is_connection_dropped() => command.query_async(&mut connection).await,
            outcome => outcome,
        };
        outcome.map_err(CacheError::from)
    }

    /// Runs a script, like a command. At worst one request is counted twice by the limiter.
    async fn script<T: FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Result<T, CacheError> {
        let mut connection = self.manager()?.clone();
        let outcome = match call.invoke_async(&mut connection).await {
            Err(error) if error.is_connection_dropped() => call.invoke_async(&mut connection).await,
            outcome => outcome,
        };
        outcome.map_err(CacheError::from)
    }

    fn manager(&self) -> Result<&ConnectionManager, CacheError> {
        if let Some(manager) = self.0.manager.get() {
            return Ok(manager);
        }
        let client = self.0.client.as_ref().ok_or(CacheError::NotDeclared)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(RESPONSE))
            // The command that finds the connection cut tries again itself; more tries here would
            // only make every request wait while Redis is down.
            .set_number_of_retries(0);
        let manager = client
            .get_connection_manager_lazy(config)
            .map_err(CacheError::Address)?;
        Ok(self.0.manager.get_or_init(|| manager))
    }
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache")
            .field("namespace", &self.0.namespace)
            .finish_non_exhaustive()
    }
}

/// Small commands must not wait for one another's acknowledgement.
fn tcp_settings() -> TcpSettings {
    let settings = TcpSettings::default().set_nodelay(true);
    #[cfg(target_os = "linux")]
    let settings = settings.set_user_timeout(UNACKNOWLEDGED);
    settings
}

#[expect(
    clippy::disallowed_methods,
    reason = "this module is the home of Redis connections"
)]
fn client(info: redis::ConnectionInfo) -> RedisResult<Client> {
    Client::open(info)
}
