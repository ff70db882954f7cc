//! A function's own binary, as it is deployed, driven by a fake Lambda Runtime API.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};

use crate::program;
use crate::runtime_api::{Outcome, RuntimeApi};

/// A cold start in a debug build on a busy machine, and a first run.
const PATIENCE: Duration = Duration::from_mins(2);

/// 2100-01-01: no invocation comes near its deadline.
pub const DEADLINE_MS: u64 = 4_102_444_800_000;

/// A function at work; it ends with this value.
pub struct Function {
    api: RuntimeApi,
    process: Child,
}

impl Function {
    /// Starts it with nothing in its environment but this and what Lambda itself sets.
    pub async fn start(name: &str, environment: &[(&str, String)]) -> Self {
        let api = RuntimeApi::start(DEADLINE_MS).await;
        let process = Command::new(program(name))
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", api.address())
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the function is built: cargo build --workspace --bins");
        Self { api, process }
    }

    /// Sends it an event.
    pub async fn invoke(&self, request_id: &str, event: Value) -> Outcome {
        self.api.invoke(request_id, event, PATIENCE).await
    }

    /// Sends it an event that it must answer.
    pub async fn answer(&self, request_id: &str, event: Value) -> Value {
        match self.invoke(request_id, event).await {
            Outcome::Answered(answer) => answer,
            other => panic!("{request_id}: {other:?}"),
        }
    }

    /// Its process, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Ends it and gives its log, a JSON object a line.
    pub async fn log(mut self) -> Vec<Value> {
        self.process.start_kill().expect("it runs");
        let mut text = String::new();
        let mut stdout = self.process.stdout.take().expect("it is piped");
        stdout.read_to_string(&mut text).await.expect("text");
        self.process.wait().await.expect("it ends");
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect()
    }
}
