//! Asking a provider over HTTP: one request, one answer, within the question's patience.

use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::anthropic::Anthropic;
use super::dialect::{Dialect, Told, refusal};
use super::openai::OpenAi;
use super::{Attempted, Model, ModelError, ModelErrorKind, Question};
use crate::clock::Stopwatch;
use crate::config::ModelsSettings;
use crate::domain::models::Provider;
use crate::net::{body_of, hidden, http_client, shown};

/// How long an answer may take where a question does not say.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);

/// An answer of a few thousand tokens is far smaller; more is not read.
const MOST_BYTES: usize = 1 << 20;

/// The client for the providers cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up for the models")]
pub struct ClientError(#[from] reqwest::Error);

/// The providers that have a key.
#[derive(Debug, Clone)]
pub struct Providers {
    client: reqwest::Client,
    anthropic: Option<Anthropic>,
    openai: Option<OpenAi>,
}

/// What came back over the wire.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Providers {
    /// Prepares the way to those that `settings` has a key for; connects to nothing.
    pub fn new(settings: Option<&ModelsSettings>) -> Result<Self, ClientError> {
        let anthropic = settings.and_then(|settings| {
            Some(Anthropic {
                base: settings.anthropic_base_url.clone(),
                key: settings.claude_api_key.clone()?,
                version: settings.anthropic_version,
            })
        });
        let openai = settings.and_then(|settings| {
            Some(OpenAi {
                base: settings.openai_base_url.clone(),
                key: settings.openai_api_key.clone()?,
            })
        });
        Ok(Self {
            client: http_client(ANSWER_PATIENCE)?,
            anthropic,
            openai,
        })
    }

    /// Whether a provider can be asked.
    pub fn has_key(&self, provider: Provider) -> bool {
        self.dialect(provider).is_some()
    }

    fn dialect(&self, provider: Provider) -> Option<&dyn Dialect> {
        match provider {
            Provider::Anthropic => self.anthropic.as_ref().map(|dialect| dialect as &dyn Dialect),
            Provider::OpenAi => self.openai.as_ref().map(|dialect| dialect as &dyn Dialect),
        }
    }

    async fn told(&self, question: &Question) -> Told {
        let provider = question.rung.provider;
        let Some(dialect) = self.dialect(provider) else {
            let reason = "it has no key here";
            return Told::unbilled(ModelError::new(provider, ModelErrorKind::Configuration, reason));
        };
        let told = match self.exchange(dialect, question).await {
            Ok(reply) => reply.told(dialect),
            Err(failed) => failed,
        };
        told.without_key(dialect)
    }

    async fn exchange(&self, dialect: &dyn Dialect, question: &Question) -> Result<Reply, Told> {
        let provider = dialect.provider();
        let unusable =
            |what: &str| Told::unbilled(ModelError::new(provider, ModelErrorKind::Configuration, what));
        let address = dialect.address().map_err(|_| unusable("its address is none"))?;
        let headers = dialect
            .headers()
            .map_err(|_| unusable("the key holds what no header may hold"))?;
        let request = self
            .client
            .post(address)
            .headers(headers)
            .json(&dialect.body(question))
            .timeout(question.patience);
        let response = request.send().await.map_err(|error| cut(provider, &error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = match body_of(response, MOST_BYTES).await {
            Ok(body) => body,
            // The status counts, even when the text that explains it does not arrive.
            Err(_) if !status.is_success() => Vec::new(),
            Err(error) => return Err(cut(provider, &error)),
        };
        Ok(Reply {
            status,
            headers,
            body,
        })
    }
}

impl Model for Providers {
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Attempted> {
        Box::pin(async move {
            let watch = Stopwatch::start();
            let told = self.told(question).await;
            Attempted {
                answer: told.answer,
                usage: told.usage.unwrap_or_default(),
                is_usage_known: told.usage.is_some(),
                model: told.model.unwrap_or_else(|| question.rung.model.clone()),
                latency_ms: watch.elapsed_ms(),
            }
        })
    }
}

impl Reply {
    fn told(&self, dialect: &dyn Dialect) -> Told {
        if !self.status.is_success() {
            let status = self.status.as_u16();
            return Told::unbilled(refusal(dialect, status, &self.headers, &self.body));
        }
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(answer) => dialect.read(&answer),
            Err(error) => Told::billed_unknown(ModelError::new(
                dialect.provider(),
                ModelErrorKind::Malformed,
                error.to_string(),
            )),
        }
    }
}

impl Told {
    /// The same, with texts that may be written down: short where they explain a failure, and
    /// without the key, whoever said it back.
    fn without_key(self, dialect: &dyn Dialect) -> Self {
        let key = dialect.key();
        let answer = self.answer.map(|mut answer| {
            answer.opinion.reasoning = hidden(&answer.opinion.reasoning, [key]);
            answer.raw = hidden(&answer.raw, [key]);
            answer
        });
        Self {
            answer: answer.map_err(|error| ModelError {
                reason: shown(&error.reason, [key]),
                ..error
            }),
            model: self.model.map(|model| shown(&model, [key])),
            usage: self.usage,
        }
    }
}

/// What a connection means that failed before or within the answer. The library's own text names the
/// address, which is nobody's business.
fn cut(provider: Provider, error: &reqwest::Error) -> Told {
    let failed = |kind, reason: &str| ModelError::new(provider, kind, reason);
    if error.is_connect() {
        Told::unbilled(failed(ModelErrorKind::Connection, "no connection"))
    } else if error.is_timeout() {
        Told::billed_unknown(failed(ModelErrorKind::Timeout, "no answer in time"))
    } else {
        Told::billed_unknown(failed(ModelErrorKind::Connection, "the connection broke"))
    }
}
