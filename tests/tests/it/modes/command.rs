//! `automoney mode`, as an operator types it.

use shared::config::Environment;
use tests::database::Database;
use tests::program;
use tokio::process::Command;

/// Whether it succeeded, and what it said.
async fn mode(database: &Database, words: &[&str]) -> (bool, String) {
    let environment = Environment::process();
    let output = Command::new(program("automoney"))
        .env_clear()
        .env("DATABASE_URL", database.url())
        .env("REDIS_URL", environment.get("REDIS_URL").expect("REDIS_URL"))
        .arg("mode")
        .args(words)
        .output()
        .await
        .expect("the program is built");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

#[tokio::test]
async fn the_mode_is_shown_set_and_ended_from_the_command_line() {
    let database = Database::fresh().await;

    assert_eq!(mode(&database, &[]).await, (true, "normal\n".to_owned()));
    let (is_set, said) = mode(
        &database,
        &[
            "read_only",
            "--for",
            "30",
            "--notice",
            "Back in half an hour",
            "--as",
            "ada",
        ],
    )
    .await;
    assert!(is_set, "{said}");
    let (_, shown) = mode(&database, &[]).await;
    assert!(shown.starts_with("read_only since 20"), "{shown}");
    assert!(
        shown.ends_with(" by operator: ada: Back in half an hour\n"),
        "{shown}"
    );
    assert!(said.starts_with(&shown), "{said}");
    assert!(said.contains("\n0 users are told"), "{said}");
    assert!(mode(&database, &["normal", "--as", "ada"]).await.0);
    assert!(mode(&database, &[]).await.1.starts_with("normal since 20"));

    let client = database.client().await;
    let until = "SELECT (detail ->> 'until')::timestamptz - created_at BETWEEN interval '29 minutes' AND interval '30 minutes'
                 FROM auth_events WHERE detail ->> 'to' = 'read_only' AND actor = 'operator: ada'";
    assert!(client.query_one(until, &[]).await.unwrap().get::<_, bool>(0));
}

#[tokio::test]
async fn what_cannot_be_set_is_told_what_to_change() {
    let database = Database::fresh().await;
    for (words, says) in [
        (&["readonly"][..], "a mode is normal, read_only or maintenance"),
        (&["read_only"], "--as NAME"),
        (&["--notice", "x"], "<MODE>"),
        (
            &["read_only", "--as", "ada", "--until", "2020-01-01T00:00:00Z"],
            "ends in the future, within 30 days",
        ),
        (
            &[
                "read_only",
                "--as",
                "ada",
                "--until",
                "2999-01-01T00:00:00Z",
                "--for",
                "5",
            ],
            "cannot be used with",
        ),
        (
            &["read_only", "--as", "ada", "--for", "0"],
            "0 is not in 1..=43200",
        ),
        (&["normal", "--as", "ada", "--for", "5"], "normal has no end"),
        (
            &["read_only", "--as", "ada", "--notice", ""],
            "one line of 1 to 300 characters",
        ),
    ] {
        let (is_set, said) = mode(&database, words).await;
        assert!(!is_set, "{words:?}");
        assert!(said.contains(says), "{words:?}: {said}");
    }
    assert_eq!(mode(&database, &[]).await.1, "normal\n");
}
