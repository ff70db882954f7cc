//! The models answer in their services' shapes, refuse what those refuse, and fail on order.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::SAMPLE_CLOCK;
use crate::routes::{State, router};
use crate::{Fault, Feed, ModelRequest, Options, Service};

fn state() -> Arc<State> {
    let feed = Feed::load(&Options::default()).unwrap();
    Arc::new(State::new(feed, SAMPLE_CLOCK.clone()))
}

fn schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["score", "reasoning"],
        "properties": {"score": {"type": "number"}, "reasoning": {"type": "string"}},
    })
}

fn question(service: Service) -> Value {
    let data = r#"{"rule_score": 0.4215}"#;
    match service {
        Service::OpenAi => json!({
            "model": "gpt-6-luna", "max_completion_tokens": 100, "reasoning_effort": "none", "store": false,
            "messages": [{"role": "system", "content": "Rules."}, {"role": "user", "content": data}],
            "response_format": {"type": "json_schema", "json_schema": {"name": "x", "strict": true, "schema": schema()}},
        }),
        _ => json!({
            "model": "claude-haiku-5-5", "max_tokens": 100,
            "system": [{"type": "text", "text": "Rules.", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
            "messages": [{"role": "user", "content": [{"type": "text", "text": data}]}],
            "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": schema()}},
        }),
    }
}

const BOTH: [Service; 2] = [Service::Anthropic, Service::OpenAi];

async fn send(state: &Arc<State>, service: Service, body: &Value, headers: &[&str]) -> Response<Body> {
    let path = match service {
        Service::OpenAi => "/openai/v1/chat/completions",
        _ => "/anthropic/v1/messages",
    };
    let request = headers.iter().fold(Request::post(path), |request, name| {
        request.header(*name, if *name == "authorization" { "Bearer k" } else { "k" })
    });
    let request = request.body(Body::from(body.to_string())).unwrap();
    router(state.clone()).oneshot(request).await.unwrap()
}

async fn ask(state: &Arc<State>, service: Service, body: &Value) -> (u16, Value) {
    let headers = ["x-api-key", "anthropic-version", "authorization"];
    let response = send(state, service, body, &headers).await;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

/// The model's text.
fn text(service: Service, answer: &Value) -> Value {
    let text = match service {
        Service::OpenAi => &answer["choices"][0]["message"]["content"],
        _ => &answer["content"][1]["text"],
    };
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_model_agrees_with_the_rules_a_little_more_each_time_the_same() {
    for service in BOTH {
        let state = state();
        let (status, first) = ask(&state, service, &question(service)).await;
        let (_, second) = ask(&state, service, &question(service)).await;
        assert_eq!(status, 200, "{first}");
        assert_eq!(text(service, &first)["score"], 0.4715);
        assert_eq!(text(service, &first), text(service, &second));
        assert_eq!(first["model"], question(service)["model"]);
    }
}

#[tokio::test]
async fn a_fixed_part_is_read_from_the_cache_the_second_time() {
    let state = state();
    let mut bills = Vec::new();
    for service in BOTH {
        for _ in 0..2 {
            bills.push(ask(&state, service, &question(service)).await.1["usage"].clone());
        }
    }
    let kinds = |bill: &Value| {
        let count = |name: &str| bill[name].as_u64().unwrap();
        (
            count("cache_creation_input_tokens"),
            count("cache_read_input_tokens"),
            count("input_tokens"),
        )
    };
    assert_eq!((kinds(&bills[0]), kinds(&bills[1])), ((2, 0, 6), (0, 2, 6)));
    let cached = |bill: &Value| bill["prompt_tokens_details"]["cached_tokens"].as_u64();
    assert_eq!((cached(&bills[2]), cached(&bills[3])), (Some(0), Some(2)));
    assert_eq!(bills[3]["prompt_tokens"], 8);
}

#[tokio::test]
async fn what_the_services_refuse_is_refused() {
    let wrong: [(&str, Value); 9] = [
        ("/temperature", json!(0.5)),
        ("/top_p", json!(0.5)),
        ("/tool_choice", json!("any")),
        ("/max_tokens", json!(0)),
        ("/max_completion_tokens", json!(0)),
        ("/messages", json!([])),
        ("/model", json!(7)),
        ("/output_config", Value::Null),
        ("/response_format", Value::Null),
    ];
    for service in BOTH {
        for (path, value) in &wrong {
            // A field of the other service is one too many.
            let mut body = question(service);
            body[&path[1..]] = value.clone();
            let (status, answer) = ask(&state(), service, &body).await;
            assert_eq!(status, 400, "{path}: {answer}");
            assert!(answer["error"]["message"].is_string(), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_schema_that_one_of_them_refuses_is_refused_by_both() {
    let wrong = [
        ("/additionalProperties", json!(true)),
        ("/required", json!(["score"])),
        ("/type", json!("array")),
        ("/properties/score", json!({"type": "number", "minimum": -1})),
        (
            "/properties/reasoning",
            json!({"type": "string", "maxLength": 600}),
        ),
    ];
    for service in BOTH {
        let at = match service {
            Service::OpenAi => "/response_format/json_schema/schema",
            _ => "/output_config/format/schema",
        };
        for (path, value) in &wrong {
            let mut body = question(service);
            *body.pointer_mut(&format!("{at}{path}")).unwrap() = value.clone();
            assert_eq!(ask(&state(), service, &body).await.0, 400, "{path}");
        }
    }
}

#[tokio::test]
async fn an_answer_cannot_be_begun_and_a_stranger_is_not_known() {
    let mut prefilled = question(Service::Anthropic);
    let messages = prefilled["messages"].as_array_mut().unwrap();
    messages.push(json!({"role": "assistant", "content": "{"}));
    assert_eq!(ask(&state(), Service::Anthropic, &prefilled).await.0, 400);
    for service in BOTH {
        let mut stranger = question(service);
        stranger["model"] = json!("llama");
        assert_eq!(ask(&state(), service, &stranger).await.0, 404);
    }
}

#[tokio::test]
async fn who_does_not_say_who_asks_is_refused() {
    let cases = [
        (Service::Anthropic, &["anthropic-version"][..], 401),
        (Service::Anthropic, &["x-api-key"][..], 400),
        (Service::OpenAi, &["x-api-key"][..], 401),
    ];
    for (service, headers, status) in cases {
        let response = send(&state(), service, &question(service), headers).await;
        assert_eq!(response.status().as_u16(), status, "{service:?} {headers:?}");
    }
}

#[tokio::test]
async fn questions_are_kept_whatever_becomes_of_them() {
    let state = state();
    state
        .faults()
        .order(Service::OpenAi, 0, &Fault::Status(500, None), 1);
    for service in BOTH {
        ask(&state, service, &question(service)).await;
    }
    let kept = |service| ModelRequest {
        service,
        body: question(service),
    };
    assert_eq!(state.models().take_requests(), BOTH.map(kept));
    assert_eq!(state.models().take_requests(), []);
}

#[tokio::test]
async fn a_model_says_what_it_is_told_to_say() {
    for service in BOTH {
        let state = state();
        state.models().set_opinion(service, Decimal::new(-75, 2), "No.");
        let (_, answer) = ask(&state, service, &question(service)).await;
        assert_eq!(
            text(service, &answer),
            json!({"score": -0.75, "reasoning": "No."})
        );
    }
}

#[tokio::test]
async fn a_model_fails_on_order_in_its_own_shape() {
    for service in BOTH {
        let state = state();
        let faults = [
            Fault::Status(529, Some(7)),
            Fault::out_of_money(service),
            Fault::Reply(500, vec![("x-should-retry", "false".to_owned())], "{}".to_owned()),
        ];
        for fault in &faults {
            state.faults().order(service, 0, fault, 1);
        }
        let headers = ["x-api-key", "anthropic-version", "authorization"];
        let overloaded = send(&state, service, &question(service), &headers).await;
        assert_eq!(overloaded.status().as_u16(), 529);
        assert_eq!(overloaded.headers()["retry-after"], "7");
        let (status, money) = ask(&state, service, &question(service)).await;
        let code = money["error"]["details"]["error_code"]
            .as_str()
            .or(money["error"]["code"].as_str());
        assert_eq!(status, 429);
        assert!(
            matches!(code, Some("enforced_spend_limit_reached" | "insufficient_quota")),
            "{money}"
        );
        let told = send(&state, service, &question(service), &headers).await;
        assert_eq!(told.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(told.headers()["x-should-retry"], "false");
        assert_eq!(
            ask(&state, service, &question(service)).await.0,
            200,
            "and then all is well"
        );
    }
}

#[tokio::test]
async fn an_answer_goes_wrong_on_order() {
    for service in BOTH {
        let state = state();
        for fault in [
            Fault::Refusal,
            Fault::OutOfTokens,
            Fault::Says("[1]".to_owned()),
            Fault::Slow(1),
        ] {
            state.faults().order(service, 0, &fault, 1);
        }
        let end = |answer: &Value| {
            let stop = answer["stop_reason"]
                .as_str()
                .or(answer["choices"][0]["finish_reason"].as_str());
            stop.map(str::to_owned)
        };
        let (_, refused) = ask(&state, service, &question(service)).await;
        let is_refused =
            refused["stop_reason"] == "refusal" || refused["choices"][0]["message"]["refusal"].is_string();
        assert!(is_refused, "{refused}");
        let (_, cut) = ask(&state, service, &question(service)).await;
        assert!(
            matches!(end(&cut).as_deref(), Some("max_tokens" | "length")),
            "{cut}"
        );
        let (_, wrong) = ask(&state, service, &question(service)).await;
        assert_eq!(text(service, &wrong), json!([1]));
        let (status, slow) = ask(&state, service, &question(service)).await;
        assert_eq!(
            (status, text(service, &slow)["score"].as_f64()),
            (200, Some(0.4715))
        );
    }
}
