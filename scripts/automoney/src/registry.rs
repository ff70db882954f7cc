//! Every function of the bundle, as the local process, the generators and the tests see it.
//!
//! A function that is not listed here is not served locally, not documented and not deployed: a
//! test compares this list with the folders under `functions/` and with `template.yaml`.

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use shared::app::App;
use shared::lambda::{Function, Invocation, TaskError, Trigger, held_back};
use shared::telemetry;
use utoipa_axum::router::OpenApiRouter;

/// A function that answers HTTP routes.
pub struct HttpFunction {
    /// What it is called, how it is triggered and which configuration it reads.
    pub function: Function,
    /// Makes its routes.
    pub router: fn() -> OpenApiRouter<App>,
}

/// A task's entry point.
pub type RunTask = for<'a> fn(&'a App, &'a Invocation) -> BoxFuture<'a, Result<Value, TaskError>>;

/// A function that a schedule or an operator starts.
pub struct TaskFunction {
    /// What it is called, how it is triggered and which configuration it reads.
    pub function: Function,
    /// Does its work.
    pub run: RunTask,
}

/// A task that ended with an error.
#[derive(Debug, thiserror::Error)]
#[error("{job} failed: {why}")]
pub struct TaskFailed {
    /// Which task.
    pub job: &'static str,
    /// The error and its causes.
    pub why: String,
}

impl TaskFunction {
    /// Runs it for a time, as its schedule would, unless the mode holds it back; no deadline ends it.
    pub async fn run_for(&self, app: &App, scheduled_at: Timestamp) -> Result<Value, TaskFailed> {
        if let Some(result) = held_back(&self.function, app).await {
            return Ok(result);
        }
        let invocation = Invocation::local(&self.function, scheduled_at, app.ids.next().to_string());
        let outcome = (self.run)(app, &invocation).await;
        outcome.map_err(|error| TaskFailed {
            job: self.function.name,
            why: telemetry::chain(error.as_error()).join(": "),
        })
    }
}

/// The functions behind API Gateway, `fallback` left out: it answers what none of these does.
pub fn http_functions() -> Vec<HttpFunction> {
    vec![
        HttpFunction {
            function: agent_scores::FUNCTION,
            router: agent_scores::router,
        },
        HttpFunction {
            function: market::FUNCTION,
            router: market::router,
        },
        HttpFunction {
            function: strategies::FUNCTION,
            router: strategies::router,
        },
        HttpFunction {
            function: portfolio::FUNCTION,
            router: portfolio::router,
        },
        HttpFunction {
            function: trades::FUNCTION,
            router: trades::router,
        },
        HttpFunction {
            function: auth::FUNCTION,
            router: auth::router,
        },
        HttpFunction {
            function: push_ticket::FUNCTION,
            router: push_ticket::router,
        },
        HttpFunction {
            function: admin::FUNCTION,
            router: admin::router,
        },
        HttpFunction {
            function: health::FUNCTION,
            router: health::router,
        },
        HttpFunction {
            function: docs::FUNCTION,
            router: docs::router,
        },
    ]
}

/// The scheduled functions, in the order in which a first run needs them, and those on demand.
pub fn task_functions() -> Vec<TaskFunction> {
    vec![
        TaskFunction {
            function: collect_prices::FUNCTION,
            run: |app, run| Box::pin(collect_prices::run(app, run)),
        },
        TaskFunction {
            function: collect_sentiment::FUNCTION,
            run: |app, run| Box::pin(collect_sentiment::run(app, run)),
        },
        TaskFunction {
            function: collect_onchain::FUNCTION,
            run: |app, run| Box::pin(collect_onchain::run(app, run)),
        },
        TaskFunction {
            function: collect_macro::FUNCTION,
            run: |app, run| Box::pin(collect_macro::run(app, run)),
        },
        TaskFunction {
            function: run_strategies::FUNCTION,
            run: |app, run| Box::pin(run_strategies::run(app, run)),
        },
        TaskFunction {
            function: deliver_push::FUNCTION,
            run: |app, run| Box::pin(deliver_push::run(app, run)),
        },
        TaskFunction {
            function: cost_report::FUNCTION,
            run: |app, run| Box::pin(cost_report::run(app, run)),
        },
        TaskFunction {
            function: ::backup::FUNCTION,
            run: |app, run| Box::pin(::backup::run(app, run)),
        },
        TaskFunction {
            function: verify_backup::FUNCTION,
            run: |app, run| Box::pin(verify_backup::run(app, run)),
        },
        TaskFunction {
            function: maintain_database::FUNCTION,
            run: |app, run| Box::pin(maintain_database::run(app, run)),
        },
        TaskFunction {
            function: migrate::FUNCTION,
            run: |app, run| Box::pin(migrate::run(app, run)),
        },
        TaskFunction {
            function: restore::FUNCTION,
            run: |app, run| Box::pin(restore::run(app, run)),
        },
        TaskFunction {
            function: rotate_jwt_key::FUNCTION,
            run: |app, run| Box::pin(rotate_jwt_key::run(app, run)),
        },
    ]
}

/// The scheduled ones of [`task_functions`], in the same order.
pub fn scheduled_functions() -> impl Iterator<Item = TaskFunction> {
    task_functions()
        .into_iter()
        .filter(|task| matches!(task.function.trigger, Trigger::Schedule(_)))
}

/// Every function: `fallback` too, and `push-connect`, whose routes are those of every WebSocket API.
pub fn functions() -> Vec<Function> {
    let http = http_functions().into_iter().map(|entry| entry.function);
    let tasks = task_functions().into_iter().map(|entry| entry.function);
    http.chain([fallback::FUNCTION, push_connect::FUNCTION])
        .chain(tasks)
        .collect()
}

/// All routes of the bundle in one router, with their description.
pub fn routes() -> OpenApiRouter<App> {
    http_functions()
        .into_iter()
        .fold(OpenApiRouter::new(), |all, entry| all.merge((entry.router)()))
}
