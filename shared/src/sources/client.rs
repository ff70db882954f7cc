//! How a call is made: pauses, time-outs, tries, classification, journal.

use std::sync::Arc;
use std::time::Duration;

use backon::{ConstantBuilder, Retryable};
use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use url::Url;

use super::journal::{Call, CallStatus, Journal};
use super::pauses::{LocalPauses, Pauses};
use super::weight::WeightLimit;
use super::{Fetched, SourceError};
use crate::clock::{Clock, Stopwatch};
use crate::config::SourcesSettings;
use crate::net::{http_client, shown};

/// How long a whole answer may take; a page of a thousand candles takes well under a second.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait when a service asks for a pause and does not say how long.
const DEFAULT_PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// No pause lasts longer: a service that names a later time has slipped. Source: UPSTREAMS "Binance", bans.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(3 * 24);

/// The header in which a stand-in says that it is one.
const STAND_IN: &str = "x-automoney-source";

/// How often and how far apart a call is tried when the service is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries an address, at least 1.
    pub tries: usize,
    /// The pause between two, before jitter.
    pub pause: Duration,
    /// How long an answer may take.
    pub answer_patience: Duration,
}

impl Default for RetryPolicy {
    /// Three tries, two seconds apart. Source: DOMAIN "Market inputs".
    fn default() -> Self {
        Self {
            tries: 3,
            pause: Duration::from_secs(2),
            answer_patience: ANSWER_PATIENCE,
        }
    }
}

/// The client for the outside services cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up")]
pub struct UpstreamError(#[from] reqwest::Error);

/// The way to the outside services; cheap to clone.
#[derive(Debug, Clone)]
pub struct Upstream {
    client: reqwest::Client,
    settings: Option<Arc<SourcesSettings>>,
    retry: RetryPolicy,
    pub(super) clock: Clock,
    pub(super) journal: Journal,
    pauses: Arc<dyn Pauses>,
}

impl Upstream {
    /// Prepares the way; connects to nothing. Pauses are this process's own.
    ///
    /// Without settings every question is refused: this process declared no sources.
    pub fn new(
        settings: Option<SourcesSettings>,
        retry: RetryPolicy,
        clock: Clock,
    ) -> Result<Self, UpstreamError> {
        let client = http_client(retry.answer_patience)?;
        Ok(Self {
            client,
            settings: settings.map(Arc::new),
            retry,
            clock,
            journal: Journal::default(),
            pauses: Arc::new(LocalPauses::default()),
        })
    }

    /// The same way, writing into `journal`.
    #[must_use]
    pub fn with_journal(&self, journal: Journal) -> Self {
        Self {
            journal,
            ..self.clone()
        }
    }

    /// The same way, keeping to `pauses` and telling them of new ones.
    #[must_use]
    pub fn with_pauses(&self, pauses: Arc<dyn Pauses>) -> Self {
        Self {
            pauses,
            ..self.clone()
        }
    }

    /// Where the services are and what their keys are.
    pub fn settings(&self) -> Result<&SourcesSettings, SourceError> {
        let undeclared = SourceError::Configuration {
            service: "(all)",
            reason: "this process declared no sources".to_owned(),
        };
        self.settings.as_deref().ok_or(undeclared)
    }

    /// Asks one address, as often as the policy says while it is down.
    pub(super) async fn get<T: DeserializeOwned, U>(
        &self,
        ask: &Ask<'_, T, U>,
    ) -> Result<Fetched<U>, SourceError> {
        let policy = ConstantBuilder::default()
            .with_delay(self.retry.pause)
            .with_max_times(self.retry.tries.saturating_sub(1))
            .with_jitter();
        (|| self.attempt(ask))
            .retry(policy)
            .when(|error| matches!(error, SourceError::Unavailable { .. }))
            .await
    }

    async fn attempt<T: DeserializeOwned, U>(&self, ask: &Ask<'_, T, U>) -> Result<Fetched<U>, SourceError> {
        let at = self.clock.now();
        let (service, base) = (ask.service, ask.base.as_str());
        if let Some(until) = self.pauses.until(service, base, at).await {
            return Err(SourceError::NotBefore { service, until });
        }
        let watch = Stopwatch::start();
        let outcome = self.exchange(ask).await;
        let http_status = outcome.http_status.map(|status| status.as_u16());
        self.journal.note(Call {
            service,
            endpoint: format!("/{}", ask.path),
            status: outcome.status,
            http_status,
            latency_ms: watch.elapsed_ms(),
            items: outcome.items,
            error: outcome.answer.as_ref().err().map(ToString::to_string),
            at,
        });
        if let Some(until) = outcome.pause_until()
            && self.pauses.ask(service, base, until).await
        {
            tracing::warn!(service, until = %until, http_status, "the service asks for a pause");
        }
        outcome.answer
    }

    async fn exchange<T: DeserializeOwned, U>(&self, ask: &Ask<'_, T, U>) -> Outcome<U> {
        let request = match self.request(ask) {
            Ok(request) => request,
            Err(reason) => {
                let error = SourceError::Configuration {
                    service: ask.service,
                    reason,
                };
                return Outcome::failed(error, CallStatus::Broken, None);
            }
        };
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Outcome::cut(ask.service, &error, None),
        };
        let http_status = response.status();
        let headers = response.headers().clone();
        let now = self.clock.now();
        let spent_until = ask.weight.and_then(|limit| limit.pause_after(&headers, now));
        let body = response.bytes().await;
        let outcome = match body {
            Ok(body) if http_status.is_success() => Outcome::read(ask, &body, &headers, http_status),
            Err(error) if http_status.is_success() => Outcome::cut(ask.service, &error, Some(http_status)),
            body => {
                // The status counts, even when the text that explains it does not arrive.
                let text = ask.shown(&String::from_utf8_lossy(&body.unwrap_or_default()));
                let error = refusal(ask.service, http_status, &headers, &text, now);
                Outcome::failed(error, CallStatus::HttpError, Some(http_status))
            }
        };
        Outcome {
            spent_until,
            ..outcome
        }
    }

    fn request<T, U>(&self, ask: &Ask<'_, T, U>) -> Result<RequestBuilder, String> {
        let url = ask.base.join(ask.path).map_err(|error| error.to_string())?;
        let mut request = self.client.get(url).query(&ask.query);
        if let Some((name, key)) = ask.key_in_query {
            request = request.query(&[(name, key.expose_secret())]);
        }
        if let Some((name, key)) = ask.key_in_header {
            let mut value = HeaderValue::from_str(key.expose_secret())
                .map_err(|_| "the key holds what no header may hold".to_owned())?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        Ok(request)
    }
}

/// One question to one address of a service.
pub(super) struct Ask<'a, T, U> {
    pub(super) service: &'static str,
    pub(super) base: &'a Url,
    /// Below the base, without a leading slash.
    pub(super) path: &'a str,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) key_in_query: Option<(&'static str, &'a SecretString)>,
    pub(super) key_in_header: Option<(&'static str, &'a SecretString)>,
    /// What the service lets a minute weigh, where it counts that.
    pub(super) weight: Option<WeightLimit>,
    /// How many items an answer holds, for the journal.
    pub(super) count: fn(&T) -> usize,
    /// Makes what was asked for of an answer of the right shape; says what is wrong with it otherwise.
    pub(super) read: &'a (dyn Fn(T) -> Result<U, &'static str> + Sync),
}

impl<T, U> Ask<'_, T, U> {
    /// Somebody else's text, fit for a log line: its beginning, without our key.
    fn shown(&self, text: &str) -> String {
        let keys = [self.key_in_query, self.key_in_header].into_iter().flatten();
        shown(text, keys.map(|(_, key)| key))
    }
}

struct Outcome<U> {
    answer: Result<Fetched<U>, SourceError>,
    status: CallStatus,
    http_status: Option<StatusCode>,
    items: usize,
    /// When the service may be asked again, because its limit is nearly used up.
    spent_until: Option<Timestamp>,
}

impl<U> Outcome<U> {
    const fn failed(error: SourceError, status: CallStatus, http_status: Option<StatusCode>) -> Self {
        Self {
            answer: Err(error),
            status,
            http_status,
            items: 0,
            spent_until: None,
        }
    }

    /// Until when the service is not to be asked again, for whichever reason is the later.
    fn pause_until(&self) -> Option<Timestamp> {
        let asked = match &self.answer {
            Err(SourceError::NotBefore { until, .. }) => Some(*until),
            _ => None,
        };
        asked.max(self.spent_until)
    }

    /// The connection failed, before or within the answer.
    fn cut(service: &'static str, error: &reqwest::Error, http_status: Option<StatusCode>) -> Self {
        // The library's text names the address, and with FRED's the key.
        let (status, reason) = if error.is_timeout() {
            (CallStatus::Timeout, "no answer in time")
        } else if error.is_connect() {
            (CallStatus::Connection, "no connection")
        } else {
            (CallStatus::Connection, "the connection broke")
        };
        Self::failed(
            SourceError::Unavailable {
                service,
                reason: reason.to_owned(),
            },
            status,
            http_status,
        )
    }

    fn read<T: DeserializeOwned>(
        ask: &Ask<'_, T, U>,
        body: &[u8],
        headers: &HeaderMap,
        status: StatusCode,
    ) -> Self {
        let parsed = serde_json::from_slice::<T>(body).map_err(|error| ask.shown(&error.to_string()));
        let read = parsed.and_then(|answer| {
            let items = (ask.count)(&answer);
            let value = (ask.read)(answer).map_err(str::to_owned)?;
            Ok((
                Fetched {
                    value,
                    source: label(headers, ask.service),
                },
                items,
            ))
        });
        match read {
            Ok((fetched, items)) => Self {
                answer: Ok(fetched),
                status: CallStatus::Ok,
                http_status: Some(status),
                items,
                spent_until: None,
            },
            Err(reason) => {
                let error = SourceError::Broken {
                    service: ask.service,
                    reason,
                };
                Self::failed(error, CallStatus::Broken, Some(status))
            }
        }
    }
}

fn refusal(
    service: &'static str,
    status: StatusCode,
    headers: &HeaderMap,
    text: &str,
    now: Timestamp,
) -> SourceError {
    match status.as_u16() {
        418 | 429 => {
            let seconds = headers
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.trim().parse().ok());
            let pause = seconds.map_or(DEFAULT_PAUSE, SignedDuration::from_secs);
            let pause = pause.clamp(SignedDuration::ZERO, LONGEST_PAUSE);
            SourceError::NotBefore {
                service,
                until: whole_second(now.saturating_add(pause).unwrap_or(now)),
            }
        }
        500..=599 => SourceError::Unavailable {
            service,
            reason: format!("status {}", status.as_u16()),
        },
        code => SourceError::Configuration {
            service,
            reason: format!("status {code}: {text}"),
        },
    }
}

/// Rounded up. Calls side by side are told the same pause a moment apart: it is one, and it is told once.
fn whole_second(time: Timestamp) -> Timestamp {
    let up = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Ceil);
    time.round(up).unwrap_or(time)
}

fn label(headers: &HeaderMap, service: &'static str) -> &'static str {
    match headers.get(STAND_IN).map(HeaderValue::as_bytes) {
        Some(b"sample") => "sample",
        Some(b"csv") => "csv",
        _ => service,
    }
}
