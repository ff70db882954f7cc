//! The token keys of a process, read again while it lives.
//!
//! A rotation must reach processes that started before it. The ring asks its source every five
//! minutes, and once more when a token names a key it does not know. A source that fails changes
//! nothing: the known keys hold, because a set names the key that signs after the next rotation.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use super::auth::{Identity, TokenError, TokenKeys};
use super::caller::User;
use super::error::BoxError;
use crate::config::KeySet;

/// How old the keys may be before they are read again.
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// After a failure, and after a token with an unknown key, the source is left alone for this long: whoever
/// makes up tokens must not make us ask for each.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// How long a request waits for the source: the known keys most likely do.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where keys are read from.
pub trait KeySource: Send + Sync {
    /// The keys as they are now.
    fn read(&self) -> BoxFuture<'_, Result<KeySet, BoxError>>;
}

/// The keys that sign and check tokens, for all of a process; cheap to clone.
#[derive(Clone)]
pub struct KeyRing(Arc<Inner>);

struct Inner {
    known: RwLock<Known>,
    source: Option<Arc<dyn KeySource>>,
    /// One reads at a time; others wait for what it finds.
    reading: tokio::sync::Mutex<()>,
}

struct Known {
    keys: Arc<TokenKeys>,
    /// When they are to be read again.
    ask_after: Timestamp,
    /// From when on an unknown key is a reason to read them.
    ask_for_unknown_after: Timestamp,
}

impl KeyRing {
    /// Keys that never change.
    pub fn fixed(keys: TokenKeys) -> Self {
        Self::of(keys, None, Timestamp::MAX)
    }

    /// Keys that were read from this source at `now`.
    pub fn reading(keys: TokenKeys, source: Arc<dyn KeySource>, now: Timestamp) -> Self {
        Self::of(keys, Some(source), now)
    }

    fn of(keys: TokenKeys, source: Option<Arc<dyn KeySource>>, now: Timestamp) -> Self {
        let ask_after = now.checked_add(FRESH).unwrap_or(Timestamp::MAX);
        Self(Arc::new(Inner {
            known: RwLock::new(Known {
                keys: Arc::new(keys),
                ask_after,
                ask_for_unknown_after: now,
            }),
            source,
            reading: tokio::sync::Mutex::default(),
        }))
    }

    /// A token for `identity`, signed with the current key.
    pub async fn sign(&self, identity: &Identity, now: Timestamp) -> Result<String, TokenError> {
        self.keys(now).await.sign(identity, now)
    }

    /// Whom the token speaks for at `now`.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<User, TokenError> {
        let keys = self.keys(now).await;
        match keys.verify(token, now) {
            Err(TokenError::UnknownKey) if self.read(now, |known| known.ask_for_unknown_after).await => {
                self.known().verify(token, now)
            }
            verified => verified,
        }
    }

    /// The keys as they are known now, read again where they are old.
    async fn keys(&self, now: Timestamp) -> Arc<TokenKeys> {
        self.read(now, |known| known.ask_after).await;
        self.known()
    }

    fn known(&self) -> Arc<TokenKeys> {
        let known = self.0.known.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&known.keys)
    }

    /// Reads the keys again, if it is time to. Tells whether the caller should look once more.
    async fn read(&self, now: Timestamp, due: impl Fn(&Known) -> Timestamp) -> bool {
        let Some(source) = &self.0.source else {
            return false;
        };
        let is_due = || now >= due(&self.0.known.read().unwrap_or_else(PoisonError::into_inner));
        if !is_due() {
            return false;
        }
        let _turn = self.0.reading.lock().await;
        // Whoever waited here finds what the one before read.
        if is_due() {
            let answered = tokio::time::timeout(PATIENCE, source.read()).await;
            let read: Result<TokenKeys, BoxError> = match answered {
                Ok(Ok(set)) => TokenKeys::of(&set).map_err(BoxError::from),
                Ok(Err(error)) => Err(error),
                Err(late) => Err(late.into()),
            };
            self.note(read, now);
        }
        true
    }

    fn note(&self, read: Result<TokenKeys, BoxError>, now: Timestamp) {
        let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
        known.ask_for_unknown_after = now.checked_add(PAUSE).unwrap_or(Timestamp::MAX);
        match read {
            Ok(keys) => {
                known.keys = Arc::new(keys);
                known.ask_after = now.checked_add(FRESH).unwrap_or(Timestamp::MAX);
            }
            Err(error) => {
                known.ask_after = now.checked_add(PAUSE).unwrap_or(Timestamp::MAX);
                tracing::warn!(
                    error = &*error as &dyn std::error::Error,
                    "the token keys cannot be read again; the known ones hold"
                );
            }
        }
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("KeyRing").field(&self.known()).finish()
    }
}
