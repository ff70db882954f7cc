//! What came of looking at a backup, kept beside it and signed like it.

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BackupError, Vault, seal};
use crate::domain::backups::{BackupId, ProofName, object_key};
use crate::domain::wire::Utc;

/// How a backup was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// Every byte was read, every row counted.
    Light,
    /// It was restored, and the copy compared.
    Drill,
}

impl ProofKind {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Drill => "drill",
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The backup: a proof that was moved says so.
    pub backup: String,
    /// How it was looked at.
    pub kind: ProofKind,
    /// When.
    pub at: Utc,
    /// Whether it is as it should be.
    pub passed: bool,
    /// What is wrong with it.
    pub findings: Vec<String>,
    /// Rows that were read.
    pub rows: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// Keeps a proof beside its backup.
pub(super) async fn keep(vault: &Vault, backup: BackupId, proof: &Proof) -> Result<(), BackupError> {
    let key = object_key(
        backup,
        &ProofName::file(Timestamp::from(proof.at), proof.kind.as_str()),
    );
    let sealed: Bytes = seal::seal(proof, &vault.keys)?;
    Ok(vault.store.put(&key, sealed).await?)
}

/// Reads a proof; nothing where it is no proof of this backup.
pub(super) async fn read(vault: &Vault, backup: BackupId, key: &str) -> Result<Option<Proof>, BackupError> {
    let sealed = match vault.store.get(key).await {
        Err(error) if error.is_missing() => return Ok(None),
        other => other?,
    };
    let proof: Option<Proof> = seal::open(&sealed, &vault.keys).ok();
    Ok(proof.filter(|proof| proof.backup == backup.to_string()))
}
