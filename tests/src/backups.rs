//! A store of backups for one test, and the stock tools that ours are held against.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use secrecy::SecretString;
use shared::app::App;
use shared::config::Environment;
use shared::domain::backups::{BackupId, Manifest};
use shared::services::backup::{self, Vault};
use shared::storage::{BlobStore, Directory};
use tempfile::TempDir;

/// What signs manifests in tests.
pub const KEY: &str = "a-key-for-tests-that-signs-every-manifest";

/// A directory as a store; it goes with this value.
#[derive(Debug)]
pub struct Shelf {
    folder: TempDir,
    /// What backups are made with.
    pub vault: Vault,
}

impl Shelf {
    /// An empty one.
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Directory::new(folder.path().to_owned());
        Self {
            vault: vault(Arc::new(store)),
            folder,
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of a backup.
    pub fn folder_of(&self, backup: BackupId) -> PathBuf {
        self.path().join(backup.prefix())
    }

    /// Makes a backup.
    pub async fn backup(&self, app: &App) -> (BackupId, Manifest) {
        let created = backup::create(app, &self.vault, None).await.expect("a backup");
        let id = created.backup.parse().expect("a name");
        backup::find(&self.vault, Some(id)).await.expect("a manifest")
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self::new()
    }
}

/// A vault over any store.
pub fn vault(store: Arc<dyn BlobStore>) -> Vault {
    Vault {
        store,
        keys: Arc::new([SecretString::from(KEY)]),
    }
}

/// A program of PostgreSQL's, of the server's version where that is known.
pub fn stock(program: &str) -> Command {
    let environment = Environment::process();
    let beside = environment
        .get("POSTGRES_BIN_DIR")
        .map(|folder| Path::new(folder).join(program));
    match beside.filter(|path| path.exists()) {
        Some(path) => Command::new(path),
        None => Command::new(program),
    }
}

/// Runs a program to its end; gives what it printed.
///
/// # Panics
///
/// When it cannot be started or ends with an error.
pub fn run(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{} is needed: {error}", command.get_program().display()));
    assert!(
        output.status.success(),
        "{}: {}",
        command.get_program().display(),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

/// What `pg_dump` says of a database's rows: table by table, whatever the order of the rows.
pub fn dumped_rows(url: &str) -> BTreeMap<String, Vec<String>> {
    let mut dump = stock("pg_dump");
    let text = run(dump.args(["--data-only", "--load-via-partition-root", "--dbname", url]));
    let mut tables = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(copied) = line.strip_prefix("COPY ") {
            let rows = lines
                .by_ref()
                .take_while(|line| *line != "\\.")
                .map(str::to_owned);
            // Leaves of a partitioned table are dumped one by one, as rows of the whole.
            let table: &mut Vec<String> = tables.entry(copied.to_owned()).or_default();
            table.extend(rows);
        }
    }
    for rows in tables.values_mut() {
        rows.sort();
    }
    tables.retain(|_, rows| !rows.is_empty());
    tables
}

/// What `pg_dump` says of a database's schema, but for what is random in it.
pub fn dumped_schema(url: &str) -> String {
    let mut dump = stock("pg_dump");
    let text = run(dump.args(["--schema-only", "--no-owner", "--dbname", url]));
    let lines = text.lines().filter(|line| {
        !line.is_empty()
            && !line.starts_with("--")
            && !line.starts_with("\\restrict")
            && !line.starts_with("\\unrestrict")
    });
    let mut lines: Vec<&str> = lines.collect();
    lines.sort_unstable();
    lines.join("\n")
}
