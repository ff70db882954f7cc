//! Statements that cannot be prepared: partitions, databases, VACUUM, REINDEX. Every identifier goes through [`quoted`].

mod apart;
#[cfg(feature = "backups")]
mod audit;
mod bloat;
mod columns;
mod copy;
#[cfg(feature = "backups")]
mod export;
mod indexes;
#[cfg(feature = "backups")]
mod load;
mod partitions;
mod redundant;
#[cfg(feature = "backups")]
mod schema;
#[cfg(feature = "backups")]
mod script;
mod tables;

#[cfg(feature = "backups")]
use std::time::Duration;

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::DbError;

pub use apart::{Apart, Ended};
#[cfg(feature = "backups")]
pub use audit::count_books_apart;
pub use bloat::{IndexSize, list_index_sizes};
pub use copy::{copy_history, has_history};
#[cfg(feature = "backups")]
pub use export::{Reader, Snapshot, SourceTable, Stretch, applied_steps, connect_for_copies};
pub use indexes::{
    InvalidIndex, Unused, drop_invalid_index, index_bytes, list_invalid_indexes, list_unused_indexes, reindex,
};
#[cfg(feature = "backups")]
pub use load::{
    analyse, begin_putting_back, build, clear_for_loading, copy_in, delete_user, end_putting_back,
    finish_loading, merge_from_beside, prepare_for_loading, stands_on, table_beside,
};
pub use partitions::{ensure_partitions, keep_partitions};
pub use redundant::{Redundant, list_redundant_indexes};
#[cfg(feature = "backups")]
pub use schema::schema_lines;
#[cfg(feature = "backups")]
pub use script::restore_script;
pub use tables::{Table, TableSize, database_bytes, list_largest_tables, list_tables, vacuum};

/// The schema that our tables are in, in a statement over the catalog.
const OUR_SCHEMA: &str = "(SELECT relnamespace FROM pg_class WHERE oid = 'market_data'::regclass)";

/// The server looks ten times a second whether a database that is to get another name is free.
#[cfg(feature = "backups")]
const BETWEEN_ENDS: Duration = Duration::from_millis(100);

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

/// Drops a database unless somebody is connected to it; tells whether it is gone.
pub async fn drop_idle_database(client: &Client, name: &str) -> Result<bool, DbError> {
    let dropped = client
        .batch_execute(&format!("DROP DATABASE IF EXISTS {}", quoted(name)))
        .await;
    match dropped {
        Err(error) if error.code() == Some(&SqlState::OBJECT_IN_USE) => Ok(false),
        other => Ok(other.map(|()| true)?),
    }
}

/// Puts a database into another one's place in one step: whoever looks for `name` finds the old one or the
/// new one. The old one is called `aside` then. Who is connected to it is cut off over `second`, a connection
/// of its own, meanwhile: new sessions wait for the name.
#[cfg(feature = "backups")]
pub async fn replace_database(
    (client, second): (&Client, &Client),
    name: &str,
    by: &str,
    aside: &str,
) -> Result<(), DbError> {
    let rename = |from, to| format!("ALTER DATABASE {} RENAME TO {}", quoted(from), quoted(to));
    let both = format!("BEGIN; {}; {}; COMMIT", rename(name, aside), rename(by, name));
    let renamed = tokio::select! {
        renamed = client.batch_execute(&both) => renamed,
        error = end_sessions(second, name) => Err(error),
    };
    if renamed.is_err() {
        // On a broken connection the server does it.
        let _ = client.batch_execute("ROLLBACK").await;
    }
    Ok(renamed?)
}

/// Ends every session of a database, again and again, until it cannot.
#[cfg(feature = "backups")]
async fn end_sessions(client: &Client, database: &str) -> tokio_postgres::Error {
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
    loop {
        if let Err(error) = client.execute(end, &[&database]).await {
            return error;
        }
        tokio::time::sleep(BETWEEN_ENDS).await;
    }
}

/// Gives a database another name. Nobody may be connected to it.
pub async fn rename_database(client: &Client, from: &str, to: &str) -> Result<(), DbError> {
    Ok(client
        .batch_execute(&format!(
            "ALTER DATABASE {} RENAME TO {}",
            quoted(from),
            quoted(to)
        ))
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
