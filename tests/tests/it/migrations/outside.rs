//! Files that cannot run in a transaction, whole and half made.

use shared::db::migrations::{Migration, MigrationError, Problem};
use tests::database::Database;
use tokio_postgres::Client;

use super::limits::until_somebody_waits;
use super::schema::has;
use super::{PEOPLE, migration, noon, problems, runner};

const INDEX: Migration = migration(
    2,
    "0002_people_by_name",
    "-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY people_by_name ON people (name);",
    "-- no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS people_by_name;",
);

async fn is_valid(client: &Client) -> Option<bool> {
    let index = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('people_by_name')";
    client.query_opt(index, &[]).await.unwrap().map(|row| row.get(0))
}

#[tokio::test]
async fn what_cannot_run_in_a_transaction_goes_up_and_down() {
    let database = Database::empty().await;
    let client = database.client().await;
    let migrations = [PEOPLE, INDEX];
    let runner = runner(&database, &migrations).await;

    assert_eq!(
        runner.up(noon()).await.unwrap(),
        ["0001_people", "0002_people_by_name"]
    );
    assert_eq!(is_valid(&client).await, Some(true));
    runner.verify().await.unwrap();

    assert_eq!(runner.down(1).await.unwrap(), ["0002_people_by_name"]);
    assert_eq!(is_valid(&client).await, None);
    assert_eq!(runner.status().await.unwrap()[1].applied_at, None);
}

#[tokio::test]
async fn a_half_made_step_is_known_as_such_and_taken_anew() {
    let database = Database::empty().await;
    let client = database.client().await;
    let migrations = [PEOPLE, INDEX];
    let runner = runner(&database, &migrations).await;
    super::runner(&database, &[PEOPLE])
        .await
        .up(noon())
        .await
        .unwrap();
    client
        .batch_execute("INSERT INTO people VALUES ('Ann'), ('Ann')")
        .await
        .unwrap();

    let failed = runner.up(noon()).await.unwrap_err().to_string();

    assert!(
        failed.starts_with("0002_people_by_name.up.sql failed: could not create unique index"),
        "{failed}"
    );
    assert!(
        failed.ends_with(
            "It may be half made; mend it and run it again: what is half made is taken back first"
        )
    );
    assert_eq!(
        is_valid(&client).await,
        Some(false),
        "PostgreSQL leaves an invalid index"
    );
    let status = runner.status().await.unwrap();
    assert_eq!(
        (status[1].applied_at, status[1].problem),
        (None, Some(Problem::HalfMade))
    );
    let told = problems(runner.verify().await);
    assert_eq!(told, [format!("0002_people_by_name: {}", Problem::HalfMade)]);
    assert!(
        runner.up(noon()).await.is_err(),
        "the names are still there twice"
    );
    client.batch_execute("TRUNCATE people").await.unwrap();
    assert_eq!(runner.up(noon()).await.unwrap(), ["0002_people_by_name"]);
    assert_eq!(is_valid(&client).await, Some(true));
    runner.verify().await.unwrap();
}

#[tokio::test]
async fn a_half_made_step_may_be_mended_or_taken_back() {
    let database = Database::empty().await;
    let client = database.client().await;
    super::runner(&database, &[PEOPLE])
        .await
        .up(noon())
        .await
        .unwrap();
    client
        .batch_execute("INSERT INTO people VALUES ('Ann'), ('Ann')")
        .await
        .unwrap();
    assert!(
        runner(&database, &[PEOPLE, INDEX])
            .await
            .up(noon())
            .await
            .is_err()
    );
    let mended = "-- no-transaction\nCREATE INDEX CONCURRENTLY people_by_name ON people (name);";
    let migrations = [PEOPLE, migration(2, INDEX.title, mended, INDEX.down)];

    let runner = runner(&database, &migrations).await;

    assert_eq!(runner.up(noon()).await.unwrap(), [INDEX.title]);
    assert_eq!(is_valid(&client).await, Some(true));
    runner.verify().await.unwrap();
    let status = runner.status().await.unwrap();
    assert_eq!(status[1].applied_at, Some(noon()));
}

#[tokio::test]
async fn down_takes_a_half_made_step_back() {
    let database = Database::empty().await;
    let client = database.client().await;
    super::runner(&database, &[PEOPLE])
        .await
        .up(noon())
        .await
        .unwrap();
    client
        .batch_execute("INSERT INTO people VALUES ('Ann'), ('Ann')")
        .await
        .unwrap();
    let migrations = [PEOPLE, INDEX];
    let runner = runner(&database, &migrations).await;
    assert!(runner.up(noon()).await.is_err());

    assert_eq!(runner.down(1).await.unwrap(), [INDEX.title]);

    assert_eq!(is_valid(&client).await, None);
    runner.verify().await.unwrap();
    assert!(has(&client, "people").await);
}

#[tokio::test]
async fn a_runner_whose_connection_is_cut_leaves_a_step_that_the_next_one_takes_anew() {
    let database = Database::empty().await;
    let client = database.client().await;
    let migrations = [PEOPLE, INDEX];
    super::runner(&database, &[PEOPLE])
        .await
        .up(noon())
        .await
        .unwrap();
    let writer = database.client().await;
    writer
        .batch_execute("BEGIN; INSERT INTO people VALUES ('Ann')")
        .await
        .unwrap();
    let doomed = runner(&database, &migrations).await;

    let (outcome, ()) = tokio::join!(doomed.up(noon()), async {
        until_somebody_waits(&client).await;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
        client.query(cut, &[]).await.unwrap();
    });

    assert!(
        matches!(outcome, Err(MigrationError::Failed { .. })),
        "{outcome:?}"
    );
    writer.batch_execute("COMMIT").await.unwrap();
    let next = runner(&database, &migrations).await;
    assert_eq!(next.status().await.unwrap()[1].problem, Some(Problem::HalfMade));
    assert_eq!(next.up(noon()).await.unwrap(), [INDEX.title]);
    assert_eq!(is_valid(&client).await, Some(true));
}
