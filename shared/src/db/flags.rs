//! What the whole platform has to know.

use jiff::Timestamp;
use serde_json::Value;

use db_queries::queries::operations as queries;

use super::{Db, DbError};

/// The value of a flag.
pub async fn find(db: &Db, key: &str) -> Result<Option<Value>, DbError> {
    let connection = db.get().await?;
    let row = queries::flag().bind(&connection, &key).opt().await?;
    Ok(row.map(|row| row.value))
}

/// Sets a flag for good; `updated_by` says who did.
pub async fn set(db: &Db, key: &str, value: &Value, updated_by: &str, now: Timestamp) -> Result<(), DbError> {
    let connection = db.get().await?;
    let notice: Option<&str> = None;
    queries::set_flag()
        .bind(&connection, &key, &value, &notice, &None, &now, &updated_by)
        .await?;
    Ok(())
}
