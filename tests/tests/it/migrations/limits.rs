//! A migration never queues everybody behind itself.

use std::time::Duration;

use rstest::rstest;
use shared::clock::Stopwatch;
use tests::database::Database;
use tokio_postgres::Client;

use super::{PEOPLE, migration, noon, runner};

/// Returns when a session of this database waits for a lock.
pub(super) async fn until_somebody_waits(client: &Client) {
    let waiting = "SELECT EXISTS (SELECT FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock')";
    let watch = Stopwatch::start();
    while !client.query_one(waiting, &[]).await.unwrap().get::<_, bool>(0) {
        assert!(watch.elapsed() < Duration::from_secs(20), "nobody waits");
    }
}

#[rstest]
#[case::a_file(
    "ALTER TABLE people ADD COLUMN age integer",
    "Nothing",
    "nothing of it was kept, run it again"
)]
#[case::the_second_statement_of_a_file(
    "CREATE TABLE more (n integer); ALTER TABLE people ADD COLUMN age integer",
    "Nothing",
    "nothing of it was kept, run it again"
)]
#[case::a_file_outside_a_transaction(
    "-- no-transaction\nCREATE INDEX CONCURRENTLY people_by_name ON people (name)",
    "HalfMade",
    "run it again: what is half made is taken back first"
)]
#[tokio::test]
async fn a_held_lock_is_waited_for_seconds_and_no_longer(
    #[case] up: &'static str,
    #[case] left: &str,
    #[case] advice: &str,
) {
    let database = Database::empty().await;
    runner(&database, &[PEOPLE]).await.up(noon()).await.unwrap();
    let reader = database.client().await;
    // A long report: it reads, and writes nothing.
    reader
        .batch_execute("BEGIN; LOCK TABLE people IN ROW EXCLUSIVE MODE")
        .await
        .unwrap();
    let down = "DROP INDEX IF EXISTS people_by_name; ALTER TABLE people DROP COLUMN IF EXISTS age";
    let migrations = [PEOPLE, migration(2, "0002_waits", up, down)];
    let runner = runner(&database, &migrations).await;
    let watch = Stopwatch::start();

    let failed = runner.up(noon()).await.unwrap_err().to_string();

    assert!(
        watch.elapsed() > Duration::from_secs(2),
        "it gave up at once: {failed}"
    );
    assert!(
        watch.elapsed() < Duration::from_secs(12),
        "it waited {:?}",
        watch.elapsed()
    );
    assert!(
        failed.contains("lock timeout") && failed.ends_with(advice),
        "{failed}"
    );
    let status = runner.status().await.unwrap().pop().unwrap();
    assert_eq!(
        status
            .problem
            .map_or_else(|| "Nothing".to_owned(), |problem| format!("{problem:?}")),
        left
    );
    reader.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(runner.up(noon()).await.unwrap(), ["0002_waits"]);
}

#[tokio::test]
async fn every_file_runs_under_the_limits_whatever_an_earlier_one_set() {
    let database = Database::empty().await;
    let seen = "CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS lock,
                current_setting('statement_timeout') AS statement; SET lock_timeout = 0; SET statement_timeout = 1";
    let again =
        "INSERT INTO seen SELECT current_setting('lock_timeout'), current_setting('statement_timeout')";
    let migrations = [
        migration(1, "0001_seen", seen, "DROP TABLE seen"),
        migration(2, "0002_again", again, ""),
    ];

    runner(&database, &migrations).await.up(noon()).await.unwrap();

    let rows = database
        .client()
        .await
        .query("SELECT lock, statement FROM seen", &[])
        .await
        .unwrap();
    let seen: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(seen, vec![("5s".to_owned(), "0".to_owned()); 2]);
}
