//! Pages of other origins: allowed, denied, preflights.

use super::*;

async fn from(origin: &str, method: Method, target: &str) -> Answered {
    let mut request = with_method(method, target);
    request.headers_mut().insert("origin", origin.parse().unwrap());
    request
        .headers_mut()
        .insert("access-control-request-method", "GET".parse().unwrap());
    TestDoor::new().send(request).await
}

#[tokio::test]
async fn a_listed_origin_may_read_answers_and_refusals() {
    for (target, status) in [
        ("/api/v1/scores", 200),
        ("/nowhere", 404),
        ("/api/v1/failures/panic", 500),
    ] {
        let answer = from(ORIGIN, Method::GET, target).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN));
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
        assert_eq!(
            answer.header("access-control-expose-headers"),
            Some(
                "x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after, x-request-id, x-next-cursor"
            )
        );
        assert_eq!(answer.header("vary"), Some("origin"));
    }
}

#[tokio::test]
async fn other_origins_are_told_nothing() {
    for origin in [
        "https://evil.example",
        "https://app.example.com.evil.example",
        "http://app.example.com",
        "null",
    ] {
        for method in [Method::GET, Method::OPTIONS] {
            let answer = from(origin, method, "/api/v1/scores").await;
            assert!(answer.status.is_success());
            let told = answer
                .headers
                .keys()
                .filter(|name| name.as_str().starts_with("access-control"));
            assert_eq!(told.count(), 0, "{origin}");
            assert_eq!(answer.header("vary"), Some("origin"));
        }
    }
}

#[tokio::test]
async fn a_preflight_is_answered_from_the_table_and_charges_nobody() {
    let answer = from(ORIGIN, Method::OPTIONS, "/api/v1/things").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
    assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN));
    assert_eq!(answer.header("access-control-allow-methods"), Some("GET, POST"));
    assert_eq!(
        answer.header("access-control-allow-headers"),
        Some("authorization, content-type, x-request-id")
    );
    assert_eq!(answer.header("access-control-max-age"), Some("7200"));
    assert_eq!(answer.header("x-ratelimit-limit"), None);
    assert_eq!(from(ORIGIN, Method::OPTIONS, "/nowhere").await.status, 404);
}
