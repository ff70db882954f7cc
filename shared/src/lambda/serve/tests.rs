//! Gateway events in, gateway answers out.

use std::process::ExitCode;

use axum::Router;
use axum::extract::Extension;
use axum::http::{HeaderMap, Method, Uri};
use axum::routing::any;
use lambda_http::request::LambdaRequest;
use lambda_http::{Context, LambdaEvent, Service as _};
use serde_json::{Value, json};

use super::{serve, service};
use crate::http::{ClientAddress, RequestId};
use crate::lambda::{Effect, Function, Trigger};

const FUNCTION: Function = Function {
    name: "market",
    trigger: Trigger::Http,
    sections: &[],
    effect: Effect::Exempt,
};

/// What an HTTP API sends for `GET /api/v1/market/BTCUSDT?limit=3`.
fn event() -> Value {
    json!({
        "version": "2.0",
        "routeKey": "GET /api/v1/market/{symbol}",
        "rawPath": "/api/v1/market/BTCUSDT",
        "rawQueryString": "limit=3",
        "headers": {"host": "api.example.com", "x-forwarded-for": "198.51.100.9, 203.0.113.7"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "api.example.com",
            "http": {
                "method": "GET", "path": "/api/v1/market/BTCUSDT", "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7", "userAgent": "curl/8.0"
            },
            "requestId": "gateway-1",
            "stage": "$default",
            "timeEpoch": 1_583_348_638_390_i64
        },
        "isBase64Encoded": false
    })
}

/// Says back what arrived.
async fn mirror(
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    Extension(address): Extension<ClientAddress>,
    Extension(id): Extension<RequestId>,
    body: axum::body::Bytes,
) -> String {
    let host = headers
        .get("host")
        .map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned());
    let query = uri.query().unwrap_or_default();
    json!({
        "method": method.as_str(), "path": uri.path(), "query": query, "address": address.0,
        "id": id.0, "body": body.to_vec(), "host": host,
    })
    .to_string()
}

async fn answer(event: Value) -> Value {
    let router = Router::new().route("/api/v1/market/{symbol}", any(mirror));
    let payload: LambdaRequest = serde_json::from_value(event).unwrap();
    let mut context = Context::default();
    context.request_id = "platform-1".to_owned();
    let response = service(&FUNCTION, router)
        .call(LambdaEvent::new(payload, context))
        .await
        .unwrap();
    serde_json::to_value(response).unwrap()
}

async fn mirrored(event: Value) -> Value {
    let response = answer(event).await;
    assert_eq!(response["statusCode"], 200, "{response}");
    serde_json::from_str(response["body"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_gateway_event_reaches_the_router_as_a_request() {
    let seen = mirrored(event()).await;

    let expected = json!({
        "method": "GET", "path": "/api/v1/market/BTCUSDT", "query": "limit=3", "address": "203.0.113.7",
        "id": "gateway-1", "body": [], "host": "api.example.com",
    });
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn the_address_is_the_gateways_whatever_headers_claim() {
    let mut forged = event();
    forged["headers"]["x-forwarded-for"] = json!("10.0.0.1");
    forged["headers"]["forwarded"] = json!("for=10.0.0.1");
    let mut unknown = event();
    unknown["requestContext"]["http"]["sourceIp"] = json!("not an address");

    assert_eq!(mirrored(forged).await["address"], "203.0.113.7");
    assert_eq!(mirrored(unknown).await["address"], Value::Null);
}

#[tokio::test]
async fn a_request_without_the_gateways_id_bears_the_platforms() {
    let mut emulated = event();
    emulated["requestContext"]
        .as_object_mut()
        .unwrap()
        .remove("requestId");

    assert_eq!(mirrored(emulated).await["id"], "platform-1");
}

#[tokio::test]
async fn a_body_that_is_no_text_arrives_as_it_was_sent() {
    let mut binary = event();
    binary["body"] = json!("/wD+");
    binary["isBase64Encoded"] = json!(true);

    assert_eq!(mirrored(binary).await["body"], json!([0xff, 0x00, 0xfe]));
}

#[tokio::test]
async fn a_query_or_host_that_no_uri_may_hold_is_not_the_end_of_the_function() {
    let mut query = event();
    query["rawQueryString"] = json!("limit=<3> \"é#^`{|}\u{7f}");
    let mut host = event();
    host["headers"]["host"] = json!("a b[");
    let mut scheme = event();
    scheme["headers"]["x-forwarded-proto"] = json!("::");

    let query = mirrored(query).await;
    assert_eq!(query["query"], "limit=%3C3%3E%20%22%C3%A9%23^`{|}%7F");
    assert_eq!(mirrored(host).await["host"], Value::Null);
    assert_eq!(mirrored(scheme).await["path"], "/api/v1/market/BTCUSDT");
}

#[tokio::test]
async fn an_unknown_route_is_answered_by_the_router() {
    let mut other = event();
    other["rawPath"] = json!("/nowhere");

    assert_eq!(answer(other).await["statusCode"], 404);
}

#[test]
fn a_function_without_the_platform_ends_with_a_failure() {
    let code = serve(&FUNCTION, |_app| Ok::<_, std::convert::Infallible>(Router::new()));

    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
}
