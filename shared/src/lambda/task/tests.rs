//! Scheduler events: runs, failures, time-outs and panics.

use std::io;
use std::process::ExitCode;

use jiff::Timestamp;
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};

use super::{TaskError, handle, task};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::domain::modes::{Mode, Setting, Wish};
use crate::ids::Ids;
use crate::lambda::{Effect, Function, Invocation, Trigger};
use crate::secrets::EnvironmentSecrets;

const FUNCTION: Function = Function {
    name: "collect-prices",
    trigger: Trigger::Schedule("cron(0/5 * * * ? *)"),
    sections: &[],
    effect: Effect::Writes,
};

fn now() -> Timestamp {
    "2026-03-01T12:00:07Z".parse().unwrap()
}

async fn app() -> App {
    let config = Config::load(&Environment::default(), &[], &EnvironmentSecrets)
        .await
        .unwrap();
    App::new(config, Clock::fixed(now()), Ids::counted()).unwrap()
}

fn delivery(event: Value, deadline_in_ms: i64) -> LambdaEvent<Value> {
    let mut context = Context::default();
    context.request_id = "r-1".to_owned();
    context.deadline = u64::try_from(now().as_millisecond() + deadline_in_ms).unwrap();
    LambdaEvent::new(event, context)
}

fn scheduled() -> Value {
    json!({"job": "collect-prices", "scheduled_at": "2026-03-01T12:00:00Z"})
}

/// The result, or the type and message of the error the platform gets.
async fn outcome(
    run: impl AsyncFn(&App, &Invocation) -> Result<Value, TaskError>,
    event: LambdaEvent<Value>,
) -> Result<Value, (String, String)> {
    let outcome = handle(&FUNCTION, &app().await, &run, true, event).await;
    outcome.map_err(|diagnostic| (diagnostic.error_type, diagnostic.error_message))
}

async fn report(_app: &App, invocation: &Invocation) -> Result<Value, TaskError> {
    let remaining = invocation.deadline.remaining(now()).map(|left| left.as_secs());
    Ok(json!({"at": invocation.scheduled_at, "id": invocation.request_id, "remaining": remaining}))
}

#[tokio::test]
async fn an_event_is_run_with_its_time_its_id_and_what_time_is_left() {
    let result = outcome(report, delivery(scheduled(), 60_000)).await.unwrap();

    assert_eq!(
        result,
        json!({"at": "2026-03-01T12:00:00Z", "id": "r-1", "remaining": 57})
    );
}

#[tokio::test]
async fn an_emulators_deadline_in_1970_does_not_end_the_run() {
    let mut event = delivery(scheduled(), 0);
    event.context.deadline = 600_000;

    assert_eq!(outcome(report, event).await.unwrap()["remaining"], Value::Null);
}

#[tokio::test]
async fn a_wrong_event_is_an_error_and_runs_nothing() {
    let run = async |_: &App, _: &Invocation| -> Result<Value, TaskError> { panic!("it ran") };

    let (kind, message) = outcome(run, delivery(json!({"job": "backup"}), 60_000))
        .await
        .unwrap_err();

    assert_eq!(kind, "WrongEvent");
    assert!(message.contains("\"backup\""), "{message}");
}

#[tokio::test]
async fn a_failed_task_is_an_error_of_the_invocation() {
    let run = async |_: &App, _: &Invocation| -> Result<Value, TaskError> {
        Err(io::Error::other("the database is gone"))?
    };

    let error = outcome(run, delivery(scheduled(), 60_000)).await.unwrap_err();

    assert_eq!(
        error,
        ("TaskFailed".to_owned(), "the database is gone".to_owned())
    );
}

#[tokio::test]
async fn a_panic_is_an_error_of_the_invocation_and_the_next_one_runs() {
    let app = app().await;
    let run = async |app: &App, invocation: &Invocation| -> Result<Value, TaskError> {
        assert!(app.ids.next().as_u128() & 1 == 0, "the first run panics");
        report(app, invocation).await
    };

    let first = handle(&FUNCTION, &app, &run, true, delivery(scheduled(), 60_000))
        .await
        .unwrap_err();
    let second = handle(&FUNCTION, &app, &run, false, delivery(scheduled(), 60_000)).await;

    assert_eq!(first.error_type, "Panicked");
    assert!(second.is_ok(), "{second:?}");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_will_not_end_is_given_up_before_the_platform_ends_it() {
    let run = async |_: &App, _: &Invocation| -> Result<Value, TaskError> { std::future::pending().await };

    let (kind, message) = outcome(run, delivery(scheduled(), 60_500)).await.unwrap_err();

    assert_eq!(kind, "OutOfTime");
    assert!(message.contains("after 60 s"), "{message}");
}

#[test]
fn a_function_without_the_platform_ends_with_a_failure() {
    let code = task(&FUNCTION, report);

    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
}

#[tokio::test]
async fn a_run_that_the_mode_holds_back_is_not_begun_and_is_no_failure() {
    let app = app().await;
    let setting = Setting {
        wish: Wish::new(Mode::ReadOnly, Some("Back soon"), None, now()).unwrap(),
        since: Some(now()),
        set_by: "operator: ann".to_owned(),
    };
    app.modes.know(setting, now()).await;
    let run = async |_: &App, _: &Invocation| panic!("it must not be begun");

    let outcome = handle(&FUNCTION, &app, &run, true, delivery(scheduled(), 60_000)).await;

    let held_back = json!({ "mode": "read_only", "notice": "Back soon", "until": null, "retry_after": 60 });
    assert_eq!(outcome.unwrap(), json!({ "held_back": held_back }));
    assert_eq!(
        super::held_back(
            &Function {
                effect: Effect::Exempt,
                ..FUNCTION
            },
            &app
        )
        .await,
        None
    );
}
