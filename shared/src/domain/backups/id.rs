//! What a backup is called: the moment it was begun at, so that names sort by age.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, de};

/// Where all backups lie in the store.
pub const PREFIX: &str = "backups/";

/// How an id is spelled: no character that a shell, a URL or a file system reads as something else.
const FORM: &str = "%Y%m%dT%H%M%S.%3fZ";

/// A backup's name: the time it was begun at, to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BackupId(Timestamp);

/// A text that is no backup's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no backup's name; they look like 20261129T030000.000Z")]
pub struct BackupIdError(String);

impl BackupId {
    /// The backup that is begun at a time.
    pub fn begun_at(time: Timestamp) -> Self {
        Self(Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time))
    }

    /// When it was begun.
    pub const fn time(self) -> Timestamp {
        self.0
    }

    /// Where its objects lie, with a slash at the end.
    pub fn prefix(self) -> String {
        format!("{PREFIX}{self}/")
    }

    /// The backup that an object belongs to; nothing when it lies elsewhere.
    pub fn of_key(key: &str) -> Option<Self> {
        let (name, _) = key.strip_prefix(PREFIX)?.split_once('/')?;
        name.parse().ok()
    }
}

/// The key of one of a backup's objects.
pub fn object_key(backup: BackupId, file: &str) -> String {
    format!("{}{file}", backup.prefix())
}

impl<'de> Deserialize<'de> for BackupId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl fmt::Display for BackupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.to_zoned(TimeZone::UTC).strftime(FORM))
    }
}

impl FromStr for BackupId {
    type Err = BackupIdError;

    fn from_str(text: &str) -> Result<Self, BackupIdError> {
        let refuse = || BackupIdError(text.to_owned());
        let time = DateTime::strptime(FORM, text).map_err(|_| refuse())?;
        let zoned = time.to_zoned(TimeZone::UTC).map_err(|_| refuse())?;
        let id = Self(zoned.timestamp());
        // One spelling a backup.
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(refuse())
        }
    }
}

/// The file of a proof, below its backup: when it was looked at, and how.
pub fn proof_file(at: Timestamp, kind: &str) -> String {
    format!("proofs/{}-{kind}.json", BackupId::begun_at(at))
}

/// Whether a key is that of a proof.
pub fn is_proof(key: &str) -> bool {
    key.contains("/proofs/")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_backup_is_called_after_its_time() {
        let id = BackupId::begun_at("2026-11-29T03:00:00.123456Z".parse().unwrap());
        assert_eq!(id.to_string(), "20261129T030000.123Z");
        assert_eq!(
            object_key(id, "manifest.json"),
            "backups/20261129T030000.123Z/manifest.json"
        );
        assert_eq!(
            BackupId::of_key("backups/20261129T030000.123Z/proofs/x.json"),
            Some(id)
        );
        for elsewhere in [
            "backups/x/manifest.json",
            "backups/20261129T030000.123Z",
            "other/x",
        ] {
            assert_eq!(BackupId::of_key(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn another_spelling_is_no_name() {
        for wrong in [
            "",
            "latest",
            "20261129T030000Z",
            "20261129T030000.1Z",
            "20261329T030000.000Z",
            "20261129T030000.000Z/",
        ] {
            assert!(wrong.parse::<BackupId>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn names_read_back_and_sort_by_time(a in 0_i64..4_000_000_000_000, b in 0_i64..4_000_000_000_000) {
            let id = |ms| BackupId::begun_at(Timestamp::from_millisecond(ms).unwrap());
            let (a, b) = (id(a), id(b));
            prop_assert_eq!(a.to_string().parse::<BackupId>().unwrap(), a);
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }
    }
}
