//! What came of looking at a backup, kept beside it and signed like it.

use serde::{Deserialize, Serialize};

use super::{BackupError, Findings, Vault, seal};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::domain::backups::{BackupId, Manifest, object_key, proof_file};
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

/// Keeps what came of looking at a backup beside it, and gives it.
pub(super) async fn keep(
    app: &App,
    vault: &Vault,
    (id, manifest): (BackupId, &Manifest),
    kind: ProofKind,
    (findings, watch): (Findings, Stopwatch),
) -> Result<Proof, BackupError> {
    let now = app.clock.now();
    let proof = Proof {
        backup: id.to_string(),
        kind,
        at: now.into(),
        passed: findings.is_empty(),
        findings: findings.iter().map(ToString::to_string).collect(),
        rows: manifest.rows(),
        duration_ms: watch.elapsed_ms(),
    };
    let key = object_key(id, &proof_file(now, kind.as_str()));
    vault.store.put(&key, seal::seal(&proof, &vault.keys)?).await?;
    Ok(proof)
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
