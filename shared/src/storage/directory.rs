//! A directory as a store: for a machine of one's own, a disk that is mounted, a drill without a cloud.
//!
//! An object is a file below the directory. What is being written lies in `.uploads` until it is whole, is
//! then flushed to the disk and moved to its place in one step.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::{BlobStore, Object, StorageError, Stored, Upload};
use crate::ids::Ids;

/// Where objects lie that are not whole yet; no key begins so.
const UPLOADS: &str = ".uploads";

/// Names the object inside an upload's folder.
const KEY_FILE: &str = "key";

/// A directory; made when the first object is written.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    ids: Ids,
}

impl Directory {
    /// The store in a directory.
    pub fn new(root: PathBuf) -> Self {
        Self {
            root,
            ids: Ids::random(),
        }
    }

    /// The file of a key. A key that would lead out of the directory, or among the unfinished, is none.
    fn file(&self, key: &str) -> Result<PathBuf, StorageError> {
        let path = Path::new(key);
        let is_plain = path.components().all(
            |part| matches!(part, Component::Normal(name) if !name.as_encoded_bytes().starts_with(b".")),
        );
        if key.is_empty() || !is_plain {
            return Err(StorageError::Key { key: key.to_owned() });
        }
        Ok(self.root.join(path))
    }

    fn upload_folder(&self, upload: &Upload) -> PathBuf {
        self.root.join(UPLOADS).join(&upload.id)
    }

    /// File operations block: they get a thread of their own.
    fn run<'a, T: Send + 'static>(
        what: &'static str,
        key: &'a str,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> BoxFuture<'a, Result<T, StorageError>> {
        Box::pin(async move {
            let done = tokio::task::spawn_blocking(work).await;
            let outcome = done.unwrap_or_else(|error| Err(io::Error::other(error)));
            outcome.map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => StorageError::Missing { key: key.to_owned() },
                _ => StorageError::failed(what, key, error),
            })
        })
    }
}

impl BlobStore for Directory {
    fn put<'a>(&'a self, key: &'a str, body: Bytes) -> BoxFuture<'a, Result<(), StorageError>> {
        let id = self.ids.next().simple().to_string();
        let (folder, file) = (self.root.join(UPLOADS).join(id), self.file(key));
        let name = key.to_owned();
        Box::pin(async move {
            let file = file?;
            // In one go, so that nothing is left begun by whoever is dropped meanwhile.
            Self::run("write", key, move || {
                begin(&folder, &name)?;
                fs::write(folder.join(part_name(1)), &body)?;
                assemble(&folder, &file, &[1])
            })
            .await
        })
    }

    fn begin<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Upload, StorageError>> {
        let id = self.ids.next().simple().to_string();
        let (folder, file) = (self.root.join(UPLOADS).join(&id), self.file(key));
        let name = key.to_owned();
        Box::pin(async move {
            file?;
            Self::run("begin", key, move || begin(&folder, &name)).await?;
            Ok(Upload {
                key: key.to_owned(),
                id,
                begun_at: None,
            })
        })
    }

    fn part<'a>(
        &'a self,
        upload: &'a Upload,
        number: u32,
        body: Bytes,
    ) -> BoxFuture<'a, Result<Stored, StorageError>> {
        let file = self.upload_folder(upload).join(part_name(number));
        Box::pin(async move {
            Self::run("write a part of", &upload.key, move || fs::write(file, &body)).await?;
            Ok(Stored {
                number,
                tag: String::new(),
                checksum: None,
            })
        })
    }

    fn complete<'a>(
        &'a self,
        upload: &'a Upload,
        parts: Vec<Stored>,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        let (folder, file) = (self.upload_folder(upload), self.file(&upload.key));
        Box::pin(async move {
            let file = file?;
            let mut numbers: Vec<u32> = parts.iter().map(|part| part.number).collect();
            numbers.sort_unstable();
            Self::run("complete", &upload.key, move || {
                assemble(&folder, &file, &numbers)
            })
            .await
        })
    }

    fn abort<'a>(&'a self, upload: &'a Upload) -> BoxFuture<'a, Result<(), StorageError>> {
        let folder = self.upload_folder(upload);
        Self::run("give up", &upload.key, move || {
            unless_gone(fs::remove_dir_all(&folder)).map(|_| ())
        })
    }

    fn uploads<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Upload>, StorageError>> {
        let folder = self.root.join(UPLOADS);
        let wanted = prefix.to_owned();
        Self::run("list", prefix, move || {
            let mut found = Vec::new();
            for entry in entries(&folder)? {
                // Completed since the folder was read, or begun and not named yet.
                let Some(metadata) = unless_gone(entry.metadata())?.filter(fs::Metadata::is_dir) else {
                    continue;
                };
                let Some(key) = unless_gone(fs::read_to_string(entry.path().join(KEY_FILE)))? else {
                    continue;
                };
                if let (true, Some(id)) = (key.starts_with(&wanted), entry.file_name().to_str()) {
                    let written = metadata.modified()?;
                    found.push(Upload {
                        key,
                        id: id.to_owned(),
                        begun_at: Timestamp::try_from(written).ok(),
                    });
                }
            }
            Ok(found)
        })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StorageError>> {
        let file = self.file(key);
        Box::pin(async move {
            let file = file?;
            Self::run("read", key, move || Ok(Bytes::from(fs::read(file)?))).await
        })
    }

    fn read<'a>(&'a self, key: &'a str, piece: Range<u64>) -> BoxFuture<'a, Result<Bytes, StorageError>> {
        let file = self.file(key);
        Box::pin(async move {
            let file = file?;
            Self::run("read", key, move || {
                let mut file = File::open(file)?;
                file.seek(SeekFrom::Start(piece.start))?;
                let wanted = piece.end.saturating_sub(piece.start);
                let mut body = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
                file.take(wanted).read_to_end(&mut body)?;
                Ok(Bytes::from(body))
            })
            .await
        })
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StorageError>> {
        let (root, wanted) = (self.root.clone(), prefix.to_owned());
        Self::run("list", prefix, move || {
            let mut found = Vec::new();
            walk(&root, "", &wanted, &mut found)?;
            found.sort_by(|one: &Object, other| one.key.cmp(&other.key));
            Ok(found)
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StorageError>> {
        let (file, root) = (self.file(key), self.root.clone());
        Box::pin(async move {
            let file = file?;
            let deleted = Self::run("delete", key, move || {
                fs::remove_file(&file)?;
                // Folders are no objects: an empty one is left by nobody.
                for folder in file.ancestors().skip(1).take_while(|folder| *folder != root) {
                    if fs::remove_dir(folder).is_err() {
                        break;
                    }
                }
                Ok(())
            });
            match deleted.await {
                Err(error) if error.is_missing() => Ok(()),
                other => other,
            }
        })
    }
}

fn part_name(number: u32) -> String {
    format!("{number:05}")
}

fn begin(folder: &Path, key: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(KEY_FILE), key)
}

/// Puts the parts one behind the other, makes them safe on the disk, and moves the whole to its place.
fn assemble(folder: &Path, file: &Path, numbers: &[u32]) -> io::Result<()> {
    let mut parts = numbers.iter().map(|number| folder.join(part_name(*number)));
    let first = parts
        .next()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "an object has at least one part"))?;
    let mut whole = File::options().append(true).open(&first)?;
    for part in parts {
        io::copy(&mut File::open(&part)?, &mut whole)?;
        fs::remove_file(part)?;
    }
    whole.flush()?;
    whole.sync_all()?;
    let home = file.parent().unwrap_or(file);
    fs::create_dir_all(home)?;
    fs::rename(first, file)?;
    // The name is as lasting as the bytes.
    File::open(home)?.sync_all()?;
    fs::remove_dir_all(folder)
}

/// What a folder holds; nothing when there is none.
fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match unless_gone(fs::read_dir(folder))? {
        Some(entries) => entries.collect(),
        None => Ok(Vec::new()),
    }
}

/// What was found; nothing when it is not there, or is there no longer.
fn unless_gone<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// Adds the files below a folder whose keys begin as wanted; folders on another way are not looked into.
fn walk(folder: &Path, key: &str, wanted: &str, found: &mut Vec<Object>) -> io::Result<()> {
    for entry in entries(folder)? {
        let name = entry.file_name();
        let Some(name) = OsStr::to_str(&name).filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let key = if key.is_empty() {
            name.to_owned()
        } else {
            format!("{key}/{name}")
        };
        // Deleted since the folder was read.
        let Some(metadata) = unless_gone(entry.metadata())? else {
            continue;
        };
        if metadata.is_dir() {
            if wanted.starts_with(&key) || key.starts_with(wanted) {
                walk(&entry.path(), &key, wanted, found)?;
            }
        } else if key.starts_with(wanted) {
            found.push(Object {
                key,
                bytes: metadata.len(),
            });
        }
    }
    Ok(())
}
