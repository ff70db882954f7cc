//! The language models: they check what they are sent as strictly as the real ones, and agree.
//!
//! What a model says by itself is made from the data in the question: the rules' score, a little
//! higher. It does not think. Tokens are a quarter of the bytes; a fixed part that was sent before is
//! read from the cache.

mod checks;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use axum::response::Response;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::Service;
use crate::faults::Fault;
use crate::routes::{State, labelled, refused};

/// Where each service takes questions.
pub(crate) const PATHS: [(Service, &str); 2] = [
    (Service::Anthropic, "/v1/messages"),
    (Service::OpenAi, "/v1/chat/completions"),
];

/// How much higher than the rules' score a model's is by itself.
const OPTIMISM: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

/// A question that a model was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRequest {
    /// Whom.
    pub service: Service,
    /// What was sent; null when it was not JSON.
    pub body: Value,
}

/// What the models remember.
#[derive(Debug, Default)]
pub(crate) struct Models(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    requests: Vec<ModelRequest>,
    opinions: HashMap<Service, String>,
    /// Fixed parts that are in a model's cache.
    cached: HashSet<(String, String)>,
}

impl Models {
    pub(crate) fn take_requests(&self) -> Vec<ModelRequest> {
        std::mem::take(&mut self.memory().requests)
    }

    pub(crate) fn set_opinion(&self, service: Service, score: Decimal, reasoning: &str) {
        self.memory().opinions.insert(service, opinion(score, reasoning));
    }

    fn note(&self, service: Service, body: Value) {
        self.memory().requests.push(ModelRequest { service, body });
    }

    fn ordered(&self, service: Service) -> Option<String> {
        self.memory().opinions.get(&service).cloned()
    }

    /// Whether the fixed part was sent to this model before; it is from now on.
    fn is_cached(&self, asked: &Asked) -> bool {
        let part = (asked.model.clone(), asked.system.clone());
        !self.memory().cached.insert(part)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question as a service understood it.
pub(crate) struct Asked {
    model: String,
    system: String,
    data: String,
}

/// How a model's answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    Cut,
    Refused,
}

/// Keeps the question, fails where that was ordered, refuses what the service would refuse, answers.
pub(crate) async fn attend(
    state: &State,
    (service, path): (Service, &str),
    headers: &HeaderMap,
    body: &[u8],
) -> Response {
    let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    state.models().note(service, body.clone());
    let ordered = match state.faults().next(service, path) {
        Some(fault) => match fault.answer(service).await {
            Ok(response) => return response,
            Err(fault) => Some(fault),
        },
        None => None,
    };
    let asked = match checks::understood(service, headers, &body) {
        Ok(asked) => asked,
        Err((status, what)) => return refused(status, &error(service, status, &what)),
    };
    let (text, end) = match ordered {
        Some(Fault::Refusal) => (String::new(), End::Refused),
        Some(Fault::OutOfTokens) => (r#"{"score": 0.1, "reaso"#.to_owned(), End::Cut),
        Some(Fault::Says(text)) => (text, End::Whole),
        _ => (said(state.models(), service, &asked), End::Whole),
    };
    let is_cached = state.models().is_cached(&asked);
    let answer = match service {
        Service::OpenAi => completion(&asked, &text, end, is_cached),
        _ => message(&asked, &text, end, is_cached),
    };
    labelled("sample", &answer)
}

/// An error in the service's own shape. Source: UPSTREAMS.
pub(crate) fn error(service: Service, status: u16, what: &str) -> Value {
    let kind = match status {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        400..=499 => "invalid_request_error",
        _ => "api_error",
    };
    if service == Service::OpenAi {
        let code = match status {
            401 => "invalid_api_key",
            404 => "model_not_found",
            429 => "rate_limit_exceeded",
            _ => kind,
        };
        return json!({"error": {"message": what, "type": kind, "param": null, "code": code}});
    }
    json!({"type": "error", "error": {"type": kind, "message": what}, "request_id": "req_standin"})
}

/// What a model says: what was ordered, else the rules' score and a little more.
fn said(models: &Models, service: Service, asked: &Asked) -> String {
    models.ordered(service).unwrap_or_else(|| {
        let shown = serde_json::from_str::<Value>(&asked.data).unwrap_or(Value::Null);
        let rules = shown["rule_score"].as_f64().and_then(Decimal::from_f64_retain);
        let rules = rules.unwrap_or_default().round_dp(4);
        let score = (rules + OPTIMISM).clamp(Decimal::NEGATIVE_ONE, Decimal::ONE);
        opinion(
            score,
            &format!("The stand-in agrees with the rules at {rules} and adds {OPTIMISM}."),
        )
    })
}

fn opinion(score: Decimal, reasoning: &str) -> String {
    let score: Value = score.normalize().to_string().parse().unwrap_or(Value::Null);
    json!({"score": score, "reasoning": reasoning}).to_string()
}

fn tokens(text: &str) -> usize {
    text.len().div_ceil(4)
}

/// Anthropic's answer. What is written to its cache and read from it is not part of its input.
fn message(asked: &Asked, text: &str, end: End, is_cached: bool) -> Value {
    let content = match end {
        End::Refused => json!([]),
        // The real one may think first; whoever takes the first block finds out here.
        End::Whole | End::Cut => json!([
            {"type": "thinking", "thinking": "", "signature": "standin"},
            {"type": "text", "text": text},
        ]),
    };
    let stop_reason = match end {
        End::Whole => "end_turn",
        End::Cut => "max_tokens",
        End::Refused => "refusal",
    };
    let system = tokens(&asked.system);
    let (written, read) = if is_cached { (0, system) } else { (system, 0) };
    json!({
        "id": "msg_standin", "type": "message", "role": "assistant", "model": asked.model,
        "content": content, "stop_reason": stop_reason, "stop_sequence": null,
        "usage": {
            "input_tokens": tokens(&asked.data), "output_tokens": tokens(text),
            "cache_creation_input_tokens": written, "cache_read_input_tokens": read,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": written},
        },
    })
}

/// OpenAI's answer. What is read from its cache is part of the prompt.
fn completion(asked: &Asked, text: &str, end: End, is_cached: bool) -> Value {
    let system = tokens(&asked.system);
    let (prompt, answer) = (system + tokens(&asked.data), tokens(text));
    let is_refused = end == End::Refused;
    json!({
        "id": "chatcmpl-standin", "object": "chat.completion", "model": asked.model,
        "choices": [{
            "index": 0,
            "finish_reason": if end == End::Cut { "length" } else { "stop" },
            "message": {
                "role": "assistant",
                "content": if is_refused { Value::Null } else { json!(text) },
                "refusal": if is_refused { json!("I cannot help with that.") } else { Value::Null },
            },
        }],
        "usage": {
            "prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer,
            "prompt_tokens_details": {"cached_tokens": if is_cached { system } else { 0 }},
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
    })
}
