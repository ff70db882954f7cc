//! Google's addresses and keys, kept as long as Google says, asked for once by all who need them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};
use url::Url;

use super::wire::{Document, Wire};
use super::{Endpoint, Outage, Trouble};
use crate::clock::Clock;
use crate::config::GoogleSettings;

/// Where the discovery document is, below the issuer. Source: OpenID Connect Discovery 1.0, section 4.
const DISCOVERY: &str = ".well-known/openid-configuration";

/// Keys that were asked for because of an unknown name are not asked for again so soon: whoever makes
/// names up must not make us a nuisance.
const REFRESH_PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// Keys by their names.
#[derive(Default)]
pub(super) struct KeySet(HashMap<String, DecodingKey>);

/// What is needed before a code may be sent.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) token_endpoint: Url,
    pub(super) keys: Arc<KeySet>,
}

/// Addresses and keys, shared by everybody who signs in.
#[derive(Debug, Default)]
pub(super) struct KeyStore {
    /// Held while Google is asked, so that everybody else waits for that one answer.
    known: Mutex<Known>,
    /// How many times asking came to an end.
    ended: AtomicU64,
}

#[derive(Debug, Default)]
struct Known {
    addresses: Option<Kept<Addresses>>,
    keys: Option<Kept<Arc<KeySet>>>,
    /// When keys were last asked for because of an unknown name, with success.
    refreshed_at: Option<Timestamp>,
    /// The number of the last failure, and what it was.
    failed: Option<(u64, Outage)>,
}

#[derive(Debug)]
struct Kept<T> {
    value: T,
    until: Timestamp,
}

/// What is used of the discovery document.
#[derive(Debug, Clone)]
struct Addresses {
    token: Url,
    keys: Url,
}

impl KeyStore {
    /// Addresses and keys that are not too old.
    pub(super) async fn ready(
        &self,
        wire: &Wire,
        settings: &GoogleSettings,
        clock: &Clock,
    ) -> Result<Ready, Outage> {
        let mut known = self.turn().await?;
        let outcome = known.made_ready(wire, settings, clock).await;
        self.settle(&mut known, outcome)
    }

    /// Newer keys than `stale`, because a name is not among those. Asks Google unless somebody just did.
    pub(super) async fn newer(
        &self,
        stale: &Ready,
        wire: &Wire,
        settings: &GoogleSettings,
        clock: &Clock,
    ) -> Result<Arc<KeySet>, Outage> {
        let mut known = self.turn().await?;
        let now = clock.now();
        let is_recent = known
            .refreshed_at
            .is_some_and(|at| now.duration_since(at).abs() < REFRESH_PAUSE);
        let replaced = match known.keys.take() {
            Some(kept) if is_recent || !Arc::ptr_eq(&kept.value, &stale.keys) => {
                return Ok(known.keys.insert(kept).value.clone());
            }
            replaced => replaced,
        };
        let outcome = known.made_ready(wire, settings, clock).await;
        if outcome.is_err() {
            // They still tell whose the other tokens are.
            known.keys = replaced;
        } else {
            known.refreshed_at = Some(now);
        }
        Ok(self.settle(&mut known, outcome)?.keys)
    }

    /// Waits for one's turn. Whoever waited while asking failed gets that failure too, and does not
    /// ask in turn: the last of many would wait for as many time-outs.
    async fn turn(&self) -> Result<MutexGuard<'_, Known>, Outage> {
        let before = self.ended.load(Ordering::SeqCst);
        let known = self.known.lock().await;
        match known.failed {
            Some((number, outage)) if number > before => Err(outage),
            _ => Ok(known),
        }
    }

    fn settle(&self, known: &mut Known, outcome: Result<Ready, Outage>) -> Result<Ready, Outage> {
        let number = self.ended.fetch_add(1, Ordering::SeqCst) + 1;
        known.failed = outcome.as_ref().err().map(|outage| (number, *outage));
        outcome
    }
}

impl Known {
    async fn made_ready(
        &mut self,
        wire: &Wire,
        settings: &GoogleSettings,
        clock: &Clock,
    ) -> Result<Ready, Outage> {
        let addresses = match &self.addresses {
            Some(kept) if clock.now() < kept.until => kept.value.clone(),
            _ => {
                let malformed = Outage {
                    endpoint: Endpoint::Discovery,
                    trouble: Trouble::Malformed("its address is none"),
                };
                let url = settings.issuer_url.join(DISCOVERY).map_err(|_| malformed)?;
                let read = |body: &[u8]| addresses(body, settings);
                let document = wire.document(Endpoint::Discovery, &url, &read).await?;
                let kept = Kept::of(document, clock);
                self.addresses.insert(kept).value.clone()
            }
        };
        let keys = match &self.keys {
            Some(kept) if clock.now() < kept.until => kept.value.clone(),
            _ => {
                let read = |body: &[u8]| key_set(body).map(Arc::new);
                let document = wire.document(Endpoint::Keys, &addresses.keys, &read).await?;
                self.keys.insert(Kept::of(document, clock)).value.clone()
            }
        };
        Ok(Ready {
            token_endpoint: addresses.token,
            keys,
        })
    }
}

impl<T> Kept<T> {
    fn of(document: Document<T>, clock: &Clock) -> Self {
        let now = clock.now();
        Self {
            value: document.value,
            until: now.saturating_add(document.lifetime).unwrap_or(now),
        }
    }
}

fn addresses(body: &[u8], settings: &GoogleSettings) -> Result<Addresses, &'static str> {
    #[derive(Deserialize)]
    struct Configuration {
        issuer: String,
        token_endpoint: String,
        jwks_uri: String,
    }
    let found: Configuration = serde_json::from_slice(body).map_err(|_| "no discovery document")?;
    if found.issuer != settings.issuer() {
        return Err("the discovery document of another issuer");
    }
    // The secret and the codes go there: never in the open where the issuer itself is not.
    let safe = |text: &str| {
        let url = Url::parse(text).map_err(|_| "an address that is none")?;
        let is_safe = url.scheme() == "https" || url.scheme() == settings.issuer_url.scheme();
        is_safe.then_some(url).ok_or("an address that is not https")
    };
    Ok(Addresses {
        token: safe(&found.token_endpoint)?,
        keys: safe(&found.jwks_uri)?,
    })
}

/// The RSA keys for signatures; whatever else is in a set is for somebody else.
fn key_set(body: &[u8]) -> Result<KeySet, &'static str> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    let set: Set = serde_json::from_slice(body).map_err(|_| "no set of keys")?;
    let keys: HashMap<_, _> = set.keys.iter().filter_map(rsa_key).collect();
    if keys.is_empty() {
        return Err("no key for signatures");
    }
    Ok(KeySet(keys))
}

fn rsa_key(key: &Value) -> Option<(String, DecodingKey)> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let is_for_us = text("kty") == Some("RSA")
        && text("use") == Some("sig")
        && text("alg").is_none_or(|algorithm| algorithm == "RS256");
    if !is_for_us {
        return None;
    }
    let made = DecodingKey::from_rsa_components(text("n")?, text("e")?).ok()?;
    Some((text("kid")?.to_owned(), made))
}

impl KeySet {
    pub(super) fn named(&self, kid: &str) -> Option<DecodingKey> {
        self.0.get(kid).cloned()
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
