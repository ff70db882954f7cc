//! AWS Secrets Manager behind a small cache.
//!
//! A value is asked for once while it is fresh, however many ask at the same time. When the store
//! fails, the last value is served for a grace period, so that its outage is not ours at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::Client;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tokio::sync::OnceCell;

use super::{SecretError, SecretStore};
use crate::clock::Clock;

/// How long a value is served without asking again: a rotation is seen within this time.
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// How much longer the last value is served while the store fails.
const GRACE: SignedDuration = SignedDuration::from_hours(6);
/// After a failure the store is left alone for this long, as long as there is a value to serve.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// One attempt; a start-up must fail before the platform's own limit of ten seconds.
const ATTEMPT: Duration = Duration::from_secs(3);
/// All attempts together.
const OPERATION: Duration = Duration::from_secs(8);

/// Secrets Manager, asked lazily: a process whose variables name no ARN never builds a client.
#[derive(Debug)]
pub struct SecretsManager {
    client: OnceCell<Client>,
    clock: Clock,
    entries: Mutex<HashMap<String, Arc<Entry>>>,
}

/// One secret; the lock is held while it is fetched, so that others wait for that one answer.
type Entry = tokio::sync::Mutex<Option<Cached>>;

#[derive(Debug)]
struct Cached {
    value: SecretString,
    fetched_at: Timestamp,
    ask_after: Timestamp,
}

impl SecretsManager {
    /// The store of the account and region the process runs in; `AWS_ENDPOINT_URL` moves it.
    pub fn new(clock: Clock) -> Self {
        Self {
            client: OnceCell::new(),
            clock,
            entries: Mutex::default(),
        }
    }

    /// The store behind a client of one's own.
    pub fn with_client(client: Client, clock: Clock) -> Self {
        Self {
            client: OnceCell::new_with(Some(client)),
            clock,
            entries: Mutex::default(),
        }
    }

    async fn cached(&self, name: &str) -> Result<SecretString, SecretError> {
        let entry = self.entry(name);
        let mut entry = entry.lock().await;
        let now = self.clock.now();
        if let Some(cached) = entry.as_ref().filter(|cached| now < cached.ask_after) {
            return Ok(cached.value.clone());
        }
        match self.fetch(name).await {
            Ok(value) => {
                *entry = Some(Cached {
                    value: value.clone(),
                    fetched_at: now,
                    ask_after: now + FRESH,
                });
                Ok(value)
            }
            Err(error) => match entry
                .as_mut()
                .filter(|cached| now < cached.fetched_at + FRESH + GRACE)
            {
                Some(cached) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        fetched_at = %cached.fetched_at,
                        "the secret store fails; the last value is used"
                    );
                    cached.ask_after = now + PAUSE;
                    Ok(cached.value.clone())
                }
                None => Err(error),
            },
        }
    }

    fn entry(&self, name: &str) -> Arc<Entry> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(entries.entry(name.to_owned()).or_default())
    }

    async fn fetch(&self, name: &str) -> Result<SecretString, SecretError> {
        let client = self.client.get_or_init(connect).await;
        let answer = client.get_secret_value().secret_id(name).send().await;
        let secret = answer.map_err(|source| SecretError::Refused {
            name: name.to_owned(),
            source: Box::new(source),
        })?;
        let text = secret.secret_string.ok_or_else(|| SecretError::NotText {
            name: name.to_owned(),
        })?;
        Ok(SecretString::from(text))
    }
}

impl SecretStore for SecretsManager {
    fn secret<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        Box::pin(self.cached(name))
    }

    fn secret_now<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        Box::pin(self.fetch(name))
    }
}

pub(super) async fn connect() -> Client {
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build();
    // A version of its own, not `latest`: an update of the crate must not change retries silently.
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .timeout_config(timeouts)
        .load()
        .await;
    Client::new(&config)
}
