//! A server that speaks S3 (moto), for one test: a bucket, and a client that reaches it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use shared::config::Bucket;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// How long it may take to start on a busy machine: it is Python.
const PATIENCE: Duration = Duration::from_mins(1);

/// The server; it ends with this value.
#[derive(Debug)]
pub struct S3Server {
    address: String,
    _process: Child,
}

impl S3Server {
    /// Starts it, without a bucket.
    ///
    /// # Panics
    ///
    /// When the Python environment of `scripts/test` is missing.
    pub async fn start() -> Self {
        let python = root().join(".venv/bin/python");
        assert!(
            python.exists(),
            "scripts/test makes .venv, which has the server that S3 is tested against"
        );
        let mut process = Command::new(python)
            .args(["-m", "moto.server", "--host", "127.0.0.1", "--port", "0"])
            // S3 lists a thousand objects at once: no test has so many.
            .env("MOTO_S3_DEFAULT_MAX_KEYS", "2")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("Python starts");
        let said = process.stderr.take().expect("it is piped");
        let mut lines = BufReader::new(said).lines();
        let address = async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some((_, address)) = line.split_once("Running on http://") {
                    return address.trim().to_owned();
                }
            }
            panic!("the server ended before it said where it listens")
        };
        let address = tokio::time::timeout(PATIENCE, address)
            .await
            .expect("the server starts in time");
        // It writes a line a request: nobody reads them, and a full pipe would stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self {
            address,
            _process: process,
        }
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// An empty bucket.
    pub async fn bucket(&self, name: &str) -> Bucket {
        let made = self.client().create_bucket().bucket(name).send().await;
        made.expect("a bucket");
        Bucket {
            name: name.to_owned(),
            prefix: String::new(),
            kms_key_arn: None,
        }
    }

    /// A client that speaks to it without anything between.
    pub fn client(&self) -> Client {
        client_of(&self.address)
    }
}

/// A client that speaks to an address, and tries as often as the deployed one, with less patience.
pub fn client_of(address: &str) -> Client {
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_secs(10))
        .build();
    let retries = RetryConfig::standard()
        .with_max_attempts(5)
        .with_initial_backoff(Duration::from_millis(5));
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .endpoint_url(format!("http://{address}"))
        .force_path_style(true)
        .timeout_config(timeouts)
        .retry_config(retries)
        .build();
    Client::from_conf(config)
}

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the root of the repository").to_owned()
}
