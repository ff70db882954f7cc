//! API Gateway's management interface of a WebSocket API.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::http::HttpResponse;
use aws_sdk_apigatewaymanagement::error::SdkError;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::future::BoxFuture;
use tokio::sync::OnceCell;
use url::Url;

use super::{Push, PushError};

/// Within a region it takes milliseconds.
const CONNECT: Duration = Duration::from_secs(1);

/// A call that takes longer is given up; whoever posts gives up earlier.
const OPERATION: Duration = Duration::from_secs(5);

/// The sockets that the gateway holds; the client is made by the first call.
#[derive(Debug)]
pub struct Gateway {
    endpoint: Url,
    client: OnceCell<Client>,
}

impl Gateway {
    /// The API with this address: `https://{api}.execute-api.{region}.amazonaws.com/{stage}`.
    pub const fn new(endpoint: Url) -> Self {
        Self {
            endpoint,
            client: OnceCell::const_new(),
        }
    }

    /// The sockets behind a client of one's own, which knows its address.
    pub fn with_client(endpoint: Url, client: Client) -> Self {
        Self {
            endpoint,
            client: OnceCell::new_with(Some(client)),
        }
    }

    async fn client(&self) -> &Client {
        self.client.get_or_init(|| connect(&self.endpoint)).await
    }

    async fn post(&self, connection: &str, message: &str) -> Result<(), PushError> {
        let call = self.client().await.post_to_connection();
        let sent = call.connection_id(connection).data(Blob::new(message)).send();
        sent.await.map(|_| ()).map_err(meaning)
    }

    async fn close(&self, connection: &str) -> Result<(), PushError> {
        let call = self.client().await.delete_connection();
        let sent = call.connection_id(connection).send();
        sent.await.map(|_| ()).map_err(meaning)
    }
}

impl Push for Gateway {
    fn post<'a>(&'a self, connection: &'a str, message: &'a str) -> BoxFuture<'a, Result<(), PushError>> {
        Box::pin(self.post(connection, message))
    }

    fn close<'a>(&'a self, connection: &'a str) -> BoxFuture<'a, Result<(), PushError>> {
        Box::pin(self.close(connection))
    }
}

async fn connect(endpoint: &Url) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_timeout(OPERATION)
        .build();
    // A version of its own, not `latest`: an update of the crate must not change retries silently.
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .timeout_config(timeouts)
        .retry_config(RetryConfig::disabled())
        .load()
        .await;
    let config = aws_sdk_apigatewaymanagement::config::Builder::from(&config)
        .endpoint_url(endpoint.as_str().trim_end_matches('/'))
        .build();
    Client::from_conf(config)
}

/// By status: it is the same for both calls, and the only thing an intermediary cannot spell otherwise.
fn meaning<E: std::error::Error + Send + Sync + 'static>(error: SdkError<E, HttpResponse>) -> PushError {
    let response = error.raw_response();
    match response.map(|response| response.status().as_u16()) {
        Some(410) => PushError::Gone,
        Some(429) => PushError::Throttled {
            retry_after: response
                .and_then(|response| response.headers().get("retry-after"))
                .and_then(|seconds| seconds.parse().ok())
                .map(Duration::from_secs),
        },
        _ => PushError::Failed(Box::new(error)),
    }
}
