//! What is sent, to the letter.

use rstest::rstest;
use serde_json::Value;

use super::server::{Asked, Server};
use super::*;

async fn asked(question: &Question) -> Asked {
    let server = Server::saying(500, "").await;
    let providers = Providers::new(Some(&settings_at(server.base()))).unwrap();
    let _ = providers.ask(question).await;
    server.take_asked().remove(0)
}

fn header<'a>(asked: &'a Asked, name: &str) -> &'a str {
    asked
        .headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn anthropic_is_asked_in_its_own_words() {
    let asked = asked(&question(Provider::Anthropic)).await;
    assert_eq!(asked.path, "/v1/messages");
    assert_eq!(header(&asked, "x-api-key"), KEY);
    assert_eq!(header(&asked, "anthropic-version"), "2023-06-01");
    assert_eq!(header(&asked, "content-type"), "application/json");
    assert_eq!(header(&asked, "authorization"), "");
    insta::assert_json_snapshot!(asked.body);
}

#[tokio::test]
async fn openai_is_asked_in_its_own_words() {
    let asked = asked(&question(Provider::OpenAi)).await;
    assert_eq!(asked.path, "/v1/chat/completions");
    assert_eq!(header(&asked, "authorization"), format!("Bearer {KEY}"));
    assert_eq!(header(&asked, "content-type"), "application/json");
    assert_eq!(header(&asked, "x-api-key"), "");
    insta::assert_json_snapshot!(asked.body);
}

#[tokio::test]
async fn an_effort_that_is_not_said_is_the_providers_own() {
    for provider in Provider::ALL {
        let mut question = question(provider);
        question.rung.effort = None;
        let body = asked(&question).await.body.to_string();
        assert!(!body.contains("effort"), "{body}");
    }
}

/// Every name of a field, at any depth.
fn names(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                found.push(name.clone());
                names(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn nothing_is_sent_that_newer_models_refuse() {
    for provider in Provider::ALL {
        let mut found = Vec::new();
        names(&asked(&question(provider)).await.body, &mut found);
        let refused = [
            "temperature",
            "top_p",
            "top_k",
            "tool_choice",
            "max_completion_tokens",
            "max_tokens",
        ];
        let found: Vec<&str> = refused
            .into_iter()
            .filter(|name| found.iter().any(|one| one == name))
            .collect();
        let expected = match provider {
            Provider::Anthropic => ["max_tokens"],
            Provider::OpenAi => ["max_completion_tokens"],
        };
        assert_eq!(found, expected);
    }
}

#[rstest]
#[case("", "/v1/")]
#[case("v1/", "/v1/")]
#[case("proxy/", "/proxy/v1/")]
#[case("proxy/v1/", "/proxy/v1/")]
#[tokio::test]
async fn an_address_may_end_in_its_version(#[case] path: &str, #[case] expected: &str) {
    let server = Server::saying(500, "").await;
    let base = server.base().join(path).unwrap();
    let providers = Providers::new(Some(&settings_at(&base))).unwrap();
    for provider in Provider::ALL {
        let _ = providers.ask(&question(provider)).await;
    }
    let paths: Vec<String> = server.take_asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(
        paths,
        [
            format!("{expected}messages"),
            format!("{expected}chat/completions")
        ]
    );
}

#[test]
fn the_schema_is_one_that_both_accept() {
    let schema = super::super::schema::opinion();
    let properties: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let mut required: Vec<&str> = schema["required"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    required.sort_unstable();
    assert_eq!(properties, required, "all are required");
    assert_eq!(schema["additionalProperties"], false);
    let mut found = Vec::new();
    names(&schema, &mut found);
    for keyword in [
        "minimum",
        "maximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "$ref",
    ] {
        assert!(!found.iter().any(|name| name == keyword), "{keyword}");
    }
}
