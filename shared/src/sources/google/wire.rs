//! How Google is asked: one client, time-outs, one more try where that is safe, and what a status means.

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use reqwest::header::{ACCEPT, AGE, CACHE_CONTROL, CONTENT_TYPE, HeaderMap};
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::{Endpoint, Exchange, GoogleError, Outage, Refusal, Trouble};
use crate::clock::Stopwatch;
use crate::config::GoogleSettings;
use crate::net::{body_of, http_client};

/// Documents, keys and tokens are a few kilobytes; more is not read.
const MOST_BYTES: usize = 256 << 10;

/// A document is kept at least so long, whatever its headers say: a slip there must not make every
/// sign-in wait for two more answers.
const SHORTEST_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// And at most so long, so that a key that was withdrawn is gone the day after.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// The client for Google cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up for signing in")]
pub struct ClientError(#[from] reqwest::Error);

/// The client and its patience; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    client: reqwest::Client,
    patience: Duration,
}

/// Something that Google publishes, and how long it may be kept.
pub(super) struct Document<T> {
    pub(super) value: T,
    pub(super) lifetime: SignedDuration,
}

/// An answer as it came.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// An id token whose signature nobody looked at yet; it shows itself to nobody.
pub(super) struct IdToken(String);

impl Wire {
    pub(super) fn new(patience: Duration) -> Result<Self, ClientError> {
        let client = http_client(patience)?;
        Ok(Self { client, patience })
    }

    pub(super) fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Fetches a document, once more when that may help.
    pub(super) async fn document<T>(
        &self,
        endpoint: Endpoint,
        url: &Url,
        read: &(dyn Fn(&[u8]) -> Result<T, &'static str> + Sync),
    ) -> Result<Document<T>, Outage> {
        let fetched = match self.fetched(endpoint, url, read).await {
            Err(trouble) if trouble.passes() => self.fetched(endpoint, url, read).await,
            fetched => fetched,
        };
        fetched.map_err(|trouble| Outage { endpoint, trouble })
    }

    async fn fetched<T>(
        &self,
        endpoint: Endpoint,
        url: &Url,
        read: &(dyn Fn(&[u8]) -> Result<T, &'static str> + Sync),
    ) -> Result<Document<T>, Trouble> {
        let reply = self.reply(endpoint, Method::GET, url, None).await?;
        if !reply.status.is_success() {
            return Err(Trouble::Status(reply.status.as_u16()));
        }
        Ok(Document {
            value: read(&reply.body).map_err(Trouble::Malformed)?,
            lifetime: lifetime(&reply.headers),
        })
    }

    /// Exchanges a code for an id token. A code can be exchanged once: there is a second try only where
    /// nothing was sent in the first.
    pub(super) async fn exchange(
        &self,
        url: &Url,
        exchange: &Exchange<'_>,
        settings: &GoogleSettings,
    ) -> Result<IdToken, GoogleError> {
        let form = form(exchange, settings);
        let ask = || self.reply(Endpoint::Token, Method::POST, url, Some(&form));
        let reply = match ask().await {
            Err(Trouble::NoConnection) => ask().await,
            reply => reply,
        };
        let unavailable = |trouble| Outage {
            endpoint: Endpoint::Token,
            trouble,
        };
        let reply = reply.map_err(unavailable)?;
        if reply.status.is_success() {
            return id_token(&reply.body);
        }
        let outage = unavailable(Trouble::Status(reply.status.as_u16()));
        Err(refusal(&reply).unwrap_or(outage.into()))
    }

    async fn reply(
        &self,
        endpoint: Endpoint,
        method: Method,
        url: &Url,
        form: Option<&str>,
    ) -> Result<Reply, Trouble> {
        let watch = Stopwatch::start();
        let outcome = self.sent(method, url, form).await;
        let latency_ms = watch.elapsed_ms();
        let status = outcome.as_ref().ok().map(|reply| reply.status.as_u16());
        let trouble = outcome.as_ref().err().map(ToString::to_string);
        tracing::info!(endpoint = %endpoint, status, trouble, latency_ms, "Google was asked");
        outcome
    }

    async fn sent(&self, method: Method, url: &Url, form: Option<&str>) -> Result<Reply, Trouble> {
        let mut request = self
            .client
            .request(method, url.clone())
            .header(ACCEPT, "application/json")
            .timeout(self.patience);
        if let Some(form) = form {
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.to_owned());
        }
        let response = request.send().await.map_err(|error| trouble(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = match body_of(response, MOST_BYTES).await {
            Ok(body) => body,
            // The status counts, even when the text that explains it does not arrive.
            Err(_) if !status.is_success() => Vec::new(),
            Err(error) => return Err(trouble(&error)),
        };
        Ok(Reply {
            status,
            headers,
            body,
        })
    }
}

/// The library's own text names the address; ours does not need it.
fn trouble(error: &reqwest::Error) -> Trouble {
    if error.is_connect() {
        Trouble::NoConnection
    } else if error.is_timeout() {
        Trouble::TooSlow
    } else {
        Trouble::Broken
    }
}

/// How long a document may be kept, by its headers. Source: RFC 9111, section 4.2.
fn lifetime(headers: &HeaderMap) -> SignedDuration {
    let told = headers
        .get(CACHE_CONTROL)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let directives = || told.split(',').map(str::trim);
    let forbids =
        directives().any(|one| one.eq_ignore_ascii_case("no-store") || one.eq_ignore_ascii_case("no-cache"));
    let seconds = |text: &str| text.trim().trim_matches('"').parse::<i64>().ok();
    let most = directives().find_map(|one| {
        let (name, value) = one.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("max-age")
            .then(|| seconds(value))?
    });
    let age = headers.get(AGE).and_then(|value| seconds(value.to_str().ok()?));
    let left = most.unwrap_or(0).saturating_sub(age.unwrap_or(0).max(0));
    let left = if forbids { 0 } else { left };
    SignedDuration::from_secs(left).clamp(SHORTEST_LIFE, LONGEST_LIFE)
}

fn form(exchange: &Exchange<'_>, settings: &GoogleSettings) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("code", exchange.code)
        .append_pair("client_id", &settings.client_id)
        .append_pair("client_secret", settings.client_secret.expose_secret())
        .append_pair("redirect_uri", exchange.redirect_uri)
        .append_pair("grant_type", "authorization_code")
        .append_pair("code_verifier", exchange.code_verifier)
        .finish()
}

fn id_token(body: &[u8]) -> Result<IdToken, GoogleError> {
    #[derive(Deserialize)]
    struct Tokens {
        id_token: Option<String>,
    }
    // Why it cannot be read is not passed on: the library's words quote what they are about.
    let tokens: Tokens = serde_json::from_slice(body).map_err(|_| Outage {
        endpoint: Endpoint::Token,
        trouble: Trouble::Malformed("no tokens"),
    })?;
    Ok(tokens.id_token.map(IdToken).ok_or(Refusal::NoToken)?)
}

/// What Google's own words say about who is at fault; nothing where it does not say.
fn refusal(reply: &Reply) -> Option<GoogleError> {
    if !matches!(reply.status.as_u16(), 400 | 401 | 403) {
        return None;
    }
    let said: Value = serde_json::from_slice(&reply.body).ok()?;
    Some(match said.get("error")?.as_str()? {
        // The code, the verifier or the page is not what it was when the browser left.
        "invalid_grant" => Refusal::Code("invalid_grant").into(),
        "invalid_request" => Refusal::Code("invalid_request").into(),
        // One that is not registered would have got no code: it is another one of ours.
        "redirect_uri_mismatch" => Refusal::Code("redirect_uri_mismatch").into(),
        "invalid_client" => GoogleError::Misconfigured("invalid_client"),
        "unauthorized_client" => GoogleError::Misconfigured("unauthorized_client"),
        "unsupported_grant_type" => GoogleError::Misconfigured("unsupported_grant_type"),
        // Its words are not repeated: nobody knows what is in them.
        _ => GoogleError::Misconfigured("for a reason that its documents do not name"),
    })
}

impl IdToken {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("public, max-age=20000, must-revalidate, no-transform", "", 20_000)]
    #[case("Max-Age=\"20000\"", "", 20_000)]
    #[case("public, max-age=20000", "5000", 15_000)]
    #[case("public, max-age=20000", "yesterday", 20_000)]
    #[case("public, max-age=20000", "-5000", 20_000)]
    #[case("max-age=20000, no-store", "", 300)]
    #[case("no-cache", "", 300)]
    #[case("max-age=-1", "", 300)]
    #[case("max-age=soon", "", 300)]
    #[case("s-maxage=20000", "", 300)]
    #[case("", "", 300)]
    #[case("max-age=9223372036854775807", "9223372036854775807", 300)]
    #[case("max-age=9223372036854775807", "", 86_400)]
    fn a_document_lives_as_long_as_its_headers_say(
        #[case] cache_control: &str,
        #[case] age: &str,
        #[case] seconds: i64,
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in [(CACHE_CONTROL, cache_control), (AGE, age)] {
            if !value.is_empty() {
                headers.insert(name, value.parse().unwrap());
            }
        }

        assert_eq!(lifetime(&headers).as_secs(), seconds);
    }
}
