//! Every answer and failure of OpenAI: what it means, what comes next, what it costs.

use rstest::rstest;
use serde_json::{Value, json};

use super::server::Server;
use super::*;
use ModelErrorKind as Kind;

const SAYS: &str = r#"{"score": -0.4, "reasoning": "Coins move to exchanges."}"#;

/// An answer in the documented shape.
fn completion(content: Option<&str>, refusal: Option<&str>, finish_reason: &str) -> Value {
    json!({
        "id": "chatcmpl-1", "model": "answering-model",
        "choices": [{
            "index": 0, "finish_reason": finish_reason,
            "message": {"role": "assistant", "content": content, "refusal": refusal},
        }],
        "usage": {
            "prompt_tokens": 89, "completion_tokens": 25, "total_tokens": 114,
            "prompt_tokens_details": {"cached_tokens": 64},
            "completion_tokens_details": {"reasoning_tokens": 20},
        },
    })
}

const BILLED: Usage = Usage {
    input: 25,
    cache_read: 64,
    output: 25,
    ..Usage::NONE
};

fn error(kind: &str, code: &str) -> String {
    json!({"error": {"message": "No.", "type": kind, "param": null, "code": code}}).to_string()
}

async fn told(answer: &Value) -> Attempted {
    let server = Server::saying(200, &answer.to_string()).await;
    ask(&server, Provider::OpenAi).await
}

#[tokio::test]
async fn an_answer_is_an_opinion_with_its_bill() {
    let attempted = told(&completion(Some(SAYS), None, "stop")).await;

    let answer = attempted.answer.unwrap();
    assert_eq!(answer.opinion.score, decimal("-0.4"));
    assert_eq!(answer.opinion.reasoning, "Coins move to exchanges.");
    assert_eq!(answer.raw, SAYS);
    assert_eq!((attempted.usage, attempted.is_usage_known), (BILLED, true));
    assert_eq!(
        attempted.usage.prompt(),
        89,
        "cached tokens are part of the prompt's"
    );
    assert_eq!(attempted.model, "answering-model");
}

#[rstest]
#[case::refusal(completion(None, Some("I cannot."), "stop"), Kind::Refused)]
#[case::cut(completion(Some(r#"{"score": 0."#), None, "length"), Kind::Cut)]
#[case::unknown_stop(completion(Some(SAYS), None, "content_filter"), Kind::UnexpectedStop)]
#[case::no_text(completion(None, None, "stop"), Kind::Malformed)]
#[case::prose(completion(Some("It falls."), None, "stop"), Kind::Malformed)]
#[case::missing_field(completion(Some(r#"{"reasoning": ""}"#), None, "stop"), Kind::SchemaViolation)]
#[case::extra_field(
    completion(Some(r#"{"score": 1, "reasoning": "", "x": 1}"#), None, "stop"),
    Kind::SchemaViolation
)]
#[case::no_choice(json!({"choices": [], "usage": completion(None, None, "")["usage"]}), Kind::UnexpectedStop)]
#[tokio::test]
async fn an_answer_that_cannot_be_used_is_billed_all_the_same(#[case] answer: Value, #[case] kind: Kind) {
    assert_failed(&told(&answer).await, kind, "next rung", Some(BILLED));
}

#[rstest]
#[case::bare(json!({"prompt_tokens": 5, "completion_tokens": 7}), (5, 0, 7))]
#[case::with_nulls(json!({"prompt_tokens": 5, "completion_tokens": 7, "prompt_tokens_details": null}), (5, 0, 7))]
#[case::without_cached(json!({"prompt_tokens": 5, "completion_tokens": 7, "prompt_tokens_details": {"audio_tokens": 0}}), (5, 0, 7))]
#[case::more_cached_than_there_are(json!({"prompt_tokens": 5, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 9}}), (0, 5, 7))]
#[tokio::test]
async fn no_token_is_counted_twice_and_none_is_lost(#[case] usage: Value, #[case] expected: (u64, u64, u64)) {
    let mut answer = completion(Some(SAYS), None, "stop");
    answer["usage"] = usage;
    let usage = told(&answer).await.usage;
    assert_eq!((usage.input, usage.cache_read, usage.output), expected);
    assert_eq!(usage.cache_write_5m + usage.cache_write_1h, 0);
}

#[tokio::test]
async fn an_answer_without_a_bill_counts_and_its_bill_is_not_known() {
    let mut answer = completion(Some(SAYS), None, "stop");
    answer["usage"] = Value::Null;
    let attempted = told(&answer).await;
    assert!(attempted.answer.is_ok());
    assert_eq!((attempted.usage, attempted.is_usage_known), (Usage::NONE, false));
}

#[rstest]
#[case::invalid(
    400,
    error("invalid_request_error", "unsupported_value"),
    Kind::Configuration,
    "next rung"
)]
#[case::bad_key(
    401,
    error("invalid_request_error", "invalid_api_key"),
    Kind::Configuration,
    "next rung"
)]
#[case::bad_key_as_text(401, "Incorrect API key provided".to_owned(), Kind::Configuration, "next rung")]
#[case::billing(402, error("billing", "unpaid"), Kind::Money, "next rung")]
#[case::region(
    403,
    error("request_forbidden", "unsupported_country"),
    Kind::Configuration,
    "next rung"
)]
#[case::no_such_model(
    404,
    error("invalid_request_error", "model_not_found"),
    Kind::Configuration,
    "next rung"
)]
#[case::too_large(413, String::new(), Kind::Configuration, "next rung")]
#[case::too_many(429, error("requests", "rate_limit_exceeded"), Kind::RateLimited, "retry")]
#[case::slow_down(429, error("requests", "slow_down"), Kind::RateLimited, "retry")]
#[case::too_many_as_text(429, "slow".to_owned(), Kind::RateLimited, "retry")]
#[case::balance(
    429,
    error("insufficient_quota", "credit_balance_exhausted"),
    Kind::Money,
    "next rung"
)]
#[case::organisation(
    429,
    error("billing", "organization_spend_limit_exceeded"),
    Kind::Money,
    "next rung"
)]
#[case::project(
    429,
    error("billing", "project_spend_limit_exceeded"),
    Kind::Money,
    "next rung"
)]
#[case::usage(
    429,
    error("billing", "organization_usage_limit_exceeded"),
    Kind::Money,
    "next rung"
)]
#[case::quota(
    429,
    error("insufficient_quota", "insufficient_quota"),
    Kind::Money,
    "next rung"
)]
#[case::broken(500, error("server_error", "oops"), Kind::ServerError, "retry")]
#[case::overloaded(503, error("server_error", "overloaded"), Kind::Overloaded, "retry")]
#[case::too_slow(504, String::new(), Kind::ServerError, "retry")]
#[case::overloaded_elsewhere(529, String::new(), Kind::Overloaded, "retry")]
#[tokio::test]
async fn an_error_is_known_by_its_status_and_its_words(
    #[case] status: u16,
    #[case] body: String,
    #[case] kind: Kind,
    #[case] then: &str,
) {
    let server = Server::saying(status, &body).await;
    let attempted = ask(&server, Provider::OpenAi).await;
    assert_failed(&attempted, kind, then, Some(Usage::NONE));
    assert_eq!(server.take_asked().len(), 1, "nobody asks twice here");
}
