//! Statements that cannot be prepared: partitions, databases, VACUUM, REINDEX. Every identifier goes through [`quoted`].

mod apart;
mod bloat;
mod copy;
mod indexes;
mod partitions;
mod redundant;
mod tables;

use tokio_postgres::Client;

use super::DbError;

pub use apart::{Apart, Ended};
pub use bloat::{IndexSize, list_index_sizes};
pub use copy::{copy_history, has_history};
pub use indexes::{
    InvalidIndex, Unused, drop_invalid_index, index_bytes, list_invalid_indexes, list_unused_indexes, reindex,
};
pub use partitions::{ensure_partitions, keep_partitions};
pub use redundant::{Redundant, list_redundant_indexes};
pub use tables::{Table, TableSize, database_bytes, list_largest_tables, list_tables, vacuum};

/// The schema that our tables are in, in a statement over the catalog.
const OUR_SCHEMA: &str = "(SELECT relnamespace FROM pg_class WHERE oid = 'market_data'::regclass)";

/// An identifier as SQL wants it, whatever is in it.
pub fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

/// Whether the server has a database of this name.
pub async fn has_database(client: &Client, name: &str) -> Result<bool, DbError> {
    let row = client
        .query_one(
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)",
            &[&name],
        )
        .await?;
    Ok(row.try_get(0)?)
}

/// The database of this name and those whose names begin with it and an underscore, by name.
pub async fn list_databases_beside(client: &Client, name: &str) -> Result<Vec<String>, DbError> {
    let rows = client
        .query(
            "SELECT datname::text FROM pg_database WHERE datname = $1 OR starts_with(datname, $1 || '_') ORDER BY datname",
            &[&name],
        )
        .await?;
    let names = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>();
    Ok(names?)
}

/// Makes an empty database. The user needs the right to.
pub async fn create_database(client: &Client, name: &str) -> Result<(), DbError> {
    Ok(client
        .batch_execute(&format!("CREATE DATABASE {}", quoted(name)))
        .await?)
}

/// Drops a database with everything in it, if it is there; whoever is connected to it is cut off.
pub async fn drop_database(client: &Client, name: &str) -> Result<(), DbError> {
    Ok(client
        .batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name)))
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_cannot_end_its_quotes() {
        assert_eq!(
            quoted("a\"; DROP TABLE users; --"),
            "\"a\"\"; DROP TABLE users; --\""
        );
    }
}
