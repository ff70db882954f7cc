//! Up, down, status, verify, and what a failing file leaves.

use futures_util::future::join_all;
use shared::db::migrations::{MIGRATIONS, Migration, MigrationError, Problem, Status};
use tests::database::Database;

use super::schema::{describe, has};
use super::{PEOPLE, PLACES, migration, noon, problems, runner};

fn titles(migrations: &[Migration]) -> Vec<&str> {
    migrations.iter().map(|migration| migration.title).collect()
}

#[tokio::test]
async fn up_applies_every_migration_in_order_and_a_second_one_none() {
    let database = Database::empty().await;
    let runner = runner(&database, MIGRATIONS).await;

    assert_eq!(runner.up(noon()).await.unwrap(), titles(MIGRATIONS));
    assert_eq!(runner.up(noon()).await.unwrap(), [""; 0]);

    runner.verify().await.unwrap();
    assert!(has(&database.client().await, "market_data").await);
}

#[tokio::test]
async fn every_down_takes_back_exactly_its_up() {
    let database = Database::empty().await;
    let client = database.client().await;
    for count in 1..=MIGRATIONS.len() {
        let runner = runner(&database, &MIGRATIONS[..count]).await;
        let before = describe(&client).await;
        runner.up(noon()).await.unwrap();
        let after = describe(&client).await;
        let newest = MIGRATIONS[count - 1].title;
        assert_ne!(before, after, "{newest} does nothing");

        assert_eq!(runner.down(1).await.unwrap(), [newest]);

        assert_eq!(describe(&client).await, before, "{newest} down");
        runner.up(noon()).await.unwrap();
        assert_eq!(describe(&client).await, after, "{newest} up again");
    }
}

#[tokio::test]
async fn down_to_zero_leaves_nothing_and_up_makes_the_same_again() {
    let database = Database::empty().await;
    let client = database.client().await;
    let runner = runner(&database, MIGRATIONS).await;
    runner.up(noon()).await.unwrap();
    let first = describe(&client).await;

    let taken_back = runner.down(usize::MAX).await.unwrap();

    let mut expected = titles(MIGRATIONS);
    expected.reverse();
    assert_eq!(taken_back, expected);
    assert_eq!(describe(&client).await, [""; 0]);
    assert!(!has(&client, "schema_migrations").await);
    assert_eq!(runner.down(1).await.unwrap(), [""; 0]);
    runner.up(noon()).await.unwrap();
    assert_eq!(describe(&client).await, first);
}

#[tokio::test]
async fn a_schema_with_data_and_partitions_goes_down_too() {
    let database = Database::fresh().await;
    let client = database.client().await;
    let leaf = "CREATE TABLE market_data_1d_2026 PARTITION OF market_data_1d
                FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')";
    client.batch_execute(leaf).await.unwrap();
    let candle = "INSERT INTO market_data VALUES
                  ('BTC', '1d', '2026-02-01', 1, 1, 1, 1, 1, false, 'sample', now(), now())";
    client.batch_execute(candle).await.unwrap();

    runner(&database, MIGRATIONS)
        .await
        .down(usize::MAX)
        .await
        .unwrap();

    assert_eq!(describe(&client).await, [""; 0]);
}

#[tokio::test]
async fn status_tells_what_is_applied_and_what_is_not_and_creates_nothing() {
    let database = Database::empty().await;
    let both = [PEOPLE, PLACES];
    let status = |migration: Migration, is_applied: bool| Status {
        version: migration.version,
        title: migration.title.to_owned(),
        applied_at: is_applied.then(noon),
        problem: None,
    };
    let pending = runner(&database, &both).await.status().await.unwrap();
    assert_eq!(pending, [status(PEOPLE, false), status(PLACES, false)]);
    assert!(!has(&database.client().await, "schema_migrations").await);
    runner(&database, &[PEOPLE]).await.up(noon()).await.unwrap();

    let runner = runner(&database, &both).await;

    assert_eq!(
        runner.status().await.unwrap(),
        [status(PEOPLE, true), status(PLACES, false)]
    );
    runner.verify().await.unwrap();
}

#[tokio::test]
async fn an_edited_file_is_an_error_everywhere_and_nothing_is_run() {
    let database = Database::empty().await;
    runner(&database, &[PEOPLE]).await.up(noon()).await.unwrap();
    let edited = migration(
        1,
        "0001_people",
        "CREATE TABLE people (name text NOT NULL)",
        "DROP TABLE people",
    );
    let migrations = [edited, PLACES];
    let runner = runner(&database, &migrations).await;

    let told = problems(runner.verify().await);

    assert_eq!(told, [format!("0001_people: {}", Problem::Edited)]);
    assert_eq!(problems(runner.up(noon()).await), told);
    assert_eq!(problems(runner.down(1).await), told);
    assert_eq!(runner.status().await.unwrap()[0].problem, Some(Problem::Edited));
    assert!(!has(&database.client().await, "places").await);
    assert!(has(&database.client().await, "people").await);
}

#[tokio::test]
async fn a_missing_and_an_unknown_file_are_errors_that_name_them() {
    let database = Database::empty().await;
    let applied = migration(2, "0002_pets", "CREATE TABLE pets (name text)", "DROP TABLE pets");
    runner(&database, &[applied]).await.up(noon()).await.unwrap();

    let skipped = problems(runner(&database, &[PEOPLE, applied]).await.up(noon()).await);
    let unknown = problems(runner(&database, &[PEOPLE]).await.verify().await);

    assert_eq!(skipped, [format!("0001_people: {}", Problem::Skipped)]);
    let expected = [
        format!("0001_people: {}", Problem::Skipped),
        format!("0002_pets: {}", Problem::Unknown),
    ];
    assert_eq!(unknown, expected);
    let renamed = [migration(2, "0002_animals", applied.up, applied.down)];
    let told = problems(runner(&database, &renamed).await.verify().await);
    assert_eq!(told, [format!("0002_pets: {}", Problem::Edited)]);
}

#[tokio::test]
async fn a_failing_file_is_named_with_its_line_and_leaves_nothing_while_earlier_ones_stay() {
    let database = Database::empty().await;
    let broken = migration(
        2,
        "0002_broken",
        "CREATE TABLE half (name text);\nCREATE TABLE half (name text);",
        "",
    );
    let misspelt = migration(
        2,
        "0002_broken",
        "CREATE TABLE half (name text);\nCREAT TABLE other;",
        "",
    );
    let migrations = [PEOPLE, broken];
    let first = runner(&database, &migrations).await;

    let failed = first.up(noon()).await.unwrap_err().to_string();

    assert_eq!(
        failed,
        "0002_broken.up.sql failed: relation \"half\" already exists. \
         Nothing of it was kept; mend it and run it again"
    );
    let client = database.client().await;
    assert!(has(&client, "people").await);
    assert!(!has(&client, "half").await);
    // The same runner can go on, and so can another: the lock was given back.
    let failed = runner(&database, &[PEOPLE, misspelt])
        .await
        .up(noon())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        failed.starts_with("0002_broken.up.sql failed: line 2: syntax error"),
        "{failed}"
    );
    assert_eq!(first.down(1).await.unwrap(), ["0001_people"]);
}

#[tokio::test]
async fn a_failing_down_keeps_the_step_applied() {
    let database = Database::empty().await;
    let stuck = [migration(
        1,
        "0001_people",
        PEOPLE.up,
        "DROP TABLE people; DROP TABLE nothing;",
    )];
    let runner = runner(&database, &stuck).await;
    runner.up(noon()).await.unwrap();

    let failed = runner.down(1).await.unwrap_err().to_string();

    assert!(failed.starts_with("0001_people.down.sql failed: "), "{failed}");
    assert!(has(&database.client().await, "people").await);
    runner.verify().await.unwrap();
}

#[tokio::test]
async fn what_fails_only_at_the_commit_names_its_file_and_leaves_nothing() {
    let database = Database::empty().await;
    let up = "CREATE TABLE numbers (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED);
              INSERT INTO numbers VALUES (1), (1);";
    let deferred = [migration(1, "0001_numbers", up, "DROP TABLE numbers")];
    let runner = runner(&database, &deferred).await;

    let failed = runner.up(noon()).await.unwrap_err().to_string();

    assert!(
        failed.starts_with("0001_numbers.up.sql failed: duplicate key"),
        "{failed}"
    );
    assert!(!has(&database.client().await, "numbers").await);
    assert_eq!(runner.status().await.unwrap()[0].applied_at, None);
}

#[tokio::test]
async fn runners_at_once_apply_each_migration_once() {
    let database = Database::empty().await;
    let runners = join_all((0..6).map(|_| runner(&database, MIGRATIONS))).await;

    let outcomes = join_all(runners.iter().map(|runner| runner.up(noon()))).await;

    let mut applied = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(titles) => applied.extend(titles),
            Err(MigrationError::Busy) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(applied, titles(MIGRATIONS));
    runners[0].verify().await.unwrap();
}

#[tokio::test]
async fn a_second_runner_says_that_one_is_at_work() {
    let database = Database::empty().await;
    let client = database.client().await;
    client.batch_execute(PEOPLE.up).await.unwrap();
    client.batch_execute("BEGIN; LOCK TABLE people").await.unwrap();
    let waits = [migration(
        1,
        "0001_more",
        "ALTER TABLE people ADD COLUMN age integer",
        "",
    )];
    let first = runner(&database, &waits).await;
    let watcher = database.client().await;
    let second = runner(&database, &waits).await;

    let (outcome, busy) = tokio::join!(first.up(noon()), async {
        super::limits::until_somebody_waits(&watcher).await;
        let busy = second.up(noon()).await;
        client.batch_execute("ROLLBACK").await.unwrap();
        busy
    });

    assert_eq!(outcome.unwrap(), ["0001_more"]);
    assert!(matches!(busy, Err(MigrationError::Busy)), "{busy:?}");
    assert_eq!(second.up(noon()).await.unwrap(), [""; 0]);
}
