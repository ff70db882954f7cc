//! Successes: the envelope, headers, pages, cached answers.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_success_is_wrapped_with_the_time() {
    let answer = TestDoor::new()
        .get("/api/v1/things/00000000-0000-0000-0000-000000000001")
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.text,
        r#"{"success":true,"data":{"name":"00000000-0000-0000-0000-000000000001","parts":1},"timestamp":"2024-03-01T00:02:00.123Z"}"#
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.header("content-length"),
        Some(answer.text.len().to_string().as_str())
    );
}

#[tokio::test]
async fn ready_json_is_passed_on_byte_for_byte() {
    let answer = TestDoor::new().get("/api/v1/scores").await;
    assert_eq!(
        answer.text,
        format!(r#"{{"success":true,"data":{{"score":0.50}},"timestamp":"{NOW}"}}"#)
    );
}

#[tokio::test]
async fn a_cached_value_comes_with_the_admission() {
    let door = TestDoor::new();
    assert_eq!(door.get("/api/v1/scores?known").await.json()["data"], "cached");
    let absent = door.get("/api/v1/scores?other").await;
    assert_eq!(absent.json()["data"], "absent");
    assert_eq!(
        absent.header("x-ratelimit-remaining"),
        Some("58"),
        "one charge a request"
    );
}

#[tokio::test]
async fn health_has_no_envelope_and_no_limit() {
    let answer = TestDoor::new().get("/health").await;
    assert_eq!(answer.text, r#"{"status":"healthy"}"#);
    assert_eq!(answer.header("x-ratelimit-limit"), None);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let mut shown = Vec::new();
    for (name, door) in [
        ("development", TestDoor::new()),
        ("production", TestDoor::with(|s| s.production = true)),
    ] {
        for target in ["/health", "/nowhere"] {
            let answer = door.get(target).await;
            let headers = answer
                .headers
                .iter()
                .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
            let mut headers: Vec<String> = headers.collect();
            headers.sort();
            shown.push(format!("{name} {target}\n  {}", headers.join("\n  ")));
        }
    }
    insta::assert_snapshot!(shown.join("\n"), @r#"
    development /health
      cache-control: no-store
      content-length: 20
      content-security-policy: default-src 'none'; frame-ancestors 'none'
      content-type: application/json
      referrer-policy: no-referrer
      vary: origin
      x-content-type-options: nosniff
      x-request-id: 00000000-0000-7000-8000-000000000001
    development /nowhere
      cache-control: no-store
      content-security-policy: default-src 'none'; frame-ancestors 'none'
      content-type: application/json
      referrer-policy: no-referrer
      vary: origin
      x-content-type-options: nosniff
      x-request-id: 00000000-0000-7000-8000-000000000002
    production /health
      cache-control: no-store
      content-length: 20
      content-security-policy: default-src 'none'; frame-ancestors 'none'
      content-type: application/json
      referrer-policy: no-referrer
      strict-transport-security: max-age=31536000; includeSubDomains
      vary: origin
      x-content-type-options: nosniff
      x-request-id: 00000000-0000-7000-8000-000000000001
    production /nowhere
      cache-control: no-store
      content-security-policy: default-src 'none'; frame-ancestors 'none'
      content-type: application/json
      referrer-policy: no-referrer
      strict-transport-security: max-age=31536000; includeSubDomains
      vary: origin
      x-content-type-options: nosniff
      x-request-id: 00000000-0000-7000-8000-000000000002
    "#);
}

#[tokio::test]
async fn an_answer_may_be_cached_when_its_route_says_so() {
    let response = Envelope::ok(1).cache_for(Duration::from_mins(1)).into_response();
    assert_eq!(response.headers()["cache-control"], "public, max-age=60");
}

#[tokio::test]
async fn the_request_id_comes_from_the_gateway_else_a_fit_header_else_is_new() {
    let door = TestDoor::new();
    let ask = async |header: &str, gateway: Option<&str>| {
        let mut request = request("/health");
        request
            .headers_mut()
            .insert("x-request-id", header.parse().unwrap());
        if let Some(id) = gateway {
            request.extensions_mut().insert(RequestId(id.to_owned()));
        }
        door.send(request)
            .await
            .header("x-request-id")
            .unwrap()
            .to_owned()
    };
    assert_eq!(ask("mine", Some("JKJaXmPLvHcESHA=")).await, "JKJaXmPLvHcESHA=");
    assert_eq!(ask("mine-1.2_3", None).await, "mine-1.2_3");
    assert_eq!(
        ask("no spaces", None).await,
        "00000000-0000-7000-8000-000000000001"
    );
    assert_eq!(
        ask(&"x".repeat(129), None).await,
        "00000000-0000-7000-8000-000000000002"
    );
}

#[tokio::test]
async fn pages_follow_each_other_to_the_end() {
    let door = TestDoor::new();
    let mut seen = Vec::new();
    let mut target = "/api/v1/things?size=small&limit=3".to_owned();
    for _ in 0..4 {
        let page = door.get(&target).await.json()["data"].clone();
        seen.push(page["items"].to_string());
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        target = format!("/api/v1/things?size=small&limit=3&cursor={cursor}");
    }
    assert_eq!(seen, ["[7,6,5]", "[4,3,2]", "[1]"]);
}

#[tokio::test]
async fn times_and_texts_are_decoded() {
    let door = TestDoor::new();
    for since in [
        "2024-03-01T00:00:00Z",
        "2024-03-01T01:00:00%2B01:00",
        "2024-03-01T00:00:00.5Z",
    ] {
        let answer = door
            .get(&format!(
                "/api/v1/things?size=large&since={since}&named=caf%C3%A9+bar"
            ))
            .await;
        assert_eq!(answer.status, 200, "{since}: {}", answer.text);
    }
}
