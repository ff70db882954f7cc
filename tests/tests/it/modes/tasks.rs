//! Schedules while changes are stopped.

use automoney::registry::scheduled_functions;
use shared::lambda::Effect;

use super::*;

/// The scheduled tasks that go on whatever the mode is: only one, because it brings the news of it.
const EXEMPT: [&str; 1] = ["deliver-push"];

#[tokio::test]
async fn a_schedule_that_writes_does_nothing_says_why_and_counts_as_no_run() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    let due = bundle.now();
    for mode in ["read_only", "maintenance"] {
        enter(&bundle, &ada, mode).await;
        for task in scheduled_functions() {
            let name = task.function.name;
            if EXEMPT.contains(&name) || task.function.effect == Effect::Reads {
                continue;
            }
            assert_eq!(task.function.effect, Effect::Writes, "{name}");
            let result = bundle.run_for(name, due).await.unwrap();
            let expected = json!({
                "held_back": { "mode": mode, "notice": NOTICE, "until": null, "retry_after": 60 }
            });
            assert_eq!(result, expected, "{name} in {mode}");
        }
    }
    assert_eq!(bundle.rows("SELECT * FROM job_runs").await, Vec::<String>::new());
    assert_eq!(
        bundle.rows("SELECT * FROM market_data").await,
        Vec::<String>::new()
    );

    set(&bundle, &ada, json!({ "mode": "normal" })).await;
    let result = bundle.run_for("collect-prices", due).await.unwrap();
    assert_eq!(result["failures"], json!([]));
}

#[tokio::test]
async fn a_task_that_only_reads_goes_on_in_read_only_and_not_in_maintenance() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    let task = scheduled_functions().next().unwrap().function;
    let reading = shared::lambda::Function {
        effect: Effect::Reads,
        ..task
    };
    let held_back = async || shared::lambda::held_back(&reading, bundle.app()).await;

    enter(&bundle, &ada, "read_only").await;
    assert_eq!(held_back().await, None);
    enter(&bundle, &ada, "maintenance").await;
    assert_eq!(held_back().await.unwrap()["held_back"]["mode"], "maintenance");
}

#[tokio::test]
async fn the_news_of_a_mode_is_delivered_in_that_mode() {
    let bundle = Bundle::start().await;
    let (ada, ann) = (admin(&bundle).await, bundle.sign_up("ann").await);
    let given = ann.ask(Method::POST, "/api/v1/push/ticket", None).await.json();
    let ticket = given["data"]["ticket"].as_str().unwrap();
    shared::services::push::sockets::connect(bundle.app(), "nowhere", ticket)
        .await
        .unwrap();
    enter(&bundle, &ada, "maintenance").await;

    let delivered = bundle.run("deliver-push").await.unwrap();

    assert!(delivered.get("held_back").is_none(), "{delivered}");
    assert!(delivered["delivered"].is_object(), "{delivered}");
}
