//! OpenAI's chat completions: how a question is put and what an answer means.
//!
//! No sampling parameter is sent, and nothing is kept at the provider. Source: UPSTREAMS "OpenAI chat
//! completions".

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::dialect::{Dialect, Told, endpoint, opinion};
use super::{ModelAnswer, ModelError, ModelErrorKind, Question, schema};
use crate::domain::models::{Provider, Usage};

/// Codes of errors that only money cures.
const MONEY: [&str; 5] = [
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "insufficient_quota",
];

/// Where OpenAI is and who asks it.
#[derive(Debug, Clone)]
pub(super) struct OpenAi {
    pub(super) base: Url,
    pub(super) key: SecretString,
}

impl Dialect for OpenAi {
    fn provider(&self) -> Provider {
        Provider::OpenAi
    }

    fn key(&self) -> &SecretString {
        &self.key
    }

    fn address(&self) -> Result<Url, url::ParseError> {
        endpoint(&self.base, "chat/completions")
    }

    fn headers(&self) -> Result<HeaderMap, InvalidHeaderValue> {
        let mut key = HeaderValue::from_str(&format!("Bearer {}", self.key.expose_secret()))?;
        key.set_sensitive(true);
        Ok(HeaderMap::from_iter([(AUTHORIZATION, key)]))
    }

    fn body(&self, question: &Question) -> Value {
        let (rung, prompt) = (&question.rung, &question.prompt);
        let mut body = json!({
            "model": rung.model,
            "max_completion_tokens": rung.max_output_tokens,
            "store": false,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.data},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "agent_score", "strict": true, "schema": schema::opinion()},
            },
        });
        if let Some(effort) = &rung.effort {
            body["reasoning_effort"] = json!(effort);
        }
        body
    }

    fn read(&self, answer: &Value) -> Told {
        Told {
            answer: said(&answer["choices"][0]),
            usage: usage(&answer["usage"]),
            model: answer["model"].as_str().map(str::to_owned),
        }
    }

    fn is_money(&self, error: &Value) -> bool {
        let code = error.pointer("/error/code").and_then(Value::as_str);
        let kind = error.pointer("/error/type").and_then(Value::as_str);
        [code, kind]
            .into_iter()
            .flatten()
            .any(|word| MONEY.contains(&word))
    }
}

fn said(choice: &Value) -> Result<ModelAnswer, ModelError> {
    let failed = |kind, reason: String| Err(ModelError::new(Provider::OpenAi, kind, reason));
    let message = &choice["message"];
    // A refusal stops like an answer.
    if let Some(refusal) = message["refusal"].as_str() {
        return failed(ModelErrorKind::Refused, format!("the model declines: {refusal}"));
    }
    match choice["finish_reason"].as_str() {
        Some("stop") => {}
        Some("length") => {
            return failed(ModelErrorKind::Cut, "the answer needs more tokens".to_owned());
        }
        Some(other) => return failed(ModelErrorKind::UnexpectedStop, format!("it stopped for {other}")),
        None => {
            let reason = "the answer does not say why it ends".to_owned();
            return failed(ModelErrorKind::UnexpectedStop, reason);
        }
    }
    match message["content"].as_str() {
        Some(text) => opinion(Provider::OpenAi, text),
        None => failed(ModelErrorKind::Malformed, "the answer holds no text".to_owned()),
    }
}

#[derive(Deserialize)]
struct Reported {
    prompt_tokens: u64,
    completion_tokens: u64,
    prompt_tokens_details: Option<PromptDetails>,
}

#[derive(Deserialize)]
struct PromptDetails {
    cached_tokens: Option<u64>,
}

/// Tokens read from the cache are part of the prompt's, those of thinking part of the answer's.
fn usage(reported: &Value) -> Option<Usage> {
    let reported = Reported::deserialize(reported).ok()?;
    let details = reported.prompt_tokens_details;
    let cached = details
        .and_then(|details| details.cached_tokens)
        .unwrap_or_default();
    let cache_read = cached.min(reported.prompt_tokens);
    let usage = Usage {
        input: reported.prompt_tokens - cache_read,
        cache_read,
        output: reported.completion_tokens,
        ..Usage::NONE
    };
    Some(usage.believable())
}
