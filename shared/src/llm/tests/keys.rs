//! No key is ever told: not by an error, not by an answer, not by what is printed for debugging.

use proptest::prelude::*;
use serde_json::json;

use super::server::{Reply, Server};
use super::*;

/// The key in a text that explains an error, or in one that is none.
fn bare(key: &str) -> String {
    let quoted = json!(key).to_string();
    format!("{key} {quoted} Bearer {key}\n{key}")
}

/// The key wherever an error of either provider may have it.
fn in_error(key: &str) -> String {
    json!({"error": {"message": format!("The key {key} is unknown."), "type": key, "code": key}}).to_string()
}

/// The key wherever an answer of either provider may have it.
fn in_answer(key: &str) -> String {
    let says = json!({"score": 0.1, "reasoning": format!("You sent {key}.")}).to_string();
    json!({
        "model": key,
        "content": [{"type": "text", "text": says}], "stop_reason": "end_turn",
        "choices": [{"finish_reason": "stop", "message": {"content": says, "refusal": null}}],
    })
    .to_string()
}

/// The key as the reason why there is no answer.
fn in_stop(key: &str) -> String {
    json!({
        "model": key, "stop_reason": key,
        "choices": [{"finish_reason": key, "message": {"refusal": format!("Not with {key}.")}}],
    })
    .to_string()
}

/// The key as a field that was not asked for.
fn in_field(key: &str) -> String {
    let says = json!({"score": 0.1, "reasoning": "", key: 1}).to_string();
    json!({
        "content": [{"type": "text", "text": says}], "stop_reason": "end_turn",
        "choices": [{"finish_reason": "stop", "message": {"content": says}}],
    })
    .to_string()
}

/// Everything that could be logged or recorded.
async fn told(provider: Provider, key: &str, status: u16, body: fn(&str) -> String) -> String {
    let server = Server::with(Reply::Echoes(status, body)).await;
    let secret = || Some(SecretString::from(key));
    let settings = ModelsSettings {
        claude_api_key: secret(),
        openai_api_key: secret(),
        ..settings_at(server.base())
    };
    let models = Models::new(Some(&settings)).unwrap();
    let question = question(provider);
    let attempted = models.ask(&question).await;
    assert!(!server.take_asked().is_empty(), "somebody was asked");
    let error = attempted.answer.as_ref().err().map(ToString::to_string);
    format!("{attempted:?} {error:?} {models:?} {settings:?} {question:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_key_is_in_nothing_that_is_told(
        key in "[!-~]{16,64}",
        status in prop::sample::select(vec![200_u16, 301, 400, 401, 404, 429, 500]),
        body in prop::sample::select(vec![bare, in_error, in_answer, in_stop, in_field] as Vec<fn(&str) -> String>),
        provider in prop::sample::select(Provider::ALL.to_vec()),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let told = runtime.block_on(told(provider, &key, status, body));
        let quoted = format!("{key:?}");
        for form in [key.as_str(), quoted.trim_matches('"')] {
            prop_assert!(!told.contains(form), "{} shows {}", told, form);
        }
    }
}

#[tokio::test]
async fn an_answer_that_says_the_key_back_is_an_answer_without_it() {
    for provider in Provider::ALL {
        let server = Server::with(Reply::Echoes(200, in_answer)).await;
        let answer = ask(&server, provider).await.answer.unwrap();
        assert_eq!(answer.opinion.reasoning, "You sent (key).");
        assert!(!answer.raw.contains(KEY), "{}", answer.raw);
    }
}

#[tokio::test]
async fn a_key_that_no_header_can_hold_is_refused_before_anyone_is_asked() {
    let server = Server::saying(200, "{}").await;
    let secret = || Some(SecretString::from("two\nlines"));
    let settings = ModelsSettings {
        claude_api_key: secret(),
        openai_api_key: secret(),
        ..settings_at(server.base())
    };
    let providers = Providers::new(Some(&settings)).unwrap();
    for provider in Provider::ALL {
        let attempted = providers.ask(&question(provider)).await;
        assert_failed(
            &attempted,
            ModelErrorKind::Configuration,
            "next rung",
            Some(Usage::NONE),
        );
    }
    assert!(server.take_asked().is_empty());
}
