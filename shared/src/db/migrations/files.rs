//! The files under `migrations/`, compiled in. A test compares this list with the folder.

use crate::digest::sha256;

/// The first line of a file that cannot run in a transaction.
const OUTSIDE_TRANSACTION: &str = "-- no-transaction";

/// One step of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its number; steps are taken in this order.
    pub version: i32,
    /// Its number and name, as its files are called.
    pub title: &'static str,
    /// The step forward.
    pub up: &'static str,
    /// The same step back.
    pub down: &'static str,
}

macro_rules! migrations {
    ($($version:literal $title:literal),* $(,)?) => {
        &[$(Migration {
            version: $version,
            title: $title,
            up: include_str!(concat!("../../../../migrations/", $title, ".up.sql")),
            down: include_str!(concat!("../../../../migrations/", $title, ".down.sql")),
        }),*]
    };
}

/// Every migration, in order.
pub const MIGRATIONS: &[Migration] = migrations![
    1 "0001_market_data",
    2 "0002_observations",
    3 "0003_strategies",
    4 "0004_operations",
    5 "0005_revisions",
    6 "0006_market_audits",
    7 "0007_rejected_observations",
    8 "0008_quotes_and_locks",
    9 "0009_model_costs",
    10 "0010_accounts",
    11 "0011_paper_book",
    12 "0012_push",
    13 "0013_sessions",
    14 "0014_paper_delivery",
    15 "0015_push_delivery",
    16 "0016_admin",
    17 "0017_maintenance",
    18 "0018_modes",
];

impl Migration {
    /// The name of the file of the step forward.
    pub fn up_file(&self) -> String {
        format!("{}.up.sql", self.title)
    }

    /// The name of the file of the step back.
    pub fn down_file(&self) -> String {
        format!("{}.down.sql", self.title)
    }

    /// SHA-256 of the step forward, in hexadecimal.
    pub fn checksum(&self) -> String {
        sha256(self.up.as_bytes())
    }
}

/// Whether a file says that it must not run in a transaction.
pub(super) fn runs_outside_transaction(sql: &str) -> bool {
    sql.lines()
        .next()
        .is_some_and(|line| line.trim_end() == OUTSIDE_TRANSACTION)
}
