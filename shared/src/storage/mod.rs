//! Where backups lie: named objects that are written once, in parts, and read back in pieces.
//!
//! A bucket of S3 or a directory, under one contract. An object that was begun and not completed is not
//! there for anybody who lists or reads. Knows no backup, signs nothing, keeps nothing in memory.

mod directory;
mod error;
mod s3;

use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

pub use directory::Directory;
pub use error::StorageError;
pub use s3::S3;

use crate::config::BackupPlace;

/// The least that a part may have, but for the last one: S3 refuses less than 5 MiB.
pub const SMALLEST_PART: usize = 8 << 20;

/// The most parts that an object may have.
pub const MOST_PARTS: u64 = 10_000;

/// An object that is being written, out of parts that may come in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The object's key.
    pub key: String,
    /// What the store calls it.
    pub id: String,
    /// When it was begun, as far as the store knows.
    pub begun_at: Option<Timestamp>,
}

/// A part that the store has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its number, from 1.
    pub number: u32,
    /// What the store knows it by.
    pub tag: String,
    /// The store's own checksum of it, where it keeps one.
    pub checksum: Option<String>,
}

/// An object of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its key.
    pub key: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// A store of objects.
pub trait BlobStore: Debug + Send + Sync {
    /// Writes a small object in one go. One that is there is replaced.
    fn put<'a>(&'a self, key: &'a str, body: Bytes) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Begins an object.
    fn begin<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Upload, StorageError>>;

    /// Writes a part of an object that was begun; a part that is written twice counts once.
    fn part<'a>(
        &'a self,
        upload: &'a Upload,
        number: u32,
        body: Bytes,
    ) -> BoxFuture<'a, Result<Stored, StorageError>>;

    /// Makes the object out of its parts, in the order of their numbers: from then on it is there.
    fn complete<'a>(
        &'a self,
        upload: &'a Upload,
        parts: Vec<Stored>,
    ) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Gives an object up that was begun.
    fn abort<'a>(&'a self, upload: &'a Upload) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Objects below a prefix that were begun and neither completed nor given up.
    fn uploads<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Upload>, StorageError>>;

    /// Reads a small object.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StorageError>>;

    /// Reads a piece of an object; less than was asked for only where the object ends.
    fn read<'a>(&'a self, key: &'a str, piece: Range<u64>) -> BoxFuture<'a, Result<Bytes, StorageError>>;

    /// The objects below a prefix, by key.
    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StorageError>>;

    /// Deletes an object; one that is not there is no error.
    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StorageError>>;
}

/// The store of a place.
pub fn open(place: &BackupPlace) -> Arc<dyn BlobStore> {
    match place {
        BackupPlace::Directory(path) => Arc::new(Directory::new(path.clone())),
        BackupPlace::Bucket(bucket) => Arc::new(S3::new(bucket.clone())),
    }
}
