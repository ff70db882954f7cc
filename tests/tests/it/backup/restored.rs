//! What is restored, into what, and what is refused.

use rstest::rstest;
use shared::domain::identity::UserId;
use shared::services::backup::{BackupError, Content, Restored, Selection, Stage as Step, Target, restore};
use std::sync::Mutex;
use std::time::Duration;
use tests::backups::Shelf;
use tests::paper::violations;
use tests::people::TABLES_OF_USERS;
use uuid::Uuid;

use super::*;
use shared::domain::backups::Manifest;

/// Restores without anybody who watches.
async fn quietly(
    stage: &Stage,
    shelf: &Shelf,
    backup: (BackupId, &Manifest),
    content: &Content,
    target: &Target,
) -> Result<Restored, BackupError> {
    restore(stage.app(), &shelf.vault, backup, content, target, None, &|_| {}).await
}

/// Restores all of a backup into a new database.
pub(super) async fn whole(
    stage: &Stage,
    shelf: &Shelf,
    backup: (BackupId, &Manifest),
    copy: &Copy,
) -> Result<Restored, BackupError> {
    let target = Target::New(copy.name.clone());
    quietly(stage, shelf, backup, &Content::Whole, &target).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_tells_how_far_it_is_to_the_end() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (id, manifest) = shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "told").await;
    let told = Mutex::new(Vec::new());

    let target = Target::New(copy.name.clone());
    let tell = |progress| told.lock().unwrap().push(progress);
    restore(
        stage.app(),
        &shelf.vault,
        (id, &manifest),
        &Content::Whole,
        &target,
        None,
        &tell,
    )
    .await
    .unwrap();

    let told = told.into_inner().unwrap();
    let last = |stage| told.iter().rfind(|progress| progress.stage == stage).unwrap();
    assert_eq!(told[0].stage, Step::Schema);
    assert_eq!(last(Step::Rows).all, manifest.bytes());
    assert!(last(Step::Indexes).all > manifest.after_data.len() as u64);
    for stage in [Step::Rows, Step::Indexes] {
        let most = told
            .iter()
            .filter(|progress| progress.stage == stage)
            .map(|progress| progress.done)
            .max();
        assert_eq!(most, Some(last(stage).all));
    }
    copy.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_not_touched_unless_it_is_said_twice() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (id, manifest) = shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "there").await;
    whole(&stage, &shelf, (id, &manifest), &copy).await.unwrap();
    copy.client()
        .await
        .batch_execute(
            "DELETE FROM live_prices; INSERT INTO system_flags VALUES ('mine', '1', NULL, NULL, now(), 'me')",
        )
        .await
        .unwrap();

    let refused = whole(&stage, &shelf, (id, &manifest), &copy).await.unwrap_err();
    assert!(matches!(&refused, BackupError::Exists(name) if *name == copy.name));
    assert!(refused.to_string().contains("overwrite, and confirm"));
    assert_eq!(
        count(
            &copy.client().await,
            "SELECT count(*) FROM system_flags WHERE key = 'mine'"
        )
        .await,
        1
    );

    let target = Target::Overwrite(copy.name.clone());
    quietly(&stage, &shelf, (id, &manifest), &Content::Whole, &target)
        .await
        .unwrap();
    assert_eq!(
        count(
            &copy.client().await,
            "SELECT count(*) FROM system_flags WHERE key = 'mine'"
        )
        .await,
        0
    );
    copy.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_fails_leaves_neither_a_database_nor_a_changed_one() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (id, manifest) = shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "failed").await;
    let before = tests::backups::dumped_rows(stage.database().url());
    let trades = shelf.folder_of(id).join("trades.copy.gz");
    let mut bytes = std::fs::read(&trades).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&trades, bytes).unwrap();

    let begun = stage.app().ids.next();
    let failed = whole(&stage, &shelf, (id, &manifest), &copy).await.unwrap_err();
    assert!(matches!(failed, BackupError::Damaged { .. }), "{failed}");
    let target = Target::Overwrite(stage.database().name().to_owned());
    quietly(&stage, &shelf, (id, &manifest), &Content::Whole, &target)
        .await
        .unwrap_err();

    no_copy_is_left(&copy, (begun, stage.app().ids.next())).await;
    assert!(!copy.is_there().await);
    assert_eq!(tests::backups::dumped_rows(stage.database().url()), before);
}

/// No database that was to become a target, or was replaced by one, of a restore between these ids. Other
/// tests have such ones for a while.
pub(super) async fn no_copy_is_left(copy: &Copy, (from, to): (Uuid, Uuid)) {
    let range = |what: &str| {
        let name = |id: Uuid| format!("'automoney_{what}_{}'", id.simple());
        format!("datname COLLATE \"C\" BETWEEN {} AND {}", name(from), name(to))
    };
    let left = format!(
        "SELECT count(*) FROM pg_database WHERE {} OR {}",
        range("restoring"),
        range("replaced")
    );
    let gone = async { while count(&copy.admin, &left).await > 0 {} };
    let gone = tokio::time::timeout(Duration::from_mins(1), gone).await;
    gone.expect("no database is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_table_comes_into_a_database_of_its_own() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (id, manifest) = shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "table").await;
    let (content, target) = (
        Content::Some(Selection::Table("trades".to_owned())),
        Target::New(copy.name.clone()),
    );

    let restored = quietly(&stage, &shelf, (id, &manifest), &content, &target)
        .await
        .unwrap();

    let trades = count(stage.client(), "SELECT count(*) FROM trades").await;
    assert_eq!(restored.rows, [("trades".to_owned(), trades.unsigned_abs())]);
    assert_eq!(restored.left_out, ["trades_decision", "trades_subscription"]);
    let client = copy.client().await;
    assert_eq!(count(&client, "SELECT count(*) FROM trades").await, trades);
    assert_eq!(count(&client, "SELECT count(*) FROM users").await, 0);
    assert_eq!(
        count(&client, "SELECT count(*) FROM schema_migrations").await,
        i64::try_from(manifest.migrations.len()).unwrap()
    );

    let unknown = Content::Some(Selection::Table("treads".to_owned()));
    let target = Target::New(format!("{}_2", copy.name));
    let refused = quietly(&stage, &shelf, (id, &manifest), &unknown, &target).await;
    assert!(matches!(refused, Err(BackupError::NoTable(name)) if name == "treads"));
    copy.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_missing_of_a_table_are_put_back_and_the_others_stay() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (id, manifest) = shelf.backup(stage.app()).await;
    let before = tests::backups::dumped_rows(stage.database().url());
    stage
        .client()
        .batch_execute(
            "DELETE FROM agent_execution_logs WHERE created_at < '2024-03-01T00:20Z';
             UPDATE agent_execution_logs SET error = 'changed since' WHERE created_at >= '2024-03-01T00:40Z'",
        )
        .await
        .unwrap();

    let content = Content::Some(Selection::Table("agent_execution_logs".to_owned()));
    let target = Target::Overwrite(stage.database().name().to_owned());
    let restored = quietly(&stage, &shelf, (id, &manifest), &content, &target)
        .await
        .unwrap();

    assert_eq!(restored.rows, [("agent_execution_logs".to_owned(), 19)]);
    let changed = "SELECT count(*) FROM agent_execution_logs WHERE error = 'changed since'";
    assert_eq!(count(stage.client(), changed).await, 11);
    // The sums by day were there: the rows that came back are not counted again.
    let after = tests::backups::dumped_rows(stage.database().url());
    let sums = |rows: &std::collections::BTreeMap<String, Vec<String>>| {
        let found = rows.iter().find(|(table, _)| table.contains("agent_cost_days"));
        found.map(|(_, rows)| rows.clone()).unwrap()
    };
    assert_eq!(sums(&before), sums(&after));
    // And the trigger is at work again.
    let enabled = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'";
    assert_eq!(count(stage.client(), enabled).await, 0);
}

#[rstest]
#[case::erased("DELETE FROM users WHERE google_sub = 'user-1'")]
#[case::spoilt(
    "UPDATE users SET name = 'spoilt' WHERE google_sub = 'user-1';
     UPDATE subscriptions SET cash = cash - 1 WHERE user_id = (SELECT id FROM users WHERE google_sub = 'user-1');
     INSERT INTO sessions (id, user_id, transport, created_at, last_used_at, expires_at)
     SELECT gen_random_uuid(), id, 'cookie', now(), now(), now() + interval '1 day' FROM users WHERE google_sub = 'user-1'"
)]
#[tokio::test(flavor = "multi_thread")]
async fn one_user_comes_back_whole_and_the_others_are_left_alone(#[case] done: &str) {
    let stage = filled().await;
    let shelf = Shelf::new();
    let user = user_of(&stage, "user-1").await;
    let (id, manifest) = shelf.backup(stage.app()).await;
    let before = tests::backups::dumped_rows(stage.database().url());
    stage
        .client()
        .batch_execute(&format!(
            "{done}; UPDATE users SET name = 'changed since' WHERE google_sub = 'user-2'"
        ))
        .await
        .unwrap();

    let content = Content::Some(Selection::User(user));
    let target = Target::Overwrite(stage.database().name().to_owned());
    quietly(&stage, &shelf, (id, &manifest), &content, &target)
        .await
        .unwrap();

    assert_eq!(violations(stage.client()).await, Vec::<String>::new());
    assert_eq!(
        count(
            stage.client(),
            "SELECT count(*) FROM users WHERE name = 'changed since'"
        )
        .await,
        1
    );
    stage
        .client()
        .batch_execute("UPDATE users SET name = NULL")
        .await
        .unwrap();
    let after = tests::backups::dumped_rows(stage.database().url());
    assert_eq!(without_events(after), without_events(before));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_comes_into_a_database_of_their_own_with_what_their_rows_point_to() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let user = user_of(&stage, "user-2").await;
    let (id, manifest) = shelf.backup(stage.app()).await;
    let copy = Copy::named(stage.database(), "user").await;
    let content = Content::Some(Selection::User(user));

    let target = Target::New(copy.name.clone());
    let restored = quietly(&stage, &shelf, (id, &manifest), &content, &target)
        .await
        .unwrap();

    assert_eq!(restored.left_out, Vec::<String>::new());
    let client = copy.client().await;
    for (table, column) in [
        ("users", "id"),
        ("trades", "user_id"),
        ("subscriptions", "user_id"),
        ("sessions", "user_id"),
    ] {
        let of_user = format!("SELECT count(*) FROM {table} WHERE {column} = '{user}'");
        assert_eq!(
            count(&client, &format!("SELECT count(*) FROM {table}")).await,
            count(stage.client(), &of_user).await,
            "{table}"
        );
        assert!(count(&client, &of_user).await > 0, "{table}");
    }
    let stranger: UserId = stage.app().ids.next().into();
    let content = Content::Some(Selection::User(stranger));
    let target = Target::New(format!("{}_2", copy.name));
    let refused = quietly(&stage, &shelf, (id, &manifest), &content, &target).await;
    assert!(matches!(refused, Err(BackupError::NoUser(who)) if who == stranger));
    copy.drop().await;
}

#[tokio::test]
async fn every_table_with_rows_of_users_has_an_owner() {
    let stage = Stage::start().await;
    for table in stage.rows(TABLES_OF_USERS).await {
        let table = table.trim_matches(['(', ')']);
        // Events that wait and connections are no part of a user's data.
        if table.starts_with("push_") {
            continue;
        }
        let is_known = shared::domain::backups::OWNERS
            .iter()
            .any(|owner| owner.table == table);
        assert!(
            is_known,
            "{table} is not restored with its user: see domain/backups/owners.rs"
        );
    }
}
