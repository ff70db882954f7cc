//! One table on its way into the store: stretches are read by several connections, packed, and put together
//! as parts of one object. The order of rows is nobody's promise, so parts are numbered as they come.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use futures_util::{StreamExt as _, pin_mut, try_join};
use tokio::sync::OnceCell;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::BackupError;
use super::packing::{self, PIECE, Packed, Sha256};
use crate::db::DbError;
use crate::db::admin::{Reader, SourceTable, Stretch};
use crate::domain::backups::{FileDigest, Part, TableDump, Tally};
use crate::storage::{BlobStore, MOST_PARTS, SMALLEST_PART, Stored, Upload};

/// Text is about twice what a row takes up on disk, and packing it makes it smaller: an estimate that leaves
/// room for the opposite.
const PACKED_AT_MOST: u64 = 4;

/// A table that is being written.
#[derive(Debug)]
pub(super) struct TableJob {
    source: SourceTable,
    key: String,
    file: String,
    part_size: usize,
    upload: OnceCell<Upload>,
    state: Mutex<Assembly>,
}

#[derive(Debug)]
struct Assembly {
    /// Stretches that nobody reads yet.
    waiting: std::vec::IntoIter<Stretch>,
    /// Connections that are at work on it.
    at_work: usize,
    /// Whole members that are too small for a part of their own.
    rest: Packed,
    tally: Tally,
    text_bytes: u64,
    bytes: u64,
    hash: Option<Sha256>,
    parts: Vec<Part>,
    stored: Vec<Stored>,
}

impl TableJob {
    pub(super) fn new(source: SourceTable, prefix: &str) -> Self {
        let file = format!("{}.copy.gz", source.name);
        let needed = (source.bytes * PACKED_AT_MOST).div_ceil(MOST_PARTS);
        Self {
            key: format!("{prefix}{file}"),
            file,
            part_size: usize::try_from(needed).unwrap_or(usize::MAX).max(SMALLEST_PART),
            upload: OnceCell::new(),
            state: Mutex::new(Assembly {
                waiting: source.stretches.clone().into_iter(),
                at_work: 0,
                rest: Packed::default(),
                tally: Tally::default(),
                text_bytes: 0,
                bytes: 0,
                hash: Some(Sha256::new()),
                parts: Vec::new(),
                stored: Vec::new(),
            }),
            source,
        }
    }

    /// The object that was begun, if one was.
    pub(super) fn begun(&self) -> Option<&Upload> {
        self.upload.get()
    }

    /// Reads stretches as long as there are any; whoever ends last completes the object.
    pub(super) async fn work(&self, reader: &Reader, store: &dyn BlobStore) -> Result<(), BackupError> {
        let Some(first) = self.join() else {
            return Ok(());
        };
        let (pieces, to_pack) = mpsc::channel(4);
        let (packed, to_store) = mpsc::channel(1);
        let part_size = self.part_size;
        let packing = tokio::task::spawn_blocking(move || packing::pack(to_pack, &packed, part_size));
        try_join!(
            self.read(reader, first, pieces),
            self.store_parts(store, to_store)
        )?;
        let rest = packing.await.map_err(|_| BackupError::Interrupted)??;
        self.leave(rest, store).await
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Assembly> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn join(&self) -> Option<Stretch> {
        let mut state = self.lock();
        let first = state.waiting.next()?;
        state.at_work += 1;
        Some(first)
    }

    async fn read(
        &self,
        reader: &Reader,
        first: Stretch,
        pieces: Sender<Vec<u8>>,
    ) -> Result<(), BackupError> {
        let mut next = Some(first);
        while let Some(stretch) = next {
            self.read_stretch(reader, &stretch, &pieces).await?;
            next = self.lock().waiting.next();
        }
        Ok(())
    }

    async fn read_stretch(
        &self,
        reader: &Reader,
        stretch: &Stretch,
        pieces: &Sender<Vec<u8>>,
    ) -> Result<(), BackupError> {
        let rows = reader.copy_out(&self.source.columns, stretch).await?;
        pin_mut!(rows);
        let mut piece = Vec::with_capacity(PIECE + (16 << 10));
        while let Some(row) = rows.next().await {
            piece.extend_from_slice(&row.map_err(DbError::from)?);
            // Only whole rows are handed over: they are counted there.
            if piece.len() >= PIECE && piece.ends_with(b"\n") {
                let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE + (16 << 10)));
                pieces.send(full).await.map_err(|_| BackupError::Interrupted)?;
            }
        }
        if !piece.is_empty() {
            pieces.send(piece).await.map_err(|_| BackupError::Interrupted)?;
        }
        Ok(())
    }

    async fn store_parts(
        &self,
        store: &dyn BlobStore,
        mut packed: Receiver<Packed>,
    ) -> Result<(), BackupError> {
        while let Some(full) = packed.recv().await {
            self.store_part(store, full).await?;
        }
        Ok(())
    }

    /// Numbers a part and writes it.
    async fn store_part(&self, store: &dyn BlobStore, packed: Packed) -> Result<(), BackupError> {
        let upload = self.upload.get_or_try_init(|| store.begin(&self.key)).await?;
        let number = self.lock().number(&packed);
        let stored = store.part(upload, number, Bytes::from(packed.bytes)).await?;
        self.lock().stored.push(stored);
        Ok(())
    }

    /// Leaves what did not fill a part to the others; the last one writes what is left and completes.
    async fn leave(&self, rest: Packed, store: &dyn BlobStore) -> Result<(), BackupError> {
        let full = {
            let mut state = self.lock();
            state.rest.absorb(&rest);
            (state.rest.bytes.len() >= self.part_size).then(|| std::mem::take(&mut state.rest))
        };
        if let Some(full) = full {
            self.store_part(store, full).await?;
        }
        let is_last = {
            let mut state = self.lock();
            state.at_work -= 1;
            state.at_work == 0 && state.waiting.len() == 0
        };
        if is_last {
            self.complete(store).await?;
        }
        Ok(())
    }

    /// Writes the object of a table that has nowhere to lie: a partitioned one without a leaf.
    pub(super) async fn complete_empty(&self, store: &dyn BlobStore) -> Result<(), BackupError> {
        if self.source.stretches.is_empty() {
            self.complete(store).await?;
        }
        Ok(())
    }

    async fn complete(&self, store: &dyn BlobStore) -> Result<(), BackupError> {
        let mut rest = std::mem::take(&mut self.lock().rest);
        let Some(upload) = self.upload.get() else {
            if rest.bytes.is_empty() {
                rest.bytes = packing::nothing()?;
            }
            self.lock().number(&rest);
            return Ok(store.put(&self.key, Bytes::from(rest.bytes)).await?);
        };
        if !rest.bytes.is_empty() {
            self.store_part(store, rest).await?;
        }
        let stored = std::mem::take(&mut self.lock().stored);
        Ok(store.complete(upload, stored).await?)
    }

    /// What became of it.
    pub(super) fn dump(&self) -> TableDump {
        let mut state = self.lock();
        TableDump {
            table: self.source.name.clone(),
            file: self.file.clone(),
            columns: self.source.columns.clone(),
            rows: state.tally.rows,
            content_hash: state.tally.content_hash(),
            text_bytes: state.text_bytes,
            digest: FileDigest {
                bytes: state.bytes,
                sha256: state.hash.take().map_or_else(String::new, Sha256::hex),
            },
            parts: state.parts.clone(),
        }
    }
}

impl Assembly {
    /// Takes a part into the object; gives its number. The hash goes by these numbers.
    fn number(&mut self, packed: &Packed) -> u32 {
        self.tally += packed.tally;
        self.text_bytes += packed.text_bytes;
        self.bytes += packed.bytes.len() as u64;
        if let Some(hash) = &mut self.hash {
            hash.add(&packed.bytes);
        }
        self.parts.push(Part {
            bytes: packed.bytes.len() as u64,
            rows: packed.tally.rows,
        });
        u32::try_from(self.parts.len()).unwrap_or(u32::MAX)
    }
}

impl Packed {
    fn absorb(&mut self, other: &Self) {
        self.bytes.extend_from_slice(&other.bytes);
        self.tally += other.tally;
        self.text_bytes += other.text_bytes;
    }
}
