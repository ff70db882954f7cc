//! The schema as the catalog describes it, one line a thing, so that two can be compared.

use tokio_postgres::Client;

/// Everything in `public` but the runner's own book.
const DESCRIPTION: &str = "
WITH ours AS (
    SELECT c.oid, c.relname, c.relkind, c.relpartbound, c.reloptions
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'schema_migrations%'
)
SELECT format('%s %s %s by %s as %s', relkind, relname, reloptions, pg_get_partkeydef(oid),
              pg_get_expr(relpartbound, oid))
FROM ours
UNION ALL
SELECT format('column %s.%s %s not null %s default %s at %s', o.relname, a.attname,
              format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
              row_number() OVER (PARTITION BY o.oid ORDER BY a.attnum))
FROM ours o
JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL
SELECT format('constraint %s on %s %s validated %s', k.conname, o.relname, pg_get_constraintdef(k.oid), k.convalidated)
FROM ours o JOIN pg_constraint k ON k.conrelid = o.oid
UNION ALL
SELECT format('index %s valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
FROM ours o JOIN pg_index i ON i.indexrelid = o.oid
UNION ALL
SELECT format('trigger %s', pg_get_triggerdef(t.oid))
FROM ours o JOIN pg_trigger t ON t.tgrelid = o.oid WHERE NOT t.tgisinternal
UNION ALL
SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT format('type %s', typname) FROM pg_type
WHERE typnamespace = 'public'::regnamespace AND typtype IN ('d', 'e', 'r')
UNION ALL
SELECT format('extension %s', extname) FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL
SELECT format('schema %s', nspname) FROM pg_namespace
WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('public', 'information_schema')
ORDER BY 1";

/// Describes the schema.
pub(super) async fn describe(client: &Client) -> Vec<String> {
    let rows = client.query(DESCRIPTION, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Whether a table, index or the like is there.
pub(super) async fn has(client: &Client, name: &str) -> bool {
    client
        .query_one("SELECT to_regclass($1) IS NOT NULL", &[&name])
        .await
        .unwrap()
        .get(0)
}
