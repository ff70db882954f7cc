//! A new pair of files, for whoever writes a migration. Nothing here runs one.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The files of a new migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Its number.
    pub version: i32,
    /// Its number and name; it goes into the list in `shared/src/db/migrations/files.rs`.
    pub title: String,
    /// The step forward.
    pub up: PathBuf,
    /// The same step back.
    pub down: PathBuf,
}

/// Why no files were written.
#[derive(Debug, thiserror::Error)]
pub enum NewPairError {
    /// The name would not make a readable file name.
    #[error("{0:?} is not a name for a migration: use lower-case words joined by underscores")]
    Name(String),
    /// The folder could not be read or a file not written.
    #[error("{path} cannot be used; is this the root of the repository?")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Writes `NNNN_name.up.sql` and `NNNN_name.down.sql` with the next free number into `folder`.
/// Until they are written out, both fail: a step that was forgotten must not pass for one that was taken.
pub fn new_pair(folder: &Path, name: &str) -> Result<Pair, NewPairError> {
    if !is_name(name) {
        return Err(NewPairError::Name(name.to_owned()));
    }
    let version = newest(folder)? + 1;
    let title = format!("{version:04}_{name}");
    let pair = Pair {
        up: folder.join(format!("{title}.up.sql")),
        down: folder.join(format!("{title}.down.sql")),
        version,
        title,
    };
    write(
        &pair.up,
        "-- What it adds and why. It must let the code of the version before run on.\n",
        &pair.title,
    )?;
    write(
        &pair.down,
        "-- Takes back exactly what the step forward did. Say which data is lost and which backup has it.\n",
        &pair.title,
    )?;
    Ok(pair)
}

fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('_').all(is_word)
}

/// The highest number in the folder, 0 in an empty one.
fn newest(folder: &Path) -> Result<i32, NewPairError> {
    let file_error = |source| NewPairError::File {
        path: folder.to_owned(),
        source,
    };
    let mut newest = 0;
    for entry in std::fs::read_dir(folder).map_err(file_error)? {
        let name = entry.map_err(file_error)?.file_name();
        let name = name.to_string_lossy();
        let number = name.split('_').next().filter(|_| name.ends_with(".sql"));
        newest = newest.max(number.and_then(|number| number.parse().ok()).unwrap_or_default());
    }
    Ok(newest)
}

fn write(path: &Path, comment: &str, title: &str) -> Result<(), NewPairError> {
    let file_error = |source| NewPairError::File {
        path: path.to_owned(),
        source,
    };
    let mut file = std::fs::File::create_new(path).map_err(file_error)?;
    let text = format!("{comment}DO $$ BEGIN RAISE EXCEPTION '{title} is not written yet'; END $$;\n");
    file.write_all(text.as_bytes()).map_err(file_error)
}
