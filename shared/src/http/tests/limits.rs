//! Rate limits as a client meets them.

use jiff::SignedDuration;

use super::*;

async fn spend(door: &TestDoor, times: usize, target: &str) -> Answered {
    for _ in 1..times {
        door.get(target).await;
    }
    door.get(target).await
}

fn limits(answer: &Answered) -> (u16, Option<&str>, Option<&str>, Option<&str>) {
    let header = |name| answer.header(name);
    (
        answer.status.as_u16(),
        header("x-ratelimit-limit"),
        header("x-ratelimit-remaining"),
        header("retry-after"),
    )
}

#[tokio::test]
async fn the_sixty_first_request_is_refused_and_one_more_passes_after_a_minute() {
    let door = TestDoor::new();
    assert_eq!(
        limits(&spend(&door, 60, "/api/v1/scores").await),
        (200, Some("60"), Some("0"), None)
    );

    let refused = door.get("/api/v1/scores").await;
    assert_eq!(limits(&refused), (429, Some("60"), Some("0"), Some("60")));
    // 01:02:00.123, the bucket's full hour later, as the next whole second.
    assert_eq!(refused.header("x-ratelimit-reset"), Some("1709254921"));
    assert_eq!(
        refused.json()["error"],
        json!({
            "code": "RATE_LIMIT_EXCEEDED",
            "message": "Too many requests: 60 in this period are used up; try again in 60 s.",
            "details": { "limit": 60, "remaining": 0, "reset_at": "2024-03-01T01:02:01Z", "retry_after": 60 },
        })
    );

    door.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(
        limits(&door.get("/api/v1/scores").await),
        (200, Some("60"), Some("0"), None)
    );
    assert_eq!(door.get("/api/v1/scores").await.status, 429);
}

#[tokio::test]
async fn a_forged_forwarding_header_changes_nothing() {
    let door = TestDoor::new();
    spend(&door, 60, "/api/v1/scores").await;
    for header in [
        "x-forwarded-for",
        "forwarded",
        "x-real-ip",
        "true-client-ip",
        "cf-connecting-ip",
    ] {
        let mut forged = request("/api/v1/scores");
        forged
            .headers_mut()
            .insert(header, "198.51.100.9".parse().unwrap());
        assert_eq!(door.send(forged).await.status, 429, "{header}");
    }
}

#[tokio::test]
async fn an_address_has_its_bucket_ipv6_by_network() {
    let door = TestDoor::new();
    let remaining = async |address: Option<&str>| {
        let mut request = request("/api/v1/scores");
        request
            .extensions_mut()
            .insert(ClientAddress(address.map(|address| address.parse().unwrap())));
        door.send(request)
            .await
            .header("x-ratelimit-remaining")
            .unwrap()
            .to_owned()
    };
    assert_eq!(remaining(Some("203.0.113.7")).await, "59");
    assert_eq!(remaining(Some("203.0.113.8")).await, "59");
    assert_eq!(
        remaining(Some("::ffff:203.0.113.7")).await,
        "58",
        "the same IPv4 address, mapped"
    );
    assert_eq!(remaining(Some("2001:db8:0:1::1")).await, "59");
    assert_eq!(
        remaining(Some("2001:db8:0:1:ffff::2")).await,
        "58",
        "the same /64"
    );
    assert_eq!(remaining(Some("2001:db8:0:2::1")).await, "59");
    assert_eq!(remaining(None).await, "59");
    assert_eq!(
        remaining(None).await,
        "58",
        "callers without an address share a bucket"
    );
}

#[tokio::test]
async fn each_class_has_the_limit_the_api_promises() {
    let door = TestDoor::new();
    let mut shown = Vec::new();
    for target in [
        "/health",
        "/api/v1/scores",
        "/api/v1/things?size=small",
        "/api/v1/admin",
    ] {
        let answer = door.get(target).await;
        shown.push(format!(
            "anonymous {target} {} {:?}",
            answer.status,
            answer.header("x-ratelimit-limit")
        ));
        for tier in [Tier::Free, Tier::Basic, Tier::Pro, Tier::Enterprise] {
            let answer = door.get_as(&door.token(tier, Role::Admin), target).await;
            shown.push(format!(
                "{tier:?} {target} {} {:?}",
                answer.status,
                answer.header("x-ratelimit-limit")
            ));
        }
    }
    insta::assert_snapshot!(shown.join("\n"), @r#"
    anonymous /health 200 OK None
    Free /health 200 OK None
    Basic /health 200 OK None
    Pro /health 200 OK None
    Enterprise /health 200 OK None
    anonymous /api/v1/scores 200 OK Some("60")
    Free /api/v1/scores 200 OK Some("60")
    Basic /api/v1/scores 200 OK Some("600")
    Pro /api/v1/scores 200 OK Some("600")
    Enterprise /api/v1/scores 200 OK Some("3000")
    anonymous /api/v1/things?size=small 200 OK Some("600")
    Free /api/v1/things?size=small 200 OK Some("600")
    Basic /api/v1/things?size=small 200 OK Some("600")
    Pro /api/v1/things?size=small 200 OK Some("600")
    Enterprise /api/v1/things?size=small 200 OK Some("600")
    anonymous /api/v1/admin 401 Unauthorized Some("600")
    Free /api/v1/admin 200 OK Some("3000")
    Basic /api/v1/admin 200 OK Some("3000")
    Pro /api/v1/admin 200 OK Some("3000")
    Enterprise /api/v1/admin 200 OK Some("3000")
    "#);
}

#[tokio::test]
async fn signing_in_counts_on_the_address_even_with_a_token() {
    let door = TestDoor::new();
    let mut request = with_method(Method::POST, "/api/v1/auth/google");
    let token = door.token(Tier::Enterprise, Role::User);
    request
        .headers_mut()
        .insert("authorization", format!("Bearer {token}").parse().unwrap());
    assert_eq!(
        limits(&door.send(request).await),
        (200, Some("20"), Some("19"), None)
    );
    let anonymous = door.send(with_method(Method::POST, "/api/v1/auth/google")).await;
    assert_eq!(limits(&anonymous), (200, Some("20"), Some("18"), None));
}

#[tokio::test]
async fn with_the_limiter_down_reads_are_counted_here_and_sign_in_is_closed() {
    let door = TestDoor::new();
    door.limiter.down.store(true, Ordering::SeqCst);
    assert_eq!(
        limits(&spend(&door, 60, "/api/v1/scores?known").await),
        (200, Some("60"), Some("0"), None)
    );
    assert_eq!(door.get("/api/v1/scores").await.status, 429);

    let closed = door.send(with_method(Method::POST, "/api/v1/auth/google")).await;
    assert_eq!(closed.header("retry-after"), Some("5"));
    let (status, code, message) = closed.refusal();
    assert_eq!((status, code.as_str()), (503, "SERVICE_UNAVAILABLE"));
    assert_eq!(
        message,
        "Signing in is not available right now; try again in 5 s."
    );

    let refresh = || with_method(Method::POST, "/api/v1/auth/refresh");
    for remaining in (0..20).rev().map(|left: u32| left.to_string()) {
        let counted_here = (200, Some("20"), Some(remaining.as_str()), None);
        assert_eq!(limits(&door.send(refresh()).await), counted_here);
    }
    assert_eq!(door.send(refresh()).await.status, 429);

    door.limiter.down.store(false, Ordering::SeqCst);
    assert_eq!(
        door.get("/api/v1/scores").await.status,
        200,
        "back without a restart"
    );
}
