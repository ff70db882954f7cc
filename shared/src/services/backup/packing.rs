//! Rows become gzip members and rows again, on a thread of their own.

use std::fmt;
use std::io::{Read as _, Write as _};

use aws_lc_rs::digest::{Context, SHA256};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use tokio::sync::mpsc::{Receiver, Sender};

use super::BackupError;
use crate::digest::hex;
use crate::domain::backups::Tally;

/// How hard it is packed. Measured on rows of this schema: the level above takes half as long again and
/// saves a few percent, the one below grows by a tenth.
const LEVEL: u32 = 3;

/// Rows that are handed over at once: less would cost more in handing over than in packing.
pub(super) const PIECE: usize = 256 << 10;

/// Packed rows: one gzip member, or several.
#[derive(Debug, Default)]
pub(super) struct Packed {
    pub(super) bytes: Vec<u8>,
    pub(super) tally: Tally,
    /// Length of the rows as text.
    pub(super) text_bytes: u64,
}

/// Packs what comes until no more comes. A member ends where a row ends, when it is at least so large; what
/// remains is handed over at the end, however small it is.
pub(super) fn pack(
    mut pieces: Receiver<Vec<u8>>,
    packed: &Sender<Packed>,
    at_least: usize,
) -> Result<Packed, BackupError> {
    let mut member = Member::begin(at_least);
    while let Some(piece) = pieces.blocking_recv() {
        member.add(&piece)?;
        if member.is_full(at_least) && piece.ends_with(b"\n") {
            let full = std::mem::replace(&mut member, Member::begin(at_least));
            packed
                .blocking_send(full.end()?)
                .map_err(|_| BackupError::Interrupted)?;
        }
    }
    member.end()
}

struct Member {
    encoder: GzEncoder<Vec<u8>>,
    tally: Tally,
    text_bytes: u64,
}

impl Member {
    fn begin(at_least: usize) -> Self {
        Self {
            // What a piece adds after the member was almost full, too.
            encoder: GzEncoder::new(Vec::with_capacity(at_least + PIECE), Compression::new(LEVEL)),
            tally: Tally::default(),
            text_bytes: 0,
        }
    }

    fn add(&mut self, piece: &[u8]) -> Result<(), BackupError> {
        self.tally.add_rows(piece);
        self.text_bytes += piece.len() as u64;
        self.encoder.write_all(piece).map_err(BackupError::Packing)
    }

    fn is_full(&self, at_least: usize) -> bool {
        self.encoder.get_ref().len() >= at_least
    }

    fn end(self) -> Result<Packed, BackupError> {
        let bytes = match self.text_bytes {
            0 => Vec::new(),
            _ => self.encoder.finish().map_err(BackupError::Packing)?,
        };
        Ok(Packed {
            bytes,
            tally: self.tally,
            text_bytes: self.text_bytes,
        })
    }
}

/// A gzip member without a row: an object is never empty, so that stock tools can read every one.
pub(super) fn nothing() -> Result<Vec<u8>, BackupError> {
    GzEncoder::new(Vec::new(), Compression::new(LEVEL))
        .finish()
        .map_err(BackupError::Packing)
}

/// Unpacks whole members piece by piece; `take` says whether to go on.
pub(super) fn unpack(packed: &[u8], mut take: impl FnMut(Vec<u8>) -> bool) -> std::io::Result<()> {
    let mut decoder = MultiGzDecoder::new(packed);
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let read = decoder.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
        if read == 0 || !take(piece) {
            return Ok(());
        }
    }
}

/// A hash of everything that is added.
#[derive(Clone)]
pub(super) struct Sha256(Context);

impl Sha256 {
    pub(super) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn hex(self) -> String {
        hex(self.0.finish().as_ref())
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha256")
    }
}
