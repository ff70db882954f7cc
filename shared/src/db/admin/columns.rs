//! The columns of a table, for statements that name each: two databases of one schema may have them in another
//! order.

use tokio_postgres::Client;

use super::quoted;
use crate::db::DbError;

/// The columns of a table that hold something of their own, in order.
pub(super) async fn columns(client: &Client, table: &str) -> Result<Vec<String>, DbError> {
    let statement = "SELECT attname::text FROM pg_attribute
                     WHERE attrelid = (SELECT oid FROM pg_class WHERE relname = $1
                                       AND relnamespace = current_schema()::text::regnamespace)
                       AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
                     ORDER BY attnum";
    let rows = client.query(statement, &[&table]).await?;
    let names = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>();
    Ok(names?)
}

/// Columns as a list of SQL.
pub(super) fn names(columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
    names.join(", ")
}
