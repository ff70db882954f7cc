//! `automoney backup`, as an operator uses it.

use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;
use tests::backups::{KEY, dumped_rows};
use tests::program;

use super::*;

struct Operator {
    stage: Stage,
    folder: TempDir,
}

impl Operator {
    async fn at_a_filled_database() -> Self {
        Self {
            stage: filled().await,
            folder: TempDir::new().unwrap(),
        }
    }

    fn says(&self, words: &[&str]) -> Output {
        std::process::Command::new(program("automoney"))
            .arg("backup")
            .args(words)
            .env("DATABASE_URL", self.stage.database().url())
            .env("BACKUP_STORE", self.folder.path())
            .env("BACKUP_SIGNING_KEY", KEY)
            .output()
            .unwrap()
    }

    /// What it printed, when all went well.
    fn told(&self, words: &[&str]) -> String {
        let output = self.says(words);
        assert!(
            output.status.success(),
            "{words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// What it complained of.
    fn refused(&self, words: &[&str]) -> String {
        let output = self.says(words);
        assert!(!output.status.success(), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_makes_looks_at_proves_and_restores_a_backup() {
    let operator = Operator::at_a_filled_database().await;
    assert_eq!(operator.told(&["list"]), "there is no backup in the store\n");
    assert!(operator.refused(&["restore"]).contains("no complete backup"));

    let made: Value = serde_json::from_str(&operator.told(&["create", "--json"])).unwrap();
    let id = made["backup"].as_str().unwrap();
    assert!(operator.told(&["verify"]).contains("light passed"));
    assert!(operator.told(&["verify", id, "--drill"]).contains("drill passed"));
    let listed = operator.told(&["list"]);
    assert!(
        listed.starts_with(id) && listed.contains("light passed") && listed.contains("drill passed"),
        "{listed}"
    );
    let as_json: Value = serde_json::from_str(&operator.told(&["list", "--json"])).unwrap();
    assert_eq!(
        (&as_json[0]["backup"], &as_json[0]["is_proven"]),
        (&made["backup"], &Value::Bool(true))
    );

    let copy = Copy::named(operator.stage.database(), "by_hand").await;
    let output = operator.says(&["restore", id, "--database", &copy.name]);
    let progress = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{progress}");
    assert!(
        progress.contains("loading rows: 100 %, about 0 s left"),
        "{progress}"
    );
    assert_eq!(
        dumped_rows(operator.stage.database().url()),
        dumped_rows(&copy.url)
    );

    assert!(
        operator
            .refused(&["restore", id, "--database", &copy.name])
            .contains("overwrite, and confirm")
    );
    let wrong = [
        "restore",
        id,
        "--database",
        &copy.name,
        "--overwrite",
        "--confirm",
        "another",
    ];
    assert!(operator.refused(&wrong).contains("say the database's name again"));
    let twice = [
        "restore",
        id,
        "--database",
        &copy.name,
        "--overwrite",
        "--confirm",
        &copy.name,
    ];
    assert!(operator.told(&twice).contains(&copy.name));
    assert_eq!(
        operator.told(&["sweep"]),
        "1 kept, 0 unfinished uploads given up\n"
    );
    copy.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_name_a_restore_makes_a_database_of_its_own() {
    let operator = Operator::at_a_filled_database().await;
    operator.told(&["create"]);
    let told = operator.told(&["restore"]);
    let name = told
        .split("database ")
        .nth(1)
        .and_then(|rest| rest.split(',').next())
        .unwrap();
    assert!(
        name.starts_with("automoney_test_") && name.contains("_restored_2"),
        "{told}"
    );
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    operator.stage.client().batch_execute(&drop).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_told_of_with_what_is_wrong() {
    let operator = Operator::at_a_filled_database().await;
    operator.told(&["create"]);
    let folder = std::fs::read_dir(operator.folder.path().join("backups"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    std::fs::remove_file(folder.path().join("trades.copy.gz")).unwrap();

    let output = operator.says(&["verify"]);
    assert!(!output.status.success());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "trades.copy.gz is missing\n"
    );
    assert!(operator.told(&["list"]).contains("light FAILED"));
}
