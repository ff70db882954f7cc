//! Rows are put back into a database that is in use, in one transaction.

use bytes::Bytes;
use futures_util::stream;
use tokio_postgres::Client;

use super::super::{BackupError, Vault};
use super::Selection;
use super::user::{self, PickedRows};
use crate::config::DatabaseSettings;
use crate::db::admin;
use crate::domain::backups::{BackupId, Manifest};

/// Puts back what is missing of a table, or all of a user as it was. Rows that are there and belong to
/// nobody who is restored stay as they are.
pub(super) async fn put_back(
    vault: &Vault,
    (id, manifest): (BackupId, &Manifest),
    selection: &Selection,
    there: &DatabaseSettings,
) -> Result<Vec<(String, u64)>, BackupError> {
    let client = admin::connect_for_copies(there).await?;
    let applied = admin::applied_steps(&client).await?;
    if applied != manifest.migrations {
        return Err(BackupError::OtherSchema {
            found: applied.last().map_or(0, |step| step.version),
            backup: manifest.schema_version(),
        });
    }
    let rows = match selection {
        Selection::User(user) => user::rows_of(vault, id, manifest, *user).await?,
        Selection::Table(name) => vec![user::all_of(vault, id, manifest, name).await?],
    };
    admin::begin_putting_back(&client, &manifest.partitions).await?;
    let done = async {
        if let Selection::User(user) = selection {
            admin::delete_user(&client, user.uuid()).await?;
        }
        let mut counts = Vec::new();
        for picked in rows {
            let (table, count) = merge(&client, picked).await?;
            if count > 0 {
                counts.push((table, count));
            }
        }
        Ok::<_, BackupError>(counts)
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

async fn merge(client: &Client, picked: PickedRows) -> Result<(String, u64), BackupError> {
    let text = stream::iter([Ok::<_, BackupError>(Bytes::from(picked.text))]);
    let beside = admin::table_beside(client, &picked.table).await?;
    admin::copy_in(client, beside, &picked.columns, text).await?;
    let count = admin::merge_from_beside(client, &picked.table, &picked.columns).await?;
    Ok((picked.table, count))
}
