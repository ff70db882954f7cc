//! A restore that is ordered in the event of a function, within its time.

use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};
use shared::services::backup::{BackupError, Progress, RestoreOrder, Stage as Step, carry_out};
use tests::backups::{KEY, Shelf, dumped_rows};
use tests::function::Function;
use tests::paper::violations;
use tests::runtime_api::Outcome;
use tokio::runtime::Handle;

use super::restored::no_copy_is_left;
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_deployed_function_restores_as_it_is_ordered() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (id, _) = shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "ordered").await;
    let function = Function::start(
        "restore",
        &[
            ("ENVIRONMENT", "test".to_owned()),
            ("DATABASE_URL", stage.database().url().to_owned()),
            ("BACKUP_STORE", shelf.path().display().to_string()),
            ("BACKUP_SIGNING_KEY", KEY.to_owned()),
        ],
    )
    .await;
    let before = dumped_rows(stage.database().url());
    // Whatever the mode is: it may be what the restore is to end.
    let maintenance =
        "INSERT INTO system_flags VALUES ('mode', '{\"mode\": \"maintenance\"}', NULL, NULL, now(), 'me')";
    stage.client().batch_execute(maintenance).await.unwrap();

    let restored = function.answer("new", json!({ "database": copy.name })).await;
    assert_eq!(
        (&restored["backup"], &restored["database"]),
        (&json!(id.to_string()), &json!(copy.name))
    );
    assert_eq!(dumped_rows(&copy.url), before);

    let refused = |outcome: Outcome| match outcome {
        Outcome::Failed(error) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let again = function.invoke("again", json!({ "database": copy.name })).await;
    assert!(refused(again).contains("say twice that it is to be replaced"));
    let misspelt = function.invoke("misspelt", json!({ "databse": copy.name })).await;
    assert!(refused(misspelt).contains("the event is no order"));

    let emptied = copy.client().await;
    emptied.batch_execute("TRUNCATE users CASCADE").await.unwrap();
    drop(emptied);
    let twice = json!({ "database": copy.name, "overwrite": true, "confirm": copy.name });
    function.answer("twice", twice).await;
    assert_eq!(dumped_rows(&copy.url), before);

    let log = function
        .log()
        .await
        .iter()
        .map(Value::to_string)
        .collect::<String>();
    assert!(log.contains("loading rows") && log.contains("making indexes and keys"));
    assert!(!log.contains(KEY));
    copy.drop().await;
}

/// Carries an order out with more and more time until it is done; looks after each try that was too short.
/// Gives how many those were.
async fn with_more_and_more_time(
    stage: &Stage,
    shelf: &Shelf,
    order: &RestoreOrder,
    look: impl AsyncFn(),
) -> usize {
    let (mut patience, mut late) = (Duration::ZERO, 0);
    loop {
        match carry_out(stage.app(), &shelf.vault, order, Some(patience), &|_| {}).await {
            Ok(_) => return late,
            Err(BackupError::OutOfTime) => {}
            // The server's own limit came first.
            Err(BackupError::Database(error)) if error.contention().is_some() => {}
            Err(other) => panic!("{other}"),
        }
        late += 1;
        look().await;
        patience = patience * 3 / 2 + Duration::from_millis(10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_runs_out_of_time_leaves_nothing_behind() {
    let stage = filled().await;
    let shelf = Shelf::new();
    shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "late").await;
    let order = RestoreOrder {
        database: Some(copy.name.clone()),
        ..RestoreOrder::default()
    };

    let begun = stage.app().ids.next();
    let late = with_more_and_more_time(&stage, &shelf, &order, async || {
        assert!(!copy.is_there().await);
    })
    .await;

    assert!(late > 1, "{late}");
    no_copy_is_left(&copy, (begun, stage.app().ids.next())).await;
    assert_eq!(violations(&copy.client().await).await, Vec::<String>::new());
    copy.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_replaced_is_in_use_until_its_successor_is_there() {
    let stage = filled().await;
    let shelf = Shelf::new();
    shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "replaced").await;
    let new = RestoreOrder {
        database: Some(copy.name.clone()),
        ..RestoreOrder::default()
    };
    carry_out(stage.app(), &shelf.vault, &new, None, &|_| {})
        .await
        .unwrap();
    let user = copy.client().await;
    user.batch_execute("UPDATE users SET name = 'old'").await.unwrap();
    let order = replacing(&copy.name);
    let old = "SELECT count(*) FROM users WHERE name = 'old'";

    let begun = stage.app().ids.next();
    let late = with_more_and_more_time(&stage, &shelf, &order, async || {
        assert!(count(&user, old).await > 0);
    })
    .await;

    assert!(late > 1, "{late}");
    assert!(
        user.query_one(old, &[]).await.is_err(),
        "a session of the old one"
    );
    assert_eq!(count(&copy.client().await, old).await, 0);
    assert_eq!(violations(&copy.client().await).await, Vec::<String>::new());
    no_copy_is_left(&copy, (begun, stage.app().ids.next())).await;
    copy.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_is_put_back_too_late_is_as_before_and_nothing_stays_locked() {
    let stage = filled().await;
    let shelf = Shelf::new();
    shelf.backup(stage.app()).await;
    let user = user_of(&stage, "user-1").await;
    let rows = || without_events(dumped_rows(stage.database().url()));
    let whole = rows();
    let spoil = format!("UPDATE users SET name = 'spoilt' WHERE id = '{user}'");
    stage.client().batch_execute(&spoil).await.unwrap();
    let spoilt = rows();
    let order = RestoreOrder {
        user: Some(user),
        ..replacing(stage.database().name())
    };
    let open =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL
                AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

    let late = with_more_and_more_time(&stage, &shelf, &order, async || {
        let over = async { while count(stage.client(), open).await > 0 {} };
        let over = tokio::time::timeout(Duration::from_secs(30), over).await;
        over.expect("no transaction stays open");
        // Who is cut off in the last moment may have been in time.
        let now = rows();
        assert!(now == spoilt || now == whole);
    })
    .await;

    assert!(late > 1, "{late}");
    assert!(rows() == whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_somebody_makes_meanwhile_is_left_alone() {
    let stage = filled().await;
    let shelf = Shelf::new();
    shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "taken").await;
    let order = RestoreOrder {
        database: Some(copy.name.clone()),
        ..RestoreOrder::default()
    };
    let (statement, made) = (format!("CREATE DATABASE {}", copy.name), OnceLock::new());
    let told = |progress: Progress| {
        if progress.stage == Step::Indexes {
            made.get_or_init(|| {
                let making = copy.admin.batch_execute(&statement);
                tokio::task::block_in_place(|| Handle::current().block_on(making)).unwrap();
            });
        }
    };

    let begun = stage.app().ids.next();
    let failed = carry_out(stage.app(), &shelf.vault, &order, None, &told).await;

    assert!(matches!(failed, Err(BackupError::Database(_))), "{failed:?}");
    no_copy_is_left(&copy, (begun, stage.app().ids.next())).await;
    let tables = "SELECT count(*) FROM pg_class WHERE relname = 'users'";
    assert_eq!(count(&copy.client().await, tables).await, 0);
    copy.drop().await;
}
