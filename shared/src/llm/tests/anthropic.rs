//! Every answer and failure of Anthropic: what it means, what comes next, what it costs.

use rstest::rstest;
use serde_json::{Value, json};

use super::server::{Reply, Server};
use super::*;
use ModelErrorKind as Kind;

const SAYS: &str = r#"{"score": 0.25, "reasoning": "Rates fall."}"#;

/// An answer in the documented shape.
fn message(text: &str, stop_reason: &str) -> Value {
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "answering-model",
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop_reason,
        "usage": {
            "input_tokens": 309, "output_tokens": 76,
            "cache_creation_input_tokens": 40, "cache_read_input_tokens": 1000,
            "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 30},
        },
    })
}

const BILLED: Usage = Usage {
    input: 309,
    cache_write_5m: 10,
    cache_write_1h: 30,
    cache_read: 1000,
    output: 76,
};

fn error(kind: &str, message: &str) -> String {
    json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}).to_string()
}

async fn told(answer: &Value) -> Attempted {
    let server = Server::saying(200, &answer.to_string()).await;
    ask(&server, Provider::Anthropic).await
}

#[tokio::test]
async fn an_answer_is_an_opinion_with_its_bill() {
    let attempted = told(&message(SAYS, "end_turn")).await;

    let answer = attempted.answer.unwrap();
    assert_eq!(answer.opinion.score, decimal("0.25"));
    assert_eq!(answer.opinion.reasoning, "Rates fall.");
    assert_eq!(answer.raw, SAYS);
    assert_eq!((attempted.usage, attempted.is_usage_known), (BILLED, true));
    assert_eq!(attempted.model, "answering-model");
}

#[rstest]
#[case::thinking(json!([{"type": "thinking", "thinking": SAYS, "signature": "x"}, {"type": "text", "text": SAYS}]))]
#[case::hidden_thinking(json!([{"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": SAYS}]))]
#[case::unknown_block(json!([{"type": "brand_new", "text": "no"}, {"type": "text", "text": SAYS}]))]
#[tokio::test]
async fn the_text_is_found_wherever_it_stands(#[case] content: Value) {
    let mut answer = message("", "end_turn");
    answer["content"] = content;
    assert_eq!(told(&answer).await.answer.unwrap().raw, SAYS);
}

#[rstest]
#[case::refusal(message("", "refusal"), Kind::Refused)]
#[case::cut(message(r#"{"score": 0.2"#, "max_tokens"), Kind::Cut)]
#[case::whole_but_out_of_tokens(message(SAYS, "max_tokens"), Kind::Cut)]
#[case::unknown_stop(message(SAYS, "pause_turn"), Kind::UnexpectedStop)]
#[case::cut_json_without_saying_so(message(r#"{"score": 0.2"#, "end_turn"), Kind::Malformed)]
#[case::prose(message("It rises.", "end_turn"), Kind::Malformed)]
#[case::missing_field(message(r#"{"score": 0.2}"#, "end_turn"), Kind::SchemaViolation)]
#[case::extra_field(
    message(r#"{"score": 0.2, "reasoning": "", "x": 1}"#, "end_turn"),
    Kind::SchemaViolation
)]
#[case::wrong_type(
    message(r#"{"score": "0.2", "reasoning": ""}"#, "end_turn"),
    Kind::SchemaViolation
)]
#[case::no_text(json!({"content": [], "stop_reason": "end_turn", "usage": message("", "")["usage"]}), Kind::Malformed)]
#[case::no_content(json!({"stop_reason": "end_turn", "usage": message("", "")["usage"]}), Kind::Malformed)]
#[case::no_stop(json!({"content": [], "usage": message("", "")["usage"]}), Kind::UnexpectedStop)]
#[tokio::test]
async fn an_answer_that_cannot_be_used_is_billed_all_the_same(#[case] answer: Value, #[case] kind: Kind) {
    assert_failed(&told(&answer).await, kind, "next rung", Some(BILLED));
}

#[rstest]
#[case::without_kinds(json!({"input_tokens": 5, "output_tokens": 7, "cache_creation_input_tokens": 40}), (5, 0, 40, 0, 7))]
#[case::with_kinds_of_zero(json!({"input_tokens": 5, "output_tokens": 7, "cache_creation_input_tokens": 40, "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}}), (5, 0, 40, 0, 7))]
#[case::with_nulls(json!({"input_tokens": 5, "output_tokens": 7, "cache_creation_input_tokens": null, "cache_read_input_tokens": null, "cache_creation": null}), (5, 0, 0, 0, 7))]
#[case::bare(json!({"input_tokens": 5, "output_tokens": 7}), (5, 0, 0, 0, 7))]
#[case::with_more(json!({"input_tokens": 5, "output_tokens": 7, "service_tier": "standard"}), (5, 0, 0, 0, 7))]
#[case::absurd(json!({"input_tokens": u64::MAX, "output_tokens": 7}), (Usage::MOST_TOKENS, 0, 0, 0, 7))]
#[tokio::test]
async fn no_token_is_counted_twice_and_none_is_lost(
    #[case] usage: Value,
    #[case] expected: (u64, u64, u64, u64, u64),
) {
    let mut answer = message(SAYS, "end_turn");
    answer["usage"] = usage;
    let Usage {
        input,
        cache_write_5m,
        cache_write_1h,
        cache_read,
        output,
    } = told(&answer).await.usage;
    assert_eq!(
        (input, cache_write_5m, cache_write_1h, cache_read, output),
        expected
    );
}

#[rstest]
#[case::absent(Value::Null)]
#[case::half(json!({"input_tokens": 5}))]
#[case::negative(json!({"input_tokens": -5, "output_tokens": 7}))]
#[case::other(json!("much"))]
#[tokio::test]
async fn an_answer_without_a_bill_counts_and_its_bill_is_not_known(#[case] usage: Value) {
    let mut answer = message(SAYS, "end_turn");
    answer["usage"] = usage;
    let attempted = told(&answer).await;
    assert!(attempted.answer.is_ok());
    assert_eq!((attempted.usage, attempted.is_usage_known), (Usage::NONE, false));
}

#[rstest]
#[case::invalid(
    400,
    error("invalid_request_error", "max_tokens: too large"),
    Kind::Configuration,
    "next rung"
)]
#[case::usage_limit(
    400,
    error("invalid_request_error", "You have reached your specified API usage limits."),
    Kind::Money,
    "next rung"
)]
#[case::empty_account(
    400,
    error("invalid_request_error", "Your credit balance is too low."),
    Kind::Money,
    "next rung"
)]
#[case::bad_key(
    401,
    error("authentication_error", "invalid x-api-key"),
    Kind::Configuration,
    "next rung"
)]
#[case::bad_key_as_text(401, "Unauthorized".to_owned(), Kind::Configuration, "next rung")]
#[case::billing(402, error("billing_error", "Pay."), Kind::Money, "next rung")]
#[case::payment_in_other_words(402, String::new(), Kind::Money, "next rung")]
#[case::permission(403, error("permission_error", "No."), Kind::Configuration, "next rung")]
#[case::no_such_model(
    404,
    error("not_found_error", "model: gone"),
    Kind::Configuration,
    "next rung"
)]
#[case::too_large(
    413,
    error("request_too_large", "Too large."),
    Kind::Configuration,
    "next rung"
)]
#[case::unknown_refusal(418, String::new(), Kind::Configuration, "next rung")]
#[case::moved(307, String::new(), Kind::Configuration, "next rung")]
#[case::too_many(429, error("rate_limit_error", "Slow."), Kind::RateLimited, "retry")]
#[case::spend_limit(429, json!({"error": {"type": "rate_limit_error", "message": "", "details": {"error_code": "enforced_spend_limit_reached"}}}).to_string(), Kind::Money, "next rung")]
#[case::broken(500, error("api_error", "Oops."), Kind::ServerError, "retry")]
#[case::gateway(502, "<html>".to_owned(), Kind::ServerError, "retry")]
#[case::unavailable(503, String::new(), Kind::Overloaded, "retry")]
#[case::too_slow(504, error("timeout_error", "Slow."), Kind::ServerError, "retry")]
#[case::overloaded(529, error("overloaded_error", "Overloaded"), Kind::Overloaded, "retry")]
#[tokio::test]
async fn an_error_is_known_by_its_status_and_its_words(
    #[case] status: u16,
    #[case] body: String,
    #[case] kind: Kind,
    #[case] then: &str,
) {
    let server = Server::saying(status, &body).await;
    let attempted = ask(&server, Provider::Anthropic).await;
    assert_failed(&attempted, kind, then, Some(Usage::NONE));
    assert_eq!(attempted.model, "asked-model");
    assert_eq!(server.take_asked().len(), 1, "nobody asks twice here");
}

#[rstest]
#[case::page("<html><body>Maintenance</body></html>")]
#[case::cut(r#"{"type": "message", "content": [{"ty"#)]
#[case::empty("")]
#[tokio::test]
async fn an_answer_that_is_no_json_may_have_been_billed(#[case] body: &str) {
    let server = Server::saying(200, body).await;
    let attempted = ask(&server, Provider::Anthropic).await;
    assert_failed(&attempted, Kind::Malformed, "next rung", None);
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let server = Server::with(Reply::Says(200, Vec::new(), "x".repeat(3 << 20))).await;
    assert_failed(
        &ask(&server, Provider::Anthropic).await,
        Kind::Malformed,
        "next rung",
        None,
    );
}
