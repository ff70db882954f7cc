//! The drill: a backup is restored beside the database and held against what it says of itself.

use std::collections::BTreeSet;

use futures_util::future::{BoxFuture, FutureExt as _, try_join_all};
use futures_util::{StreamExt as _, pin_mut};
use tokio_postgres::Client;

use super::queue::Queue;
use super::reading::{self, Rows};
use super::restore::{Content, Filling, connect_to_server, take_back};
use super::verify::findings;
use super::{BackupError, Damage, Findings, Proof, ProofKind, Vault, WORKERS, database, proof};
use crate::app::App;
use crate::cache::Cache;
use crate::clock::Stopwatch;
use crate::config::DatabaseSettings;
use crate::db::admin::{self, Reader, Snapshot, SourceTable};
use crate::db::{Db, DbError};
use crate::digest::sha256;
use crate::domain::backups::{BackupId, Manifest, Tally};
use crate::services::{scores, strategies};

/// Differences of the schema that are told of; more say no more.
const MOST_LINES: usize = 5;

/// Restores a backup into a database of its own, compares the copy with the manifest, reads it as the
/// application would, and drops it. Keeps what came of it beside the backup, and gives it.
pub async fn drill(
    app: &App,
    vault: &Vault,
    id: BackupId,
    manifest: &Manifest,
) -> Result<Proof, BackupError> {
    let watch = Stopwatch::start();
    // What cannot be read need not be restored.
    let mut found = findings(vault, id, manifest).await?;
    if found.is_empty() {
        found = restored(app, vault, id, manifest).await?;
    }
    proof::keep(app, vault, (id, manifest), ProofKind::Drill, (found, watch)).await
}

async fn restored(
    app: &App,
    vault: &Vault,
    id: BackupId,
    manifest: &Manifest,
) -> Result<Findings, BackupError> {
    let settings = database(app)?;
    let server = connect_to_server(settings).await?;
    let scratch = scratch_prefix(&settings.database().unwrap_or_default());
    // What a drill that died has left behind; one that is at work is connected to its own.
    for left in admin::list_databases_beside(&server, &scratch).await? {
        admin::drop_idle_database(&server, &left).await?;
    }
    let name = format!("{scratch}_{}", app.ids.next().simple());
    admin::create_database(&server, &name).await?;
    let copy = settings.with_database(&name);
    let looked = Box::pin(look(app, vault, (id, manifest), &copy)).await;
    take_back(settings, &name).await;
    looked
}

/// What the scratch databases of a database's drills begin with: short, whatever the database is called,
/// because PostgreSQL cuts long names off.
pub fn scratch_prefix(database: &str) -> String {
    let digits = sha256(database.as_bytes());
    format!("automoney_drill_{}", digits.get(..8).unwrap_or_default())
}

async fn look(
    app: &App,
    vault: &Vault,
    (id, manifest): (BackupId, &Manifest),
    copy: &DatabaseSettings,
) -> Result<Findings, BackupError> {
    let filling = Filling {
        app,
        vault,
        id,
        manifest,
        told: &|_| {},
    };
    match filling.fill(copy, &Content::Whole).await {
        Ok(_) => {}
        Err(BackupError::Damaged { damage, .. }) => return Ok(vec![damage]),
        Err(error) => return Err(error),
    }
    let client = admin::connect_for_copies(copy).await?;
    let mut found = schema_differences(manifest, &admin::schema_lines(&client).await?);
    found.extend(row_differences(manifest, copy).await?);
    found.extend(unusable(app, &client, copy).await?);
    Ok(found)
}

fn schema_differences(manifest: &Manifest, copy: &[String]) -> Findings {
    let (was, is): (BTreeSet<_>, BTreeSet<_>) = (manifest.schema.iter().collect(), copy.iter().collect());
    let missing = was.difference(&is).map(|line| format!("missing: {line}"));
    let surplus = is.difference(&was).map(|line| format!("not expected: {line}"));
    missing
        .chain(surplus)
        .take(MOST_LINES)
        .map(Damage::Schema)
        .collect()
}

/// Reads every row of the copy and holds each table against the manifest.
async fn row_differences(manifest: &Manifest, copy: &DatabaseSettings) -> Result<Findings, BackupError> {
    let snapshot = Snapshot::take(copy).await?;
    let tables = snapshot.tables().await?;
    let queue = Queue::new(&tables);
    let mut readers: Vec<BoxFuture<'_, Result<Findings, BackupError>>> = Vec::new();
    for _ in 0..WORKERS {
        let reader = snapshot.reader(copy).await?;
        readers.push(compare_tables(manifest, reader, &queue).boxed());
    }
    Ok(try_join_all(readers).await?.into_iter().flatten().collect())
}

async fn compare_tables(
    manifest: &Manifest,
    reader: Reader,
    queue: &Queue<&SourceTable>,
) -> Result<Findings, BackupError> {
    let mut found = Findings::new();
    while let Some(table) = queue.next() {
        let tally = tally(&reader, table).await?;
        found.extend(match manifest.table(&table.name) {
            Some(dump) => reading::compare(dump, tally),
            None => Some(Damage::Schema(format!("not expected: table {}", table.name))),
        });
    }
    Ok(found)
}

async fn tally(reader: &Reader, table: &SourceTable) -> Result<Tally, BackupError> {
    let mut counted = Rows::default();
    for stretch in &table.stretches {
        let rows = reader.copy_out(&table.columns, stretch).await?;
        pin_mut!(rows);
        while let Some(row) = rows.next().await {
            counted.add(&row.map_err(DbError::from)?, |_| false);
        }
    }
    Ok(counted.tally)
}

/// Reads the copy as the platform would: the strategies with what they have done, their newest scores, and
/// whether all money adds up.
async fn unusable(app: &App, client: &Client, copy: &DatabaseSettings) -> Result<Findings, BackupError> {
    let mut found = Findings::new();
    let apart = admin::count_books_apart(client).await?;
    if apart > 0 {
        found.push(Damage::Unusable(format!("{apart} books do not add up")));
    }
    let db = Db::connect(copy)?;
    let restored = App {
        db: db.clone(),
        // What the cache has is of the database that is in use.
        cache: Cache::undeclared(),
        ..app.clone()
    };
    let listed = strategies::list(&restored).await;
    if let Err(error) = &listed {
        found.push(Damage::Unusable(format!("the strategies: {error}")));
    }
    for strategy in crate::db::strategies::list_active(&db).await? {
        match scores::newest(&restored, &strategy.id, Some(None)).await {
            Ok(_) | Err(scores::ScoresError::NotYet { .. }) => {}
            Err(error) => found.push(Damage::Unusable(format!(
                "the scores of {}: {error}",
                strategy.id
            ))),
        }
    }
    db.close();
    Ok(found)
}
