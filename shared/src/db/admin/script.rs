//! The script that restores a backup with nothing but `psql` and `gunzip`.

use std::fmt::Write as _;

use super::columns::names;
use super::load::{LOADING, create_partition};
use super::quoted;
use crate::db::migrations::BOOKKEEPING;
use crate::domain::backups::{BackupId, Manifest};

/// Limits of time and spellings of values: those that the rows were written with.
const SESSION: &str = "\\set ON_ERROR_STOP on
\\set QUIET on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET datestyle = ISO;
SET intervalstyle = postgres;
SET timezone = 'UTC';
SET row_security = off;
";

const REFUSE_WHAT_IS_THERE: &str = "
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::text::regnamespace) THEN
        RAISE EXCEPTION 'this database has tables: restore into an empty one';
    END IF;
END $$;
";

/// The triggers would do again what they did when the rows were written.
const TRIGGERS: &str = "
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
                WHERE NOT tgisinternal AND relnamespace = current_schema()::text::regnamespace
    LOOP EXECUTE format('ALTER TABLE %I {} TRIGGER USER', name); END LOOP;
END $$;
";

/// The schema's own rows are in the backup too.
const EMPTY_ALL: &str = "
DO $$ DECLARE names text; BEGIN
    SELECT string_agg(format('%I', relname), ', ') INTO names FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::text::regnamespace;
    EXECUTE 'TRUNCATE ' || names;
END $$;
";

/// The script of a backup; `steps` are the files that make the schema of its version.
pub fn restore_script(id: BackupId, manifest: &Manifest, steps: &[&str]) -> String {
    let mut script = format!(
        "-- Restores the backup {id} of the database {} with stock tools.\n\
         --\n\
         --   createdb NAME && psql --dbname NAME --no-psqlrc --file restore.sql\n\
         --\n\
         -- in the folder that this file and the *.copy.gz lie in. The database must be empty. It stops at the\n\
         -- first error; begin again with a new database then.\n\n",
        manifest.database.replace(char::is_control, " ")
    );
    script.push_str(SESSION);
    script.push_str(LOADING);
    script.push_str(REFUSE_WHAT_IS_THERE);
    let _ = writeln!(script, "\n{BOOKKEEPING};");
    for step in steps {
        let _ = write!(script, "\n{step}\n");
    }
    let _ = writeln!(script, "\n-- What the schema's own steps do not make.");
    for partition in &manifest.partitions {
        let _ = writeln!(script, "{};", create_partition(partition));
    }
    let _ = writeln!(
        script,
        "\n-- Rows first, then indexes and keys: that is faster, and no order of tables is needed."
    );
    for part in manifest.after_data.iter().rev() {
        let _ = writeln!(script, "{};", part.drop);
    }
    script.push_str(&TRIGGERS.replace("{}", "DISABLE"));
    script.push_str(EMPTY_ALL);
    for table in &manifest.tables {
        let _ = writeln!(
            script,
            "\\copy {} ({}) FROM PROGRAM 'gunzip -c {}'",
            quoted(&table.table),
            names(&table.columns),
            table.file
        );
    }
    for sequence in &manifest.sequences {
        let _ = writeln!(
            script,
            "CREATE SEQUENCE IF NOT EXISTS {};",
            quoted(&sequence.name)
        );
        let _ = writeln!(
            script,
            "SELECT setval('{}', {}, {}) \\g /dev/null",
            quoted(&sequence.name).replace('\'', "''"),
            sequence.last_value,
            sequence.is_called
        );
    }
    for part in &manifest.after_data {
        let _ = writeln!(script, "{};", part.create);
    }
    script.push_str(&TRIGGERS.replace("{}", "ENABLE"));
    script.push_str("\nANALYZE;\n");
    script
}
