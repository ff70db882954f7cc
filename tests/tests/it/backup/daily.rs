//! What the schedules do: made, looked at, thrown away, proven.

use automoney::registry;
use serde_json::{Value, json};
use shared::app::App;
use shared::clock::Clock;
use shared::config::{Config, Environment, Section};
use shared::ids::Ids;
use shared::secrets::EnvironmentSecrets;
use shared::services::backup::{DailyError, Vault, drill, list, run_daily, run_weekly, scratch_prefix};
use tempfile::TempDir;
use tests::backups::{KEY, Shelf};
use tests::function::Function;

use super::*;

const MORNING: &str = "2024-03-03T03:00:00Z";

/// What the functions are given, with a store in a folder.
async fn app(stage: &Stage, folder: &TempDir) -> App {
    let environment = Environment::from([
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", stage.database().url().to_owned()),
        ("BACKUP_STORE", folder.path().display().to_string()),
        ("BACKUP_SIGNING_KEY", KEY.to_owned()),
    ]);
    let sections = [Section::Database, Section::Backups];
    let config = Config::load(&environment, &sections, &EnvironmentSecrets)
        .await
        .unwrap();
    App::new(config, Clock::fixed(MORNING.parse().unwrap()), Ids::random()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_days_leaves_thirty_days_and_a_backup_a_month() {
    let stage = Stage::start().await;
    let folder = TempDir::new().unwrap();
    let app = app(&stage, &folder).await;
    let vault = Vault::of(&app).unwrap();
    // Every tenth day: as many rules, a tenth of the time.
    for round in 0..40 {
        let daily = run_daily(&app, None).await.unwrap();
        assert!(daily.verified.passed);
        if round == 6 {
            run_weekly(&app).await.unwrap();
        }
        app.clock.advance(SignedDuration::from_hours(240));
    }

    let left = list(&vault).await.unwrap();
    let days: Vec<String> = left
        .iter()
        .map(|entry| entry.id.to_string()[..8].to_owned())
        .collect();
    let months = [
        "20240402", "20240502", "20240601", "20240701", "20240810", "20240909", "20241009", "20241108",
        "20241208", "20250107", "20250206",
    ];
    let recent = ["20250308", "20250318", "20250328"];
    assert_eq!(days, [&months[..], &recent[..]].concat());
    assert_eq!(left.iter().filter(|entry| entry.is_proven()).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_restores_compares_and_leaves_nothing_behind() {
    let stage = filled().await;
    let folder = TempDir::new().unwrap();
    let app = app(&stage, &folder).await;
    let first = run_daily(&app, None).await.unwrap();
    assert_eq!(first.days_since_drill, None);
    // A drill that was killed has left its database.
    let drills = scratch_prefix(stage.database().name());
    let left = format!("{drills}_0123456789abcdef");
    stage
        .client()
        .batch_execute(&format!("CREATE DATABASE {left}"))
        .await
        .unwrap();

    let proof = run_weekly(&app).await.unwrap();

    assert!(proof.passed);
    assert_eq!(proof.rows, first.created.rows);
    let drills = format!("SELECT count(*) FROM pg_database WHERE starts_with(datname, '{drills}')");
    assert_eq!(count(stage.client(), &drills).await, 0);
    app.clock.advance(SignedDuration::from_hours(49));
    let later = run_daily(&app, None).await.unwrap();
    assert_eq!(later.days_since_drill, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_finds_what_reading_alone_cannot() {
    let stage = filled().await;
    let shelf = Shelf::new();
    // A book that does not add up is a faithful copy, and still nothing to go on with.
    stage
        .client()
        .batch_execute("UPDATE subscriptions SET cash = cash + 1 WHERE user_id IS NOT NULL")
        .await
        .unwrap();
    let (id, manifest) = shelf.backup(stage.app()).await;
    let proof = drill(stage.app(), &shelf.vault, id, &manifest).await.unwrap();
    assert!(!proof.passed);
    assert!(
        proof.findings[0].contains("4 books do not add up"),
        "{:?}",
        proof.findings
    );
    assert!(!list(&shelf.vault).await.unwrap()[0].is_proven());

    // A table that no step of the schema makes: its rows have nowhere to go.
    stage
        .client()
        .batch_execute(
            "UPDATE subscriptions SET cash = cash - 1 WHERE user_id IS NOT NULL;
             ALTER TABLE locks ADD COLUMN by_hand text",
        )
        .await
        .unwrap();
    stage.app().clock.advance(SignedDuration::from_secs(1));
    let (id, manifest) = shelf.backup(stage.app()).await;
    let failed = drill(stage.app(), &shelf.vault, id, &manifest).await;
    assert!(failed.is_err() || failed.is_ok_and(|proof| !proof.passed));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_made_by_hand_is_restored_too() {
    let stage = filled().await;
    let shelf = Shelf::new();
    stage
        .client()
        .batch_execute("CREATE INDEX index_by_hand ON trades (fee) WHERE fee > 0; CREATE INDEX leaves_by_hand ON market_data (close)")
        .await
        .unwrap();
    let (id, manifest) = shelf.backup(stage.app()).await;
    let proof = drill(stage.app(), &shelf.vault, id, &manifest).await.unwrap();
    assert_eq!(proof.findings, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_backup_the_weekly_drill_fails() {
    let stage = Stage::start().await;
    let folder = TempDir::new().unwrap();
    let app = app(&stage, &folder).await;
    let failed = run_weekly(&app).await.unwrap_err();
    assert!(matches!(failed, DailyError::Backup(_)), "{failed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_delivery_makes_no_second_backup() {
    let stage = Stage::start().await;
    let folder = TempDir::new().unwrap();
    let app = app(&stage, &folder).await;
    let tasks = registry::task_functions();
    let task = tasks.iter().find(|task| task.function.name == "backup").unwrap();

    let first = task.run_for(&app, MORNING.parse().unwrap()).await.unwrap();
    app.clock.advance(SignedDuration::from_mins(5));
    let second = task.run_for(&app, MORNING.parse().unwrap()).await.unwrap();

    assert_eq!(first, second);
    assert_eq!(list(&Vault::of(&app).unwrap()).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deployed_functions_make_a_backup_and_prove_it() {
    let stage = filled().await;
    let folder = TempDir::new().unwrap();
    let environment = [
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", stage.database().url().to_owned()),
        ("BACKUP_STORE", folder.path().display().to_string()),
        ("BACKUP_SIGNING_KEY", KEY.to_owned()),
    ];
    let event = |job: &str| json!({ "job": job, "scheduled_at": MORNING });

    let function = Function::start("backup", &environment).await;
    let made = function.answer("make", event("backup")).await;
    let log = function.log().await;
    assert_eq!(made["verified"]["passed"], json!(true));
    assert!(metric(&log, "BackupFitsPercent").is_some() && metric(&log, "BackupAgeHours").is_some());

    let function = Function::start("verify-backup", &environment).await;
    let proven = function.answer("prove", event("verify-backup")).await;
    let log = function.log().await;
    assert_eq!(
        (&proven["kind"], &proven["passed"]),
        (&json!("drill"), &json!(true))
    );
    assert_eq!(proven["backup"], made["created"]["backup"]);
    assert_eq!(metric(&log, "RestoreDrillFailed"), Some(&json!(0)));
    assert_eq!(metric(&log, "RestoreDrillAgeDays"), Some(&json!(0)));
    let text = log.iter().map(Value::to_string).collect::<String>();
    assert!(!text.contains(KEY));
}

fn metric<'a>(log: &'a [Value], name: &str) -> Option<&'a Value> {
    log.iter().find_map(|line| line.get(name))
}
