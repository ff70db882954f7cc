//! A table's object is read back, piece by piece, and held against the manifest: every byte by [`check`], the
//! rows by [`compare`].

use bytes::Bytes;

use super::packing::{self, Sha256};
use super::{BackupError, Damage};
use crate::digest::sha256;
use crate::domain::backups::{BackupId, FileDigest, Part, TableDump, Tally, object_key};
use crate::storage::BlobStore;

/// Why an object could not be read to its end: it is damaged, or the store failed.
#[derive(Debug)]
pub(super) enum ReadError {
    Damaged(Damage),
    Failed(BackupError),
}

impl ReadError {
    /// The same, of this backup.
    pub(super) fn of(self, backup: BackupId) -> BackupError {
        match self {
            Self::Damaged(damage) => BackupError::Damaged { backup, damage },
            Self::Failed(error) => error,
        }
    }
}

impl From<BackupError> for ReadError {
    fn from(error: BackupError) -> Self {
        Self::Failed(error)
    }
}

/// Reads a small object of a backup and holds it against its digest.
pub(super) async fn small(
    store: &dyn BlobStore,
    backup: BackupId,
    file: &str,
    digest: &FileDigest,
) -> Result<Bytes, ReadError> {
    let body = match store.get(&object_key(backup, file)).await {
        Err(error) if error.is_missing() => return Err(missing(file)),
        other => other.map_err(BackupError::from)?,
    };
    if body.len() as u64 != digest.bytes {
        return Err(length(file, digest.bytes, body.len() as u64));
    }
    if sha256(&body) != digest.sha256 {
        return Err(ReadError::Damaged(Damage::Bytes {
            file: file.to_owned(),
        }));
    }
    Ok(body)
}

/// The pieces of a table's object, each with its place.
pub(super) fn places(table: &TableDump) -> impl Iterator<Item = (u64, Part)> {
    table.parts.iter().scan(0, |at, part| {
        let from = *at;
        *at += part.bytes;
        Some((from, *part))
    })
}

/// Reads one piece.
pub(super) async fn part(
    store: &dyn BlobStore,
    backup: BackupId,
    table: &TableDump,
    (from, part): (u64, Part),
) -> Result<Bytes, ReadError> {
    let piece = from..from + part.bytes;
    let body = match store.read(&object_key(backup, &table.file), piece).await {
        Err(error) if error.is_missing() => return Err(missing(&table.file)),
        other => other.map_err(BackupError::from)?,
    };
    if body.len() as u64 != part.bytes {
        return Err(length(&table.file, table.digest.bytes, from + body.len() as u64));
    }
    Ok(body)
}

/// Reads every byte of a table and counts its rows. Gives what is wrong with it; nothing when it is whole.
pub(super) async fn check(
    store: &dyn BlobStore,
    backup: BackupId,
    table: &TableDump,
) -> Result<Option<Damage>, BackupError> {
    match check_parts(store, backup, table).await {
        Ok(()) => Ok(None),
        Err(ReadError::Damaged(damage)) => Ok(Some(damage)),
        Err(ReadError::Failed(error)) => Err(error),
    }
}

async fn check_parts(store: &dyn BlobStore, backup: BackupId, table: &TableDump) -> Result<(), ReadError> {
    let (mut hash, mut tally) = (Sha256::new(), Tally::default());
    let mut unpacked = Ok(());
    for place in places(table) {
        let body = part(store, backup, table, place).await?;
        hash.add(&body);
        if unpacked.is_ok() {
            unpacked = match count(body).await? {
                Ok(found) => {
                    tally += found;
                    Ok(())
                }
                Err(error) => Err(error),
            };
        }
    }
    // The bytes say it most exactly; what cannot be unpacked is worth a word only where they are the same.
    let end = table.digest.bytes;
    let beyond = store.read(&object_key(backup, &table.file), end..end + 1).await;
    if !beyond.map_err(BackupError::from)?.is_empty() {
        return Err(length(&table.file, end, end + 1));
    }
    let damaged = |damage| Err(ReadError::Damaged(damage));
    if hash.hex() != table.digest.sha256 {
        let file = table.file.clone();
        return damaged(Damage::Bytes { file });
    }
    if let Err(error) = unpacked {
        return Err(not_packed(table, &error));
    }
    compare(table, tally).map_or(Ok(()), damaged)
}

/// What is wrong with an object that cannot be unpacked.
pub(super) fn not_packed(table: &TableDump, error: &std::io::Error) -> ReadError {
    ReadError::Damaged(Damage::Packing {
        file: table.file.clone(),
        why: error.to_string(),
    })
}

/// Holds a table's rows against the manifest.
pub(super) fn hold(backup: BackupId, table: &TableDump, found: Tally) -> Result<(), BackupError> {
    compare(table, found).map_or(Ok(()), |damage| Err(BackupError::Damaged { backup, damage }))
}

/// What a table's rows say other than the manifest.
pub(super) fn compare(table: &TableDump, found: Tally) -> Option<Damage> {
    let name = || table.table.clone();
    if found.rows != table.rows {
        return Some(Damage::Rows {
            table: name(),
            expected: table.rows,
            found: found.rows,
        });
    }
    (found.content_hash() != table.content_hash).then(|| Damage::Content { table: name() })
}

async fn count(packed: Bytes) -> Result<std::io::Result<Tally>, BackupError> {
    let counting = tokio::task::spawn_blocking(move || {
        let mut rows = Rows::default();
        packing::unpack(&packed, |piece| {
            rows.add(&piece, |_| true);
            true
        })?;
        Ok(rows.tally)
    });
    counting.await.map_err(|_| BackupError::Interrupted)
}

/// Counts rows in a text that comes in pieces, and keeps those that somebody wants.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The beginning of a row whose end has not come yet.
    begun: Vec<u8>,
    pub(super) tally: Tally,
    /// Rows that were wanted, each with its end.
    pub(super) kept: Vec<u8>,
}

impl Rows {
    /// Adds a piece of the text, which may end within a row.
    pub(super) fn add(&mut self, piece: &[u8], mut wants: impl FnMut(&[u8]) -> bool) {
        let mut rest = piece;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let row = &rest[..end];
            if self.begun.is_empty() {
                self.take(row, &mut wants);
            } else {
                let mut whole = std::mem::take(&mut self.begun);
                whole.extend_from_slice(row);
                self.take(&whole, &mut wants);
            }
            rest = &rest[end + 1..];
        }
        self.begun.extend_from_slice(rest);
    }

    fn take(&mut self, row: &[u8], wants: &mut impl FnMut(&[u8]) -> bool) {
        self.tally.add_row(row);
        if wants(row) {
            self.kept.extend_from_slice(row);
            self.kept.push(b'\n');
        }
    }
}

fn missing(file: &str) -> ReadError {
    ReadError::Damaged(Damage::Missing {
        file: file.to_owned(),
    })
}

fn length(file: &str, expected: u64, found: u64) -> ReadError {
    ReadError::Damaged(Damage::Length {
        file: file.to_owned(),
        expected,
        found,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_are_the_same_however_the_text_is_cut(
            rows in prop::collection::vec("[a-z\t]{0,9}", 0..12),
            cuts in prop::collection::vec(1_usize..7, 1..40),
        ) {
            let text: String = rows.iter().flat_map(|row| [row.as_str(), "\n"]).collect();
            let mut whole = Tally::default();
            whole.add_rows(text.as_bytes());

            let mut cut = Rows::default();
            let (mut rest, mut cuts) = (text.as_bytes(), cuts.into_iter().cycle());
            while !rest.is_empty() {
                let (piece, later) = rest.split_at(cuts.next().unwrap_or(1).min(rest.len()));
                cut.add(piece, |row| row.starts_with(b"a"));
                rest = later;
            }

            let wanted = rows.iter().filter(|row| row.starts_with('a'));
            let kept: String = wanted.flat_map(|row| [row.as_str(), "\n"]).collect();
            prop_assert_eq!(cut.tally, whole);
            prop_assert_eq!(cut.kept, kept.into_bytes());
        }
    }
}
