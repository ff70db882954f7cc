//! The door of a function behind a WebSocket API: a connection opens, says something, ends.

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use futures_util::FutureExt as _;
use jiff::SignedDuration;
use lambda_runtime::{Diagnostic, LambdaEvent, Runtime, service_fn};
use serde::Serialize;
use serde_json::Value;
use tracing::Instrument as _;

use super::start::{self, ColdStart};
use super::{Deadline, Function};
use crate::app::App;
use crate::clock::Stopwatch;

/// The routes of every WebSocket API of ours: a connection opens, ends, or says anything at all.
pub const SOCKET_ROUTES: [&str; 3] = ["$connect", "$default", "$disconnect"];

/// The door gives up this long before the platform does: an end by the platform is logged by nobody.
const LAST_WORD: SignedDuration = SignedDuration::from_millis(500);

/// Something happened to a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketEvent {
    /// The gateway's name of the connection.
    pub connection: String,
    /// What.
    pub what: Happened,
}

/// What can happen to a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// It wants to be opened, with these parameters in its address.
    Opens(Vec<(String, String)>),
    /// Its client sent a message.
    Says(String),
    /// It is over.
    Ended,
}

/// What the gateway is told: whether the connection may be, and what its client is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SocketAnswer {
    status_code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

impl SocketAnswer {
    /// An HTTP status; a connection that wants to be opened is refused by any but 200.
    pub const fn status(status_code: u16) -> Self {
        Self {
            status_code,
            body: None,
        }
    }

    /// Answers a message with another, or with nothing.
    pub const fn reply(body: Option<String>) -> Self {
        Self {
            status_code: 200,
            body,
        }
    }
}

/// The event is not one of a WebSocket API.
#[derive(Debug, thiserror::Error)]
#[error("the event is not one of a WebSocket API")]
struct WrongEvent(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Lets `run` answer each event until the platform ends the sandbox.
pub fn socket<R>(function: &'static Function, run: R) -> ExitCode
where
    R: AsyncFn(&App, &SocketEvent) -> SocketAnswer,
{
    let cold_start = ColdStart::new();
    start::run(function, |app| async move {
        let handler = service_fn(async |event| handle(function, &app, &run, cold_start.take(), event).await);
        Runtime::new(handler).run().await
    })
}

/// One event: read, answered, logged. The address's parameters are never logged.
async fn handle<R>(
    function: &'static Function,
    app: &App,
    run: &R,
    cold_start: bool,
    event: LambdaEvent<Value>,
) -> Result<SocketAnswer, Diagnostic>
where
    R: AsyncFn(&App, &SocketEvent) -> SocketAnswer,
{
    let (event, context) = event.into_parts();
    let span = tracing::info_span!(
        "socket",
        function = function.name,
        request_id = context.request_id,
        cold_start,
        trace_id = context.xray_trace_id,
    );
    async {
        let stopwatch = Stopwatch::start();
        let deadline = Deadline::from_epoch_ms(context.deadline);
        let (connection, route, event) = read(event).map_err(|error| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the event cannot be read"
            );
            diagnostic("WrongEvent", &error.to_string())
        })?;
        let left = deadline.until(app.clock.now(), LAST_WORD);
        let answer = answered(app, run, &event, left).await?;
        tracing::info!(
            connection,
            route,
            status = answer.status_code,
            duration_ms = stopwatch.elapsed_ms(),
            "a socket's event is done"
        );
        Ok(answer)
    }
    .instrument(span)
    .await
}

/// The answer. Code that panicked, or ran out of time, is an error of the invocation: the gateway makes
/// a failure of it for its client, and the platform counts it for the alarm.
async fn answered<R>(
    app: &App,
    run: &R,
    event: &SocketEvent,
    left: Option<Duration>,
) -> Result<SocketAnswer, Diagnostic>
where
    R: AsyncFn(&App, &SocketEvent) -> SocketAnswer,
{
    // The state is shared by reference only and every store repairs itself, so a run that panicked
    // leaves nothing half-made behind.
    let running = AssertUnwindSafe(run(app, event)).catch_unwind();
    let outcome = match left {
        None => Ok(running.await),
        Some(left) => tokio::time::timeout(left, running).await,
    };
    match outcome {
        Ok(Ok(answer)) => Ok(answer),
        // It was logged where it happened.
        Ok(Err(_)) => Err(diagnostic("Panicked", "a bug: the code panicked")),
        Err(_) => {
            let why = "the event was given up, just before the platform would have ended it";
            tracing::error!("{why}");
            Err(diagnostic("OutOfTime", why))
        }
    }
}

fn diagnostic(kind: &str, message: &str) -> Diagnostic {
    Diagnostic {
        error_type: kind.to_owned(),
        error_message: message.to_owned(),
    }
}

fn read(event: Value) -> Result<(String, String, SocketEvent), WrongEvent> {
    let event: ApiGatewayWebsocketProxyRequest =
        serde_json::from_value(event).map_err(|error| WrongEvent(Box::new(error)))?;
    let missing = |what: &str| WrongEvent(format!("it has no {what}").into());
    let context = event.request_context;
    let connection = context.connection_id.ok_or_else(|| missing("connectionId"))?;
    let route = context.route_key.ok_or_else(|| missing("routeKey"))?;
    let what = match route.as_str() {
        "$connect" => {
            let parameters = event.query_string_parameters.iter();
            Happened::Opens(
                parameters
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
            )
        }
        "$disconnect" => Happened::Ended,
        _ => Happened::Says(event.body.unwrap_or_default()),
    };
    let event = SocketEvent {
        connection: connection.clone(),
        what,
    };
    Ok((connection, route, event))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::clock::Clock;
    use crate::config::{Config, Environment};
    use crate::ids::Ids;
    use crate::lambda::{Effect, Trigger};
    use crate::secrets::EnvironmentSecrets;

    fn event(route: &str, more: &Value) -> Value {
        let mut event = json!({
            "requestContext": {
                "routeKey": route, "eventType": "MESSAGE", "connectionId": "c-1", "requestId": "r-1",
                "connectedAt": 1_709_251_200_000_i64, "requestTimeEpoch": 1_709_251_200_000_i64,
                "stage": "test", "apiId": "api"
            },
            "isBase64Encoded": false
        });
        for (name, value) in more.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    }

    #[test]
    fn the_gateways_three_events_are_read() {
        let opened = read(event(
            "$connect",
            &json!({"queryStringParameters": {"ticket": "t"}}),
        ))
        .unwrap();
        assert_eq!(
            opened.2.what,
            Happened::Opens(vec![("ticket".to_owned(), "t".to_owned())])
        );
        let bare = read(event("$connect", &json!({}))).unwrap();
        assert_eq!(bare.2.what, Happened::Opens(vec![]));
        let said = read(event("$default", &json!({"body": "ping"}))).unwrap();
        assert_eq!(
            (said.0.as_str(), said.2.what),
            ("c-1", Happened::Says("ping".to_owned()))
        );
        let silent = read(event("$default", &json!({}))).unwrap();
        assert_eq!(silent.2.what, Happened::Says(String::new()));
        let ended = read(event("$disconnect", &json!({}))).unwrap();
        assert_eq!(ended.2.what, Happened::Ended);
    }

    #[test]
    fn an_event_of_something_else_is_refused() {
        for wrong in [json!(null), json!({}), json!({"job": "deliver-push"})] {
            assert!(read(wrong).is_err());
        }
    }

    const FUNCTION: Function = Function {
        name: "push-connect",
        trigger: Trigger::WebSocket,
        sections: &[],
        effect: Effect::Exempt,
    };

    /// What the platform is told of a `ping` for which there is a second: the answer, or an error's type.
    async fn outcome(run: impl AsyncFn(&App, &SocketEvent) -> SocketAnswer) -> Result<SocketAnswer, String> {
        let environment = Environment::default();
        let config = Config::load(&environment, &[], &EnvironmentSecrets);
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let app = App::new(config.await.unwrap(), Clock::fixed(now), Ids::counted()).unwrap();
        let mut context = lambda_runtime::Context::default();
        context.deadline = u64::try_from(now.as_millisecond() + 1_000).unwrap();
        let said = LambdaEvent::new(event("$default", &json!({"body": "ping"})), context);
        let told = handle(&FUNCTION, &app, &run, false, said).await;
        told.map_err(|error| error.error_type)
    }

    #[tokio::test]
    async fn what_panics_or_takes_too_long_fails_the_invocation_and_a_refusal_does_not() {
        let panics = async |_: &App, _: &SocketEvent| -> SocketAnswer { panic!("a bug") };
        assert_eq!(outcome(panics).await, Err("Panicked".to_owned()));
        let hangs = async |_: &App, _: &SocketEvent| std::future::pending().await;
        assert_eq!(outcome(hangs).await, Err("OutOfTime".to_owned()));
        let refuses = async |_: &App, _: &SocketEvent| SocketAnswer::status(503);
        assert_eq!(outcome(refuses).await, Ok(SocketAnswer::status(503)));
    }

    #[test]
    fn an_answer_is_what_the_gateway_reads() {
        let shown = |answer: &SocketAnswer| serde_json::to_value(answer).unwrap();
        assert_eq!(shown(&SocketAnswer::status(401)), json!({"statusCode": 401}));
        assert_eq!(
            shown(&SocketAnswer::reply(Some("pong".to_owned()))),
            json!({"statusCode": 200, "body": "pong"})
        );
    }
}
