//! The only home of the HTTP client, and how somebody else's text becomes fit for a log line.
//!
//! Knows no service: what is asked, how often, and what an answer means is said by `sources` and `llm`.

use std::time::Duration;

use reqwest::redirect::Policy;
use secrecy::{ExposeSecret as _, SecretString};

/// A server that does not accept within this time is down.
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);

/// Shorter than the idle time-out of the load balancers in front of the services: a socket they have
/// closed must not be used again.
const IDLE: Duration = Duration::from_secs(20);

/// The longest piece of somebody else's error text that is kept.
const SHOWN: usize = 200;

/// What stands where a key stood.
const HIDDEN: &str = "(key)";

/// Makes the client. All who ask the same services share one.
#[expect(
    clippy::disallowed_methods,
    reason = "this module is the home of the HTTP client"
)]
pub fn http_client(answer_patience: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_PATIENCE)
        .timeout(answer_patience)
        .pool_idle_timeout(IDLE)
        // A redirected request would carry a key along, in its header or as the referrer, to whoever is named.
        .redirect(Policy::none())
        .user_agent("automoney")
        .build()
}

/// The body of an answer, cut where it is longer than `most_bytes`: no JSON any more, which is what
/// becomes of it.
pub async fn body_of(mut response: reqwest::Response, most_bytes: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > most_bytes {
            body.truncate(most_bytes);
            break;
        }
    }
    Ok(body)
}

/// Somebody else's text, fit for a log line: its beginning, on one line, without our keys.
pub fn shown<'a>(text: &str, keys: impl IntoIterator<Item = &'a SecretString>) -> String {
    hidden(text, keys)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SHOWN)
        .collect()
}

/// Somebody else's text without our keys.
pub fn hidden<'a>(text: &str, keys: impl IntoIterator<Item = &'a SecretString>) -> String {
    let mut text = text.to_owned();
    for key in keys {
        let key = key.expose_secret();
        // As it was sent, as an address spells it, as JSON and error texts quote it.
        let encoded = url::form_urlencoded::byte_serialize(key.as_bytes()).collect::<String>();
        let quoted = format!("{key:?}");
        for form in [quoted.trim_matches('"'), encoded.as_str(), key] {
            if !form.is_empty() {
                text = text.replace(form, HIDDEN);
            }
        }
    }
    text
}
