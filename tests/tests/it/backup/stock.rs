//! A backup without us: `gunzip` and `psql` restore it, and `pg_dump` finds no difference.

use tests::backups::{Shelf, dumped_rows, dumped_schema, run, stock};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn stock_tools_alone_restore_a_backup_and_find_no_difference() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (id, manifest) = shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "stock").await;
    copy.admin
        .batch_execute(&format!("CREATE DATABASE {} TEMPLATE template0", copy.name))
        .await
        .unwrap();

    let mut psql = stock("psql");
    psql.args([
        "--no-psqlrc",
        "--quiet",
        "--dbname",
        &copy.url,
        "--file",
        "restore.sql",
    ]);
    run(psql.current_dir(shelf.folder_of(id)));

    let (source, restored) = (dumped_rows(stage.database().url()), dumped_rows(&copy.url));
    assert!(source.len() > 15, "{:?}", source.keys());
    assert_eq!(
        source.keys().collect::<Vec<_>>(),
        restored.keys().collect::<Vec<_>>()
    );
    for (table, rows) in &source {
        assert_eq!(Some(rows), restored.get(table), "{table}");
    }
    assert_eq!(dumped_schema(stage.database().url()), dumped_schema(&copy.url));
    assert_eq!(count(&copy.client().await, "SELECT nextval('by_hand')").await, 8);
    let rows: usize = source.values().map(Vec::len).sum();
    assert_eq!(manifest.rows(), rows as u64);

    // It does nothing to a database that has something in it.
    let mut again = stock("psql");
    again.args([
        "--no-psqlrc",
        "--quiet",
        "--dbname",
        &copy.url,
        "--file",
        "restore.sql",
    ]);
    let output = again.current_dir(shelf.folder_of(id)).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("restore into an empty one"));
    copy.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_restores_what_pg_dump_finds_no_difference_in_either() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (id, manifest) = shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "ours").await;

    restored::whole(&stage, &shelf, (id, &manifest), &copy)
        .await
        .unwrap();

    assert_eq!(dumped_rows(stage.database().url()), dumped_rows(&copy.url));
    assert_eq!(dumped_schema(stage.database().url()), dumped_schema(&copy.url));
    assert_eq!(count(&copy.client().await, "SELECT nextval('by_hand')").await, 8);
    copy.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_object_is_a_file_that_gunzip_turns_into_copy_text() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (id, manifest) = shelf.backup(stage.app()).await;
    for table in &manifest.tables {
        let file = shelf.folder_of(id).join(&table.file);
        let text = run(std::process::Command::new("gunzip").arg("-c").arg(file));
        assert_eq!(text.lines().count() as u64, table.rows, "{}", table.table);
        assert_eq!(text.len() as u64, table.text_bytes, "{}", table.table);
    }
}
