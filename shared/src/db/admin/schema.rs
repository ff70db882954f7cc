//! The schema as lines that two databases can be compared by.

use tokio_postgres::Client;

use crate::db::DbError;

/// The schema as lines that two databases can be compared by: what depends on the rows is not in them.
pub async fn schema_lines(client: &Client) -> Result<Vec<String>, DbError> {
    let rows = client.query(SCHEMA_LINES, &[]).await?;
    let lines = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>();
    Ok(lines?)
}

/// Of leaves only their bounds: what they have is their parent's.
const SCHEMA_LINES: &str = "
WITH tables AS (
    SELECT oid, relname, relkind, relispartition FROM pg_class
    WHERE relkind IN ('r', 'p') AND relpersistence <> 't'
      AND relnamespace = current_schema()::text::regnamespace
), lines AS (
    SELECT format('table %s column %s %s', relname, attname, format_type(atttypid, atttypmod))
           || CASE WHEN attnotnull THEN ' not null' ELSE '' END
           || coalesce(format(' default %s', pg_get_expr(adbin, adrelid)), '')
           || CASE attgenerated WHEN '' THEN '' ELSE ' generated' END AS line
    FROM tables JOIN pg_attribute ON attrelid = tables.oid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped AND NOT relispartition
    UNION ALL
    SELECT format('table %s constraint %s %s', relname, conname, pg_get_constraintdef(con.oid))
    FROM tables JOIN pg_constraint AS con ON conrelid = tables.oid
    WHERE contype <> 'n' AND NOT relispartition
    UNION ALL
    SELECT format('table %s index %s', tables.relname, pg_get_indexdef(indexrelid))
           || CASE WHEN indisvalid THEN '' ELSE ' invalid' END
    FROM tables JOIN pg_index ON indrelid = tables.oid
    WHERE NOT relispartition
    UNION ALL
    SELECT format('table %s trigger %s', relname, pg_get_triggerdef(trigger.oid))
           || CASE tgenabled WHEN 'O' THEN '' ELSE ' not enabled' END
    FROM tables JOIN pg_trigger AS trigger ON tgrelid = tables.oid
    WHERE NOT tgisinternal AND NOT relispartition
    UNION ALL
    SELECT format('partition %s of %s %s', tables.relname, parent.relname, pg_get_expr(leaf.relpartbound, leaf.oid))
    FROM tables JOIN pg_class AS leaf ON leaf.oid = tables.oid
    JOIN pg_inherits ON inhrelid = tables.oid JOIN pg_class AS parent ON parent.oid = inhparent
    UNION ALL
    SELECT format('function %s', pg_get_functiondef(oid)) FROM pg_proc
    WHERE pronamespace = current_schema()::text::regnamespace AND prokind = 'f'
    UNION ALL
    SELECT format('sequence %s', relname) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = current_schema()::text::regnamespace
)
SELECT line FROM lines ORDER BY line COLLATE \"C\"";
