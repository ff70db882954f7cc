//! The files as they lie in the folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rstest::rstest;
use shared::db::migrations::{MIGRATIONS, NewPairError, new_pair};
use tests::database::Database;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations")
}

fn sql_files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

#[test]
fn what_is_compiled_in_is_what_lies_in_the_folder_and_every_up_has_a_down() {
    let compiled: BTreeMap<String, String> = MIGRATIONS
        .iter()
        .flat_map(|migration| {
            [
                (migration.up_file(), migration.up.to_owned()),
                (migration.down_file(), migration.down.to_owned()),
            ]
        })
        .collect();

    assert_eq!(sql_files(&folder()), compiled);
}

#[test]
fn the_numbers_rise_by_one_and_are_those_of_the_files() {
    for (migration, number) in MIGRATIONS.iter().zip(1..) {
        assert_eq!(migration.version, number);
        assert!(
            migration.title.starts_with(&format!("{number:04}_")),
            "{}",
            migration.title
        );
    }
}

#[test]
fn no_file_ends_the_transaction_it_runs_in() {
    for migration in MIGRATIONS {
        for sql in [migration.up, migration.down] {
            let ends = sql.lines().map(str::trim).find(|line| {
                ["BEGIN;", "COMMIT;", "ROLLBACK;", "END;"].contains(&line.to_ascii_uppercase().as_str())
            });
            assert_eq!(ends, None, "{}", migration.title);
        }
    }
}

#[test]
fn a_new_pair_has_the_next_number_and_fails_until_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(new_pair(folder.path(), "people").unwrap().title, "0001_people");
    std::fs::write(folder.path().join("README.md"), "0099_not_a_migration").unwrap();
    std::fs::write(folder.path().join("0041_other.down.sql"), "").unwrap();

    let pair = new_pair(folder.path(), "people_by_name2").unwrap();

    assert_eq!((pair.version, pair.title.as_str()), (42, "0042_people_by_name2"));
    assert_eq!(pair.up, folder.path().join("0042_people_by_name2.up.sql"));
    assert_eq!(pair.down, folder.path().join("0042_people_by_name2.down.sql"));
    for file in [&pair.up, &pair.down] {
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.starts_with("-- "), "{text}");
        assert!(
            text.contains("RAISE EXCEPTION '0042_people_by_name2 is not written yet'"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_new_pair_is_valid_sql_that_refuses_to_run() {
    let folder = tempfile::tempdir().unwrap();
    let pair = new_pair(folder.path(), "people").unwrap();
    let database = Database::empty().await;
    let client = database.client().await;
    for file in [pair.up, pair.down] {
        let failed = client
            .batch_execute(&std::fs::read_to_string(file).unwrap())
            .await
            .unwrap_err();
        let said = failed.as_db_error().map(tokio_postgres::error::DbError::message);
        assert_eq!(said, Some("0001_people is not written yet"));
    }
}

#[rstest]
#[case("")]
#[case("People")]
#[case("2nd")]
#[case("people__twice")]
#[case("people_")]
#[case("../people")]
#[case("people-by-name")]
fn a_name_that_reads_badly_is_refused_and_nothing_is_written(#[case] name: &str) {
    let folder = tempfile::tempdir().unwrap();

    let refused = new_pair(folder.path(), name).unwrap_err();

    assert!(matches!(refused, NewPairError::Name(_)), "{refused}");
    assert!(sql_files(folder.path()).is_empty());
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();

    let refused = new_pair(&folder.path().join("nowhere"), "people").unwrap_err();

    assert!(
        refused.to_string().contains("nowhere cannot be used"),
        "{refused}"
    );
}
