//! Rows are put back into a database that is in use, in one transaction.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use tokio_postgres::Client;

use super::super::reading;
use super::super::{BackupError, Vault};
use super::Selection;
use super::filling::load_piece;
use super::user::{self, PickedRows};
use crate::config::DatabaseSettings;
use crate::db::admin;
use crate::domain::backups::{BackupId, Manifest, Tally};

/// Puts back what is missing of a table, or all of a user as it was. Rows that are there and belong to
/// nobody who is restored stay as they are.
pub(super) async fn put_back(
    vault: &Vault,
    (id, manifest): (BackupId, &Manifest),
    selection: &Selection,
    (there, patience): (&DatabaseSettings, Option<Duration>),
) -> Result<Vec<(String, u64)>, BackupError> {
    let client = admin::connect_for_copies(there).await?;
    let applied = admin::applied_steps(&client).await?;
    if applied != manifest.migrations {
        return Err(BackupError::OtherSchema {
            found: applied.last().map_or(0, |step| step.version),
            backup: manifest.schema_version(),
        });
    }
    // The store is read before: nobody waits for it in the transaction.
    let rows = match selection {
        Selection::User(user) => Rows::Picked(user::rows_of(vault, id, manifest, *user).await?),
        Selection::Table(name) => load_beside(&client, (vault, id), manifest, name).await?,
    };
    admin::begin_putting_back(&client, &manifest.partitions, patience).await?;
    let done = async {
        if let Selection::User(user) = selection {
            admin::delete_user(&client, user.uuid()).await?;
        }
        merge(&client, rows).await
    };
    match done.await {
        Ok(counts) => {
            admin::end_putting_back(&client, true).await?;
            Ok(counts)
        }
        Err(error) => {
            // On a broken connection the server does it.
            let _ = admin::end_putting_back(&client, false).await;
            Err(error)
        }
    }
}

/// Where the rows are that are put back.
enum Rows {
    /// Those of a user, table by table.
    Picked(Vec<PickedRows>),
    /// All of a table, which may be more than memory holds: in one beside it.
    Beside { table: String, columns: Vec<String> },
}

/// Loads a table into one beside it, piece by piece, and holds it against the manifest.
async fn load_beside(
    client: &Client,
    (vault, id): (&Vault, BackupId),
    manifest: &Manifest,
    name: &str,
) -> Result<Rows, BackupError> {
    let table = manifest.table(name);
    let table = table.ok_or_else(|| BackupError::NoTable(name.to_owned()))?;
    let beside = admin::table_beside(client, &table.table).await?;
    let mut found = Tally::default();
    for place in reading::places(table) {
        found += load_piece((vault, id), client, table, place, beside).await?;
    }
    reading::hold(id, table, found)?;
    Ok(Rows::Beside {
        table: table.table.clone(),
        columns: table.columns.clone(),
    })
}

/// Takes over the rows that are missing; tells how many by table, without those that missed none.
async fn merge(client: &Client, rows: Rows) -> Result<Vec<(String, u64)>, BackupError> {
    let mut counts = Vec::new();
    match rows {
        Rows::Beside { table, columns } => {
            let count = admin::merge_from_beside(client, &table, &columns).await?;
            counts.push((table, count));
        }
        Rows::Picked(tables) => {
            for picked in tables {
                let text = stream::iter([Ok::<_, BackupError>(Bytes::from(picked.text))]);
                let beside = admin::table_beside(client, &picked.table).await?;
                admin::copy_in(client, beside, &picked.columns, text).await?;
                let count = admin::merge_from_beside(client, &picked.table, &picked.columns).await?;
                counts.push((picked.table, count));
            }
        }
    }
    counts.retain(|(_, count)| *count > 0);
    Ok(counts)
}
