//! Rate limits over real sockets and the real Redis, on a clock that stands still.

use futures_util::future::join_all;
use jiff::SignedDuration;
use reqwest::Method;
use tests::bundle::{Answer, Bundle};

const SCORES: &str = "/api/v1/agents/scores";

fn told(answer: &Answer) -> (u16, &str, &str, &str, &str) {
    (
        answer.status.as_u16(),
        answer.header("x-ratelimit-limit"),
        answer.header("x-ratelimit-remaining"),
        answer.header("x-ratelimit-reset"),
        answer.header("retry-after"),
    )
}

#[tokio::test]
async fn sixty_at_once_pass_the_next_is_refused_and_one_more_passes_a_minute_later() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let now = bundle.now().as_second();

    let first = bundle.get(SCORES).await;
    assert_eq!(told(&first), (200, "60", "59", &*(now + 60).to_string(), ""));
    let rest = join_all((0..59).map(|_| bundle.get(SCORES))).await;
    assert!(rest.iter().all(|answer| answer.status == 200));

    let refused = bundle.get(SCORES).await;
    assert_eq!(told(&refused), (429, "60", "0", &*(now + 3600).to_string(), "60"));
    let error = &refused.json()["error"];
    assert_eq!(error["code"], "RATE_LIMIT_EXCEEDED");
    assert_eq!(
        error["details"],
        serde_json::json!({ "limit": 60, "remaining": 0, "reset_at": "2024-03-01T13:02:00Z", "retry_after": 60 })
    );

    bundle.advance(SignedDuration::from_millis(59_999));
    assert_eq!(bundle.get(SCORES).await.status, 429);
    bundle.advance(SignedDuration::from_millis(1));
    assert_eq!(
        told(&bundle.get(SCORES).await),
        (200, "60", "0", &*(now + 3660).to_string(), "")
    );
    assert_eq!(bundle.get(SCORES).await.status, 429);
}

#[tokio::test]
async fn of_a_hundred_at_once_exactly_sixty_pass() {
    let bundle = Bundle::start().await;
    bundle.decide().await;

    let answers = join_all((0..100).map(|_| bundle.get(SCORES))).await;

    let passed = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!((passed, refused), (60, 40));
}

#[tokio::test]
async fn a_forged_address_changes_nothing() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    join_all((0..60).map(|_| bundle.get(SCORES))).await;

    for header in [
        "x-forwarded-for",
        "forwarded",
        "x-real-ip",
        "true-client-ip",
        "cf-connecting-ip",
    ] {
        let forged = bundle
            .send(Method::GET, SCORES, |request| {
                request.header(header, "198.51.100.9")
            })
            .await;
        assert_eq!(forged.status, 429, "{header}");
    }
}

#[tokio::test]
async fn a_used_up_limit_leaves_the_other_routes_alone() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    join_all((0..61).map(|_| bundle.get(SCORES))).await;

    let candles = bundle.get("/api/v1/market/BTCUSDT/candles").await;
    assert_eq!(
        (candles.status.as_u16(), candles.header("x-ratelimit-remaining")),
        (200, "599")
    );
    let health = bundle.get("/health").await;
    assert_eq!(
        (health.status.as_u16(), health.header("x-ratelimit-limit")),
        (200, "")
    );
}

#[tokio::test]
async fn without_redis_reads_are_still_limited() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    bundle.redis().refuse();

    let answers = join_all((0..70).map(|_| bundle.get(SCORES))).await;

    let passed = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(passed, 60);
}
