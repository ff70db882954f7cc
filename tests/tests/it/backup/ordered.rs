//! A restore that is ordered in the event of a function, within its time.

use std::time::Duration;

use serde_json::{Value, json};
use shared::services::backup::{BackupError, RestoreOrder, carry_out};
use tests::backups::{KEY, Shelf, dumped_rows};
use tests::function::Function;
use tests::paper::violations;
use tests::runtime_api::Outcome;

use super::restored::nothing_is_left;
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

    let mut patience = Duration::ZERO;
    let mut late = 0;
    loop {
        let begun = stage.app().ids.next();
        let ended = carry_out(stage.app(), &shelf.vault, &order, Some(patience), &|_| {}).await;
        match ended {
            Ok(_) => break,
            Err(BackupError::OutOfTime) => late += 1,
            Err(other) => panic!("{other}"),
        }
        nothing_is_left(&copy, (begun, stage.app().ids.next())).await;
        patience = patience * 3 / 2 + Duration::from_millis(20);
    }

    assert!(late > 1, "{late}");
    assert_eq!(violations(&copy.client().await).await, Vec::<String>::new());
    copy.drop().await;
}
