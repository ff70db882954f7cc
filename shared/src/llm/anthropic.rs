//! Anthropic's messages: how a question is put and what an answer means.
//!
//! No sampling parameter is sent and no answer is begun for the model: newer versions refuse both.
//! Source: UPSTREAMS "Anthropic Messages".

use jiff::civil::Date;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::dialect::{Dialect, Told, endpoint, opinion};
use super::{ModelAnswer, ModelError, ModelErrorKind, Question, schema};
use crate::domain::models::{Provider, Usage};

const KEY: HeaderName = HeaderName::from_static("x-api-key");
const VERSION: HeaderName = HeaderName::from_static("anthropic-version");

/// Where Anthropic is and who asks it.
#[derive(Debug, Clone)]
pub(super) struct Anthropic {
    pub(super) base: Url,
    pub(super) key: SecretString,
    pub(super) version: Date,
}

impl Dialect for Anthropic {
    fn provider(&self) -> Provider {
        Provider::Anthropic
    }

    fn key(&self) -> &SecretString {
        &self.key
    }

    fn address(&self) -> Result<Url, url::ParseError> {
        endpoint(&self.base, "messages")
    }

    fn headers(&self) -> Result<HeaderMap, InvalidHeaderValue> {
        let mut key = HeaderValue::from_str(self.key.expose_secret())?;
        key.set_sensitive(true);
        let version = HeaderValue::from_str(&self.version.to_string())?;
        Ok(HeaderMap::from_iter([(KEY, key), (VERSION, version)]))
    }

    fn body(&self, question: &Question) -> Value {
        let (rung, prompt) = (&question.rung, &question.prompt);
        let mut output = json!({"format": {"type": "json_schema", "schema": schema::opinion()}});
        if let Some(effort) = &rung.effort {
            output["effort"] = json!(effort);
        }
        json!({
            "model": rung.model,
            "max_tokens": rung.max_output_tokens,
            "system": [{
                "type": "text",
                "text": prompt.system,
                "cache_control": {"type": "ephemeral", "ttl": "1h"},
            }],
            "messages": [{"role": "user", "content": [{"type": "text", "text": prompt.data}]}],
            "output_config": output,
        })
    }

    fn read(&self, answer: &Value) -> Told {
        Told {
            answer: said(answer),
            usage: usage(&answer["usage"]),
            model: answer["model"].as_str().map(str::to_owned),
        }
    }

    /// The limit of an organisation has a code; that of an account is only told in the message.
    fn is_money(&self, error: &Value) -> bool {
        let message = error.pointer("/error/message").and_then(Value::as_str);
        let message = message.unwrap_or_default().to_ascii_lowercase();
        let code = error.pointer("/error/details/error_code");
        let kind = error.pointer("/error/type");
        code.is_some_and(|code| code == "enforced_spend_limit_reached")
            || kind.is_some_and(|kind| kind == "billing_error")
            || message.contains("usage limit")
            || message.contains("credit balance")
    }
}

fn said(answer: &Value) -> Result<ModelAnswer, ModelError> {
    let failed = |kind, reason: String| Err(ModelError::new(Provider::Anthropic, kind, reason));
    match answer["stop_reason"].as_str() {
        Some("end_turn") => {}
        Some("refusal") => {
            return failed(ModelErrorKind::Refused, "the model declines".to_owned());
        }
        Some("max_tokens") => {
            return failed(ModelErrorKind::Cut, "the answer needs more tokens".to_owned());
        }
        Some(other) => return failed(ModelErrorKind::UnexpectedStop, format!("it stopped for {other}")),
        None => {
            let reason = "the answer does not say why it ends".to_owned();
            return failed(ModelErrorKind::UnexpectedStop, reason);
        }
    }
    // Thinking comes first where there is some: a block is known by its type, not by its place.
    let mut blocks = answer["content"].as_array().into_iter().flatten();
    let text = blocks.find(|block| block["type"] == "text");
    match text.and_then(|block| block["text"].as_str()) {
        Some(text) => opinion(Provider::Anthropic, text),
        None => failed(ModelErrorKind::Malformed, "the answer holds no text".to_owned()),
    }
}

#[derive(Deserialize)]
struct Reported {
    input_tokens: u64,
    output_tokens: u64,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    cache_creation: Option<Written>,
}

#[derive(Deserialize, Default)]
struct Written {
    #[serde(default)]
    ephemeral_5m_input_tokens: u64,
    #[serde(default)]
    ephemeral_1h_input_tokens: u64,
}

/// The reported counts do not overlap, but for what was written: its two kinds are part of its sum.
fn usage(reported: &Value) -> Option<Usage> {
    let reported = Reported::deserialize(reported).ok()?;
    let written = reported.cache_creation.unwrap_or_default();
    let all_written = reported.cache_creation_input_tokens.unwrap_or_default();
    // What is not told apart was written for an hour: that is what we ask for, and the dearer one.
    let unnamed = all_written.saturating_sub(written.ephemeral_5m_input_tokens);
    let usage = Usage {
        input: reported.input_tokens,
        cache_write_5m: written.ephemeral_5m_input_tokens,
        cache_write_1h: unnamed.max(written.ephemeral_1h_input_tokens),
        cache_read: reported.cache_read_input_tokens.unwrap_or_default(),
        output: reported.output_tokens,
    };
    Some(usage.believable())
}
