//! What belongs to one user is picked out of a backup.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use futures_util::stream;
use tokio_postgres::Client;

use super::super::reading::{self, Rows};
use super::super::{BackupError, Vault, packing};
use crate::db::admin;
use crate::domain::backups::{
    BackupId, Filter, MalformedRow, Manifest, OWNERS, Owns, TableDump, Tally, field,
};
use crate::domain::identity::UserId;

/// The rows of a table that are to be put back, in COPY's text format.
pub(super) struct PickedRows {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    pub(super) text: Vec<u8>,
}

/// The user's rows, table by table, in an order in which each row's owner is there before it.
pub(super) async fn rows_of(
    vault: &Vault,
    id: BackupId,
    manifest: &Manifest,
    user: UserId,
) -> Result<Vec<PickedRows>, BackupError> {
    let mut picked: HashMap<&str, PickedRows> = HashMap::new();
    for owner in OWNERS {
        let Some(table) = manifest.table(owner.table) else {
            continue;
        };
        let values = match owner.owns {
            Owns::User(_) => HashSet::from([user.to_string().into_bytes()]),
            Owns::Row { of, key, .. } => values_of(picked.get(of), key)?,
            Owns::All => HashSet::new(),
        };
        let filter = match owner.owns {
            Owns::User(column) | Owns::Row { column, .. } => Some(Filter {
                column: place_of(table, column)?,
                values: &values,
            }),
            Owns::All => None,
        };
        let text = pick(vault, id, table, filter.as_ref()).await?;
        if owner.table == "users" && text.is_empty() {
            return Err(BackupError::NoUser(user));
        }
        picked.insert(
            owner.table,
            PickedRows {
                table: table.table.clone(),
                columns: table.columns.clone(),
                text,
            },
        );
    }
    Ok(OWNERS
        .iter()
        .filter_map(|owner| picked.remove(owner.table))
        .collect())
}

/// Loads picked rows; tells how many by table.
pub(super) async fn load(client: &Client, rows: Vec<PickedRows>) -> Result<Vec<(String, u64)>, BackupError> {
    let mut loaded = Vec::new();
    for picked in rows.into_iter().filter(|picked| !picked.text.is_empty()) {
        let text = stream::iter([Ok::<_, BackupError>(Bytes::from(picked.text))]);
        let count = admin::copy_in(client, &picked.table, &picked.columns, text).await?;
        loaded.push((picked.table, count));
    }
    Ok(loaded)
}

/// Reads all of a table, holds it against the manifest, and keeps what the filter takes; all of it without one.
async fn pick(
    vault: &Vault,
    id: BackupId,
    table: &TableDump,
    filter: Option<&Filter<'_>>,
) -> Result<Vec<u8>, BackupError> {
    let (mut kept, mut tally) = (Vec::new(), Tally::default());
    for place in reading::places(table) {
        let packed = reading::part(&*vault.store, id, table, place).await;
        let packed = packed.map_err(|error| error.of(id))?;
        let mut rows = Rows::default();
        let mut malformed = None;
        let unpacked = packing::unpack(&packed, |piece| {
            rows.add(&piece, |row| match filter.map(|filter| filter.takes(row)) {
                None => true,
                Some(Ok(takes)) => takes,
                Some(Err(error)) => {
                    malformed = Some(error);
                    false
                }
            });
            true
        });
        unpacked.map_err(|error| reading::not_packed(table, &error).of(id))?;
        if let Some(source) = malformed {
            return Err(row_error(table, source));
        }
        kept.extend_from_slice(&rows.kept);
        tally += rows.tally;
    }
    reading::hold(id, table, tally)?;
    Ok(kept)
}

/// The values of a column in rows that were picked.
fn values_of(picked: Option<&PickedRows>, column: &str) -> Result<HashSet<Vec<u8>>, BackupError> {
    let Some(picked) = picked else {
        return Ok(HashSet::new());
    };
    let missing = |source| BackupError::Row {
        table: picked.table.clone(),
        source,
    };
    let place = picked.columns.iter().position(|name| name == column);
    let place = place.ok_or_else(|| missing(MalformedRow::NoColumn(column.to_owned())))?;
    let rows = picked
        .text
        .split(|byte| *byte == b'\n')
        .filter(|row| !row.is_empty());
    rows.map(|row| field(row, place).map(<[u8]>::to_vec).map_err(missing))
        .collect()
}

fn place_of(table: &TableDump, column: &str) -> Result<usize, BackupError> {
    let place = table.columns.iter().position(|name| name == column);
    place.ok_or_else(|| row_error(table, MalformedRow::NoColumn(column.to_owned())))
}

fn row_error(table: &TableDump, source: MalformedRow) -> BackupError {
    BackupError::Row {
        table: table.table.clone(),
        source,
    }
}
