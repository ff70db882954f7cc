//! Bad input: each a 4xx in the envelope with a message that says what to change, and no error of ours.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use tests::bundle::{Answer, Bundle};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Path, code, and what the message must say.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "/api/v1/market/DOGEUSDT",
        "VALIDATION_ERROR",
        "`symbol` must be one of BTCUSDT, ETHUSDT",
    ),
    (
        "/api/v1/market/btcusdt/candles",
        "VALIDATION_ERROR",
        "`symbol` must be one of BTCUSDT, ETHUSDT",
    ),
    (
        "/api/v1/market/BTCUSDT%00/candles",
        "VALIDATION_ERROR",
        "`symbol` must",
    ),
    (
        "/api/v1/market/BTCUSDT/candles?timeframe=5m",
        "VALIDATION_ERROR",
        "`timeframe` must be one of 1h, 4h, 1d",
    ),
    (
        "/api/v1/market/BTCUSDT/candles?timeframe=1w",
        "VALIDATION_ERROR",
        "`timeframe` must be one of 1h, 4h, 1d",
    ),
    (
        "/api/v1/market/BTCUSDT/indicators?timeframe=",
        "VALIDATION_ERROR",
        "`timeframe` must be one of 1h, 4h, 1d, 1w",
    ),
    (
        "/api/v1/market/BTCUSDT/candles?limit=0",
        "VALIDATION_ERROR",
        "from 1 to 1000",
    ),
    (
        "/api/v1/market/BTCUSDT/candles?limit=1001",
        "VALIDATION_ERROR",
        "from 1 to 1000",
    ),
    (
        "/api/v1/market/BTCUSDT/candles?from=yesterday",
        "VALIDATION_ERROR",
        "`from` must",
    ),
    (
        "/api/v1/market/BTCUSDT/candles?to=2024-13-01T00:00:00Z",
        "VALIDATION_ERROR",
        "`to` must",
    ),
    (
        "/api/v1/market/BTCUSDT/candles?from=2024-03-02T00:00:00Z&to=2024-03-01T00:00:00Z",
        "VALIDATION_ERROR",
        "`from` must not be after `to`",
    ),
    (
        "/api/v1/market/BTCUSDT/candles?from=-009000-01-01T00:00:00Z",
        "VALIDATION_ERROR",
        "`from` must",
    ),
    (
        "/api/v1/market/BTCUSDT/candles?frame=4h",
        "VALIDATION_ERROR",
        "frame",
    ),
    (
        "/api/v1/agents/scores/history?limit=0",
        "VALIDATION_ERROR",
        "from 1 to 100",
    ),
    (
        "/api/v1/agents/scores/history?limit=101",
        "VALIDATION_ERROR",
        "from 1 to 100",
    ),
    (
        "/api/v1/agents/scores/history?limit=abc",
        "VALIDATION_ERROR",
        "from 1 to 100",
    ),
    (
        "/api/v1/agents/scores/history?limit=-1",
        "VALIDATION_ERROR",
        "from 1 to 100",
    ),
    (
        "/api/v1/agents/scores/history?limit=99999999999999999999",
        "VALIDATION_ERROR",
        "from 1 to 100",
    ),
    (
        "/api/v1/agents/scores/history?cursor=broken",
        "VALIDATION_ERROR",
        "cursor",
    ),
    (
        "/api/v1/agents/scores/history?cursor=",
        "VALIDATION_ERROR",
        "cursor",
    ),
    (
        "/api/v1/agents/scores/history?cursor=%FF%FE",
        "VALIDATION_ERROR",
        "must be UTF-8 text",
    ),
    (
        "/api/v1/agents/scores?strategy_id=Not%20One!",
        "VALIDATION_ERROR",
        "lower-case letters, digits and hyphens",
    ),
    (
        "/api/v1/agents/scores?strategy_id=%FF",
        "VALIDATION_ERROR",
        "must be UTF-8 text",
    ),
    (
        "/api/v1/agents/scores?strategy_id=nobodys",
        "STRATEGY_NOT_FOUND",
        "no strategy \"nobodys\"",
    ),
    (
        "/api/v1/agents/scores/history?strategy_id=nobodys",
        "STRATEGY_NOT_FOUND",
        "no strategy \"nobodys\"",
    ),
    (
        "/api/v1/agents/executions/1",
        "VALIDATION_ERROR",
        "`id` must be a UUID",
    ),
    (
        "/api/v1/agents/executions/00000000-0000-7000-8000-000000000001",
        "NOT_FOUND",
        "no execution with this id",
    ),
    ("/api/v1/agents", "NOT_FOUND", "/docs lists all there is"),
    (
        "/api/v1/market/BTCUSDT/candles/",
        "NOT_FOUND",
        "/docs lists all there is",
    ),
    ("/..%2f..%2fetc%2fpasswd", "NOT_FOUND", "/docs lists all there is"),
];

fn is_refused(answer: &Answer, code: &str, says: &str, what: &str) {
    assert!(answer.status.is_client_error(), "{what}: {}", answer.status);
    let (found, message) = answer.refusal();
    assert_eq!(found, code, "{what}: {message}");
    assert!(
        message.contains(says),
        "{what}: {message:?} does not say {says:?}"
    );
    assert!(answer.json()["timestamp"].is_string());
}

#[tokio::test]
async fn every_wrong_parameter_is_named_with_what_it_must_be() {
    let bundle = Bundle::start().await;
    for (path, code, says) in REFUSED {
        is_refused(&bundle.get(path).await, code, says, path);
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    let page = bundle.get("/api/v1/market/BTCUSDT/candles?limit=1").await.json();
    let cursor = page["data"]["next_cursor"].as_str().unwrap();

    for path in [
        format!("/api/v1/market/ETHUSDT/candles?limit=1&cursor={cursor}"),
        format!("/api/v1/market/BTCUSDT/candles?timeframe=1d&cursor={cursor}"),
        format!("/api/v1/market/BTCUSDT/indicators?cursor={cursor}"),
        format!("/api/v1/agents/scores/history?cursor={cursor}"),
    ] {
        is_refused(&bundle.get(&path).await, "VALIDATION_ERROR", "cursor", &path);
    }
    assert_eq!(
        bundle
            .get(&format!("/api/v1/market/BTCUSDT/candles?limit=1&cursor={cursor}"))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_cursor_made_by_hand_for_a_time_that_never_was_is_refused() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    bundle.advance(jiff::SignedDuration::from_hours(4));
    bundle.decide().await;
    let page = bundle.get("/api/v1/agents/scores/history?limit=1").await.json();
    let cursor = page["data"]["next_cursor"].as_str().unwrap();

    let mut bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    bytes.truncate(8);
    bytes.extend_from_slice(b"\"-009000-01-01T00:00:00Z\"");
    let forged = format!(
        "/api/v1/agents/scores/history?cursor={}",
        URL_SAFE_NO_PAD.encode(&bytes)
    );

    is_refused(
        &bundle.get(&forged).await,
        "VALIDATION_ERROR",
        "cursor",
        "year -9000",
    );
}

#[tokio::test]
async fn a_wrong_method_is_told_which_ones_are_right() {
    let bundle = Bundle::start().await;
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = bundle
            .send(method.clone(), "/api/v1/agents/scores", |request| request)
            .await;
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), "GET, OPTIONS");
        is_refused(&answer, "METHOD_NOT_ALLOWED", "GET", method.as_str());
    }
}

#[tokio::test]
async fn a_body_of_a_megabyte_is_refused_wherever_it_goes() {
    let bundle = Bundle::start().await;
    let large = vec![b'x'; 1024 * 1024];
    for method in [Method::GET, Method::POST] {
        let answer = bundle
            .send(method, "/api/v1/agents/scores", |request| {
                request.body(large.clone())
            })
            .await;
        is_refused(&answer, "PAYLOAD_TOO_LARGE", "at most 65536 bytes", "a megabyte");
    }
}

#[tokio::test]
async fn a_bad_token_is_refused_on_every_route_that_looks_at_one() {
    let bundle = Bundle::start().await;
    for header in ["Bearer nonsense", "Bearer ", "Basic YW5uOnB3", "nonsense"] {
        let answer = bundle
            .send(Method::GET, "/api/v1/agents/scores", |request| {
                request.header("authorization", header)
            })
            .await;
        is_refused(&answer, "UNAUTHORIZED", "oken", header);
    }
}

/// Bytes that no HTTP library would send; the status line of what comes back.
async fn raw(bundle: &Bundle, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(bundle.address()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // The server may close without an answer: that is fine for what is no HTTP.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn what_is_no_text_at_all_is_refused_and_the_next_request_is_answered() {
    let bundle = Bundle::start().await;
    let requests: [&[u8]; 4] = [
        b"GET /api/v1/market/\xff\xfe/candles HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        b"GET /api/v1/agents/scores?strategy_id=\xc3\x28 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        b"GET /api/v1/agents/scores HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \xff\r\nconnection: close\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is no HTTP\r\n\r\n",
    ];
    for request in requests {
        let status = raw(&bundle, request).await;
        let fine = status.is_empty() || status.starts_with("HTTP/1.1 4");
        assert!(fine, "{:?}: {status}", String::from_utf8_lossy(request));
    }
    assert_eq!(bundle.get("/health").await.status, 200);
}
