//! Signing in with Google (OpenID Connect): a code is exchanged, the id token in return is checked.
//!
//! [`Google::identify`] is all there is: what a client brings back from Google becomes the account it
//! is of, or a [`GoogleError`] that says who has to do what. Keys and addresses are fetched before the
//! code is sent, because a code can be exchanged once: while they cannot be had, the client's code
//! stays good. Knows no user and no session, and stores nothing; no token, code, verifier or secret
//! gets into a log line or an error. Shapes and checks are those of UPSTREAMS "Google sign-in".

mod error;
mod id_token;
mod keys;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::DecodingKey;

use crate::clock::Clock;
use crate::config::GoogleSettings;

pub use error::{Endpoint, Field, GoogleError, Outage, Refusal, Trouble};
use id_token::Expected;
use keys::KeyStore;
pub use wire::ClientError;
use wire::Wire;

/// How long one answer may take.
const ANSWER_PATIENCE: Duration = Duration::from_secs(3);

/// How long signing in may take: a function of the gateway has ten seconds.
const PATIENCE_IN_ALL: Duration = Duration::from_secs(8);

/// The most characters of a code; Google's have about seventy.
const LONGEST_CODE: usize = 2_048;

/// The length of a verifier. Source: RFC 7636, section 4.1.
const VERIFIER_LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;

/// The most characters of a nonce.
const LONGEST_NONCE: usize = 255;

/// What a client brings back from Google.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// What Google sent the browser back with; it can be exchanged once.
    pub code: &'a str,
    /// What the browser showed the digest of when it left.
    pub code_verifier: &'a str,
    /// The page the browser came back to.
    pub redirect_uri: &'a str,
    /// What the browser wants to find in the id token.
    pub nonce: &'a str,
}

/// Whose account it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Google's name of the account, 1 to 255 characters of ASCII: the same for ever, unlike the address.
    pub sub: String,
    /// Its verified e-mail address.
    pub email: String,
    /// The person's name, for showing: one line, at most 200 characters.
    pub name: Option<String>,
}

/// The way to Google; cheap to clone.
#[derive(Debug, Clone)]
pub struct Google {
    settings: Option<Arc<GoogleSettings>>,
    wire: Wire,
    keys: Arc<KeyStore>,
    clock: Clock,
}

impl Google {
    /// Prepares the way; connects to nothing. Without settings nobody can sign in.
    pub fn new(settings: Option<GoogleSettings>, clock: Clock) -> Result<Self, ClientError> {
        Ok(Self {
            settings: settings.map(Arc::new),
            wire: Wire::new(ANSWER_PATIENCE)?,
            keys: Arc::default(),
            clock,
        })
    }

    /// The same, waiting at most so long for one answer.
    #[must_use]
    pub fn with_patience(self, answer_patience: Duration) -> Self {
        Self {
            wire: self.wire.with_patience(answer_patience),
            ..self
        }
    }

    /// Exchanges the code and says whose account it is.
    pub async fn identify(&self, exchange: &Exchange<'_>) -> Result<Account, GoogleError> {
        let settings = self.settings.as_deref().ok_or(GoogleError::NotConfigured)?;
        acceptable(exchange, settings)?;
        let identified = Box::pin(self.identified(exchange, settings));
        match tokio::time::timeout(PATIENCE_IN_ALL, identified).await {
            Ok(outcome) => outcome,
            Err(_) => Err(GoogleError::Unavailable(Outage {
                endpoint: Endpoint::Token,
                trouble: Trouble::TooSlow,
            })),
        }
    }

    async fn identified(
        &self,
        exchange: &Exchange<'_>,
        settings: &GoogleSettings,
    ) -> Result<Account, GoogleError> {
        let ready = self.keys.ready(&self.wire, settings, &self.clock).await?;
        let token = self
            .wire
            .exchange(&ready.token_endpoint, exchange, settings)
            .await?;
        let signed = id_token::read(token.as_str())?;
        let key = match ready.keys.named(&signed.kid) {
            Some(key) => key,
            None => self.rotated(&signed.kid, &ready, settings).await?,
        };
        let expected = Expected {
            issuer: settings.issuer(),
            client_id: &settings.client_id,
            nonce: exchange.nonce,
            now: self.clock.now(),
        };
        Ok(signed.verified(&key, &expected)?)
    }

    /// The key of this name from newer keys than the ones that do not have it.
    async fn rotated(
        &self,
        kid: &str,
        stale: &keys::Ready,
        settings: &GoogleSettings,
    ) -> Result<DecodingKey, GoogleError> {
        let newer = self.keys.newer(stale, &self.wire, settings, &self.clock).await?;
        Ok(newer.named(kid).ok_or(Refusal::UnknownKey)?)
    }
}

/// Whether Google may be asked about it at all.
fn acceptable(exchange: &Exchange<'_>, settings: &GoogleSettings) -> Result<(), GoogleError> {
    let is_word = |text: &str, longest: usize| {
        (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let refuse = |field, what| Err(GoogleError::Unacceptable { field, what });
    let verifier = exchange.code_verifier;
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !settings
        .redirect_uris
        .iter()
        .any(|uri| uri == exchange.redirect_uri)
    {
        return refuse(Field::RedirectUri, "is none of the pages that may sign in");
    }
    if !is_word(exchange.code, LONGEST_CODE) {
        return refuse(Field::Code, "is no code of Google's");
    }
    if !VERIFIER_LENGTHS.contains(&verifier.len()) || !verifier.bytes().all(is_unreserved) {
        return refuse(
            Field::CodeVerifier,
            "must be 43 to 128 letters, digits and any of - . _ ~",
        );
    }
    if !is_word(exchange.nonce, LONGEST_NONCE) {
        return refuse(Field::Nonce, "must be 1 to 255 letters, digits and signs");
    }
    Ok(())
}
