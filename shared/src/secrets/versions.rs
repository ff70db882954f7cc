//! The versions of one secret in Secrets Manager, as a rotation moves them.
//!
//! The store calls a rotation in four steps; what they do to the value is decided elsewhere.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

use super::SecretError;
use super::manager::connect;

/// The version that is in use.
pub const CURRENT: &str = "AWSCURRENT";
/// The version that a rotation makes.
pub const PENDING: &str = "AWSPENDING";

/// What the store knows of a secret's versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stages {
    /// Whether rotation is switched on.
    pub rotates: bool,
    /// When the last rotation was finished.
    pub rotated_at: Option<Timestamp>,
    /// The versions, each with its stages.
    pub versions: Vec<(String, Vec<String>)>,
}

impl Stages {
    /// Whether the secret has this version.
    pub fn has(&self, version: &str) -> bool {
        self.versions.iter().any(|(id, _)| id == version)
    }

    /// Whether `version` is in `stage`.
    pub fn is_in(&self, version: &str, stage: &str) -> bool {
        let stages = self.versions.iter().filter(|(id, _)| id == version);
        stages.flat_map(|(_, stages)| stages).any(|known| known == stage)
    }

    /// The version in `stage`.
    pub fn version_in(&self, stage: &str) -> Option<&str> {
        let found = self
            .versions
            .iter()
            .find(|(_, stages)| stages.iter().any(|known| known == stage));
        found.map(|(id, _)| id.as_str())
    }
}

/// One secret.
#[derive(Debug, Clone)]
pub struct Versions {
    client: Client,
    name: String,
}

impl Versions {
    /// The secret of this name in the account and region that the process runs in.
    pub async fn connect(name: &str) -> Self {
        Self::with_client(connect().await, name)
    }

    /// The same behind a client of one's own.
    pub fn with_client(client: Client, name: &str) -> Self {
        Self {
            client,
            name: name.to_owned(),
        }
    }

    /// Which versions there are.
    pub async fn stages(&self) -> Result<Stages, SecretError> {
        let answer = self.client.describe_secret().secret_id(&self.name).send().await;
        let secret = answer.map_err(|error| self.refused(error))?;
        let rotated_at = secret
            .last_rotated_date
            .map(|date| Timestamp::new(date.secs(), 0));
        Ok(Stages {
            rotates: secret.rotation_enabled.unwrap_or(false),
            rotated_at: rotated_at.and_then(Result::ok),
            versions: secret
                .version_ids_to_stages
                .unwrap_or_default()
                .into_iter()
                .collect(),
        })
    }

    /// The value of a version that is in `stage`; nothing when there is none.
    pub async fn find(
        &self,
        version: Option<&str>,
        stage: &str,
    ) -> Result<Option<SecretString>, SecretError> {
        let asked = self
            .client
            .get_secret_value()
            .secret_id(&self.name)
            .version_stage(stage);
        match asked.set_version_id(version.map(str::to_owned)).send().await {
            Ok(found) => {
                let text = found.secret_string.ok_or_else(|| SecretError::NotText {
                    name: self.name.clone(),
                })?;
                Ok(Some(SecretString::from(text)))
            }
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(None),
            Err(error) => Err(self.refused(error)),
        }
    }

    /// Gives the pending version its value. The store takes the same value twice and no other one.
    pub async fn put_pending(&self, version: &str, value: &SecretString) -> Result<(), SecretError> {
        let put = self
            .client
            .put_secret_value()
            .secret_id(&self.name)
            .client_request_token(version)
            .secret_string(value.expose_secret())
            .version_stages(PENDING);
        put.send().await.map_err(|error| self.refused(error))?;
        Ok(())
    }

    /// Puts `to` into use in the place of `from`.
    pub async fn move_current(&self, from: Option<&str>, to: &str) -> Result<(), SecretError> {
        let moved = self
            .client
            .update_secret_version_stage()
            .secret_id(&self.name)
            .version_stage(CURRENT)
            .move_to_version_id(to)
            .set_remove_from_version_id(from.map(str::to_owned));
        moved.send().await.map_err(|error| self.refused(error))?;
        Ok(())
    }

    fn refused<E>(&self, error: SdkError<E>) -> SecretError
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        SecretError::Refused {
            name: self.name.clone(),
            source: Box::new(error),
        }
    }
}
