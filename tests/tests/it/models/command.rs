//! `automoney replay`, as an operator runs it.

use tests::bundle::Bundle;
use tests::program;
use tokio::process::Command;

use super::scores;

/// What a replay prints, and whether it succeeds.
async fn replay(bundle: &Bundle, more: &[&str]) -> (bool, String) {
    let id = scores(bundle).await["execution_id"].as_str().unwrap().to_owned();
    let environment = shared::config::Environment::process();
    let mut command = Command::new(program("automoney"));
    command
        .env_clear()
        .env("DATABASE_URL", bundle.database().url())
        .env("REDIS_URL", environment.get("REDIS_URL").expect("REDIS_URL"))
        .env(
            "CACHE_NAMESPACE",
            format!("test-{}", shared::ids::Ids::random().next()),
        )
        .env("OPENAI_API_KEY", "sk-of-a-test-0123456789")
        .env(
            "OPENAI_BASE_URL",
            bundle.upstream().base_url(standin::Service::OpenAi),
        )
        .args(["replay", &id])
        .args(more)
        .kill_on_drop(true);
    let output = command.output().await.expect("the program is built");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

#[tokio::test]
async fn an_execution_is_proven_and_another_model_is_asked_on_the_command_line() {
    let bundle = Bundle::with().models("15").start().await;
    bundle.decide().await;

    let (succeeded, said) = replay(&bundle, &[]).await;
    assert!(
        succeeded && said.contains("proven: everything came out the same"),
        "{said}"
    );

    let (succeeded, said) = replay(&bundle, &["--model", "openai/gpt-6-luna"]).await;
    assert!(
        succeeded && said.contains("With gpt-6-luna: conviction"),
        "{said}"
    );
    assert_eq!(
        said.matches("($0.").count(),
        6,
        "three costs beside three: {said}"
    );

    let (succeeded, said) = replay(&bundle, &["--model", "gpt-unheard-of"]).await;
    assert!(!succeeded && said.contains("name who serves it"), "{said}");
    let (succeeded, said) = replay(&bundle, &["--model", "anthropic/claude-opus-5-5"]).await;
    assert!(
        !succeeded && said.contains("there is no key for anthropic"),
        "{said}"
    );
}
