//! Where the token keys come from, and where they are read again.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use secrecy::ExposeSecret as _;

use crate::config::{Config, KeySet};
use crate::http::{BoxError, KeyRing, KeySource, TokenError, TokenKeys};
use crate::secrets::SecretStore;

/// The secret that holds the keys.
struct Stored {
    secrets: Arc<dyn SecretStore>,
    arn: String,
}

impl KeySource for Stored {
    fn read(&self) -> BoxFuture<'_, Result<KeySet, BoxError>> {
        Box::pin(async move {
            let text = self.secrets.secret_now(&self.arn).await?;
            KeySet::parse(text.expose_secret()).map_err(|why| format!("JWT_SECRET {why}").into())
        })
    }
}

/// The keys that this process was started with.
pub(super) fn fixed(config: &Config) -> Result<Option<KeyRing>, TokenError> {
    let keys = config.auth.as_ref().map(|auth| TokenKeys::of(&auth.keys));
    Ok(keys.transpose()?.map(KeyRing::fixed))
}

impl super::App {
    /// The same state, reading the token keys again from where their ARN says they are.
    pub fn with_secrets(mut self, secrets: Arc<dyn SecretStore>) -> Result<Self, TokenError> {
        if let Some(auth) = &self.config.auth
            && let Some(arn) = auth.keys_arn.clone()
        {
            let keys = TokenKeys::of(&auth.keys)?;
            let stored = Arc::new(Stored { secrets, arn });
            self.keys = Some(KeyRing::reading(keys, stored, self.clock.now()));
        }
        Ok(self)
    }
}
