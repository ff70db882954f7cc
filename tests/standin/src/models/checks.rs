//! What the providers refuse, so that a wrong question fails here and not in production.
//!
//! Source: UPSTREAMS, the request bodies and what newer models answer 400 to.

use axum::http::HeaderMap;
use serde_json::Value;

use super::Asked;
use crate::Service;

/// A status and why.
type Refusal = (u16, String);

/// Keywords that one provider or the other does not take in a schema.
const REFUSED_KEYWORDS: [&str; 9] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "$ref",
];

/// The question, when the service would take it.
pub(super) fn understood(service: Service, headers: &HeaderMap, body: &Value) -> Result<Asked, Refusal> {
    match service {
        Service::OpenAi => openai(headers, body),
        _ => anthropic(headers, body),
    }
}

fn anthropic(headers: &HeaderMap, body: &Value) -> Result<Asked, Refusal> {
    if !is_filled(headers, "x-api-key") {
        return Err((401, "x-api-key header is required".to_owned()));
    }
    if !is_filled(headers, "anthropic-version") {
        return invalid("anthropic-version: header is required");
    }
    let fields = ["model", "max_tokens", "system", "messages", "output_config"];
    only(body, &fields)?;
    only(&body["output_config"], &["effort", "format"])?;
    positive(body, "max_tokens")?;
    one_of(
        &body["output_config"]["effort"],
        "effort",
        &["low", "medium", "high", "max"],
    )?;
    let format = &body["output_config"]["format"];
    only(format, &["type", "schema"])?;
    if format["type"] != "json_schema" {
        return invalid("output_config.format.type: must be json_schema");
    }
    schema(&format["schema"])?;
    let [question] = list(&body["messages"])? else {
        return invalid("messages: an answer cannot be begun for this model");
    };
    if question["role"] != "user" {
        return invalid("messages: the last one must be the user's");
    }
    Ok(Asked {
        model: model(body, "claude-")?,
        system: texts(&body["system"])?,
        data: texts(&question["content"])?,
    })
}

fn openai(headers: &HeaderMap, body: &Value) -> Result<Asked, Refusal> {
    let key = headers.get("authorization").and_then(|value| value.to_str().ok());
    let is_bearer = key.is_some_and(|key| key.len() > "Bearer ".len() && key.starts_with("Bearer "));
    if !is_bearer {
        return Err((401, "You did not provide an API key.".to_owned()));
    }
    let fields = [
        "model",
        "max_completion_tokens",
        "reasoning_effort",
        "store",
        "messages",
        "response_format",
    ];
    only(body, &fields)?;
    positive(body, "max_completion_tokens")?;
    let efforts = ["none", "minimal", "low", "medium", "high"];
    one_of(&body["reasoning_effort"], "reasoning_effort", &efforts)?;
    if !(body["store"].is_boolean() || body["store"].is_null()) {
        return invalid("store: must be true or false");
    }
    let format = &body["response_format"];
    only(format, &["type", "json_schema"])?;
    only(&format["json_schema"], &["name", "strict", "schema"])?;
    if format["type"] != "json_schema" || format["json_schema"]["strict"] != true {
        return invalid("response_format: must be a strict json_schema");
    }
    if format["json_schema"]["name"].as_str().is_none_or(str::is_empty) {
        return invalid("response_format.json_schema.name: is required");
    }
    schema(&format["json_schema"]["schema"])?;
    let [system, question] = list(&body["messages"])? else {
        return invalid("messages: expected the system's and the user's");
    };
    if system["role"] != "system" || question["role"] != "user" {
        return invalid("messages: expected the system's and the user's");
    }
    Ok(Asked {
        model: model(body, "gpt-")?,
        system: text(&system["content"])?,
        data: text(&question["content"])?,
    })
}

fn invalid<T>(what: &str) -> Result<T, Refusal> {
    Err((400, what.to_owned()))
}

fn is_filled(headers: &HeaderMap, name: &str) -> bool {
    headers.get(name).is_some_and(|value| !value.is_empty())
}

/// Refuses a field that is not taken: sampling parameters, forced tools, slips of the pen.
fn only(object: &Value, names: &[&str]) -> Result<(), Refusal> {
    let Some(fields) = object.as_object() else {
        return invalid(&format!("expected an object with {}", names.join(", ")));
    };
    match fields.keys().find(|name| !names.contains(&name.as_str())) {
        Some(name) => invalid(&format!("{name}: is not supported")),
        None => Ok(()),
    }
}

fn positive(body: &Value, name: &str) -> Result<(), Refusal> {
    match body[name].as_u64() {
        Some(1..) => Ok(()),
        _ => invalid(&format!("{name}: must be a positive number")),
    }
}

fn one_of(word: &Value, name: &str, words: &[&str]) -> Result<(), Refusal> {
    let is_known = word.is_null() || word.as_str().is_some_and(|word| words.contains(&word));
    if is_known {
        Ok(())
    } else {
        invalid(&format!("{name}: must be one of {}", words.join(", ")))
    }
}

fn model(body: &Value, family: &str) -> Result<String, Refusal> {
    match body["model"].as_str() {
        Some(name) if name.starts_with(family) => Ok(name.to_owned()),
        Some(name) => Err((404, format!("model: {name}"))),
        None => invalid("model: is required"),
    }
}

fn list(value: &Value) -> Result<&[Value], Refusal> {
    match value.as_array() {
        Some(items) => Ok(items),
        None => invalid("expected a list"),
    }
}

fn text(value: &Value) -> Result<String, Refusal> {
    match value.as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => invalid("expected a text"),
    }
}

/// A text, or the text blocks of a list.
fn texts(value: &Value) -> Result<String, Refusal> {
    if value.is_string() {
        return text(value);
    }
    let mut all = String::new();
    for block in list(value)? {
        if block["type"] != "text" {
            return invalid("expected a text block");
        }
        all.push_str(&text(&block["text"])?);
    }
    Ok(all)
}

/// A schema that both providers take: all required, nothing else allowed, no limits.
fn schema(schema: &Value) -> Result<(), Refusal> {
    let properties = schema["properties"].as_object();
    let required = schema["required"].as_array();
    let (Some(properties), Some(required)) = (properties, required) else {
        return invalid("schema: properties and required are needed");
    };
    if schema["type"] != "object" || schema["additionalProperties"] != false {
        return invalid("schema: must be an object with additionalProperties false");
    }
    let is_required = |name: &String| required.iter().any(|one| one == name);
    if required.len() != properties.len() || !properties.keys().all(is_required) {
        return invalid("schema: every property must be required");
    }
    match properties.values().find_map(refused_keyword) {
        Some(keyword) => invalid(&format!("schema: {keyword} is not supported")),
        None => Ok(()),
    }
}

fn refused_keyword(property: &Value) -> Option<&'static str> {
    REFUSED_KEYWORDS
        .into_iter()
        .find(|keyword| property.get(keyword).is_some())
}
