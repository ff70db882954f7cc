//! Everything that is refused: each code, each kind of bad input.

use rstest::rstest;

use super::*;

#[tokio::test]
async fn every_error_has_its_status_code_and_headers_and_no_internals() {
    let door = TestDoor::new();
    let mut shown = Vec::new();
    for code in [
        "validation",
        "balance",
        "unauthorized",
        "forbidden",
        "not-found",
        "strategy",
        "conflict",
        "read-only",
        "maintenance",
        "unavailable",
        "models",
        "internal",
        "panic",
    ] {
        let answer = door.get(&format!("/api/v1/failures/{code}")).await;
        assert!(
            !answer.text.contains("hunter2"),
            "{code} shows internals: {}",
            answer.text
        );
        let headers = ["retry-after", "www-authenticate"].map(|name| answer.header(name));
        shown.push(format!(
            "{} {} {headers:?}",
            answer.status.as_u16(),
            answer.json()["error"]
        ));
    }
    insta::assert_snapshot!(shown.join("\n"), @r#"
    400 {"code":"VALIDATION_ERROR","details":null,"message":"Send less."} [None, None]
    400 {"code":"INSUFFICIENT_BALANCE","details":{"available":"5"},"message":"You have 5 USD; send at most that."} [None, None]
    401 {"code":"UNAUTHORIZED","details":null,"message":"Sign in first."} [None, Some("Bearer")]
    403 {"code":"FORBIDDEN","details":null,"message":"Not yours."} [None, None]
    404 {"code":"NOT_FOUND","details":null,"message":"No such thing."} [None, None]
    404 {"code":"STRATEGY_NOT_FOUND","details":null,"message":"There is no strategy `x`."} [None, None]
    409 {"code":"CONFLICT","details":null,"message":"You follow it already."} [None, None]
    503 {"code":"READ_ONLY","details":null,"message":"Writes are off until noon."} [Some("7"), None]
    503 {"code":"MAINTENANCE","details":null,"message":"Back at noon."} [Some("60"), None]
    503 {"code":"SERVICE_UNAVAILABLE","details":{"retry_after":5},"message":"The database is not available right now; try again in 5 s."} [Some("5"), None]
    503 {"code":"LLM_SERVICE_UNAVAILABLE","details":null,"message":"No language model is available right now; try again later."} [None, None]
    500 {"code":"INTERNAL_ERROR","details":null,"message":"Something went wrong on our side. Quote the x-request-id of this answer when you report it."} [None, None]
    500 {"code":"INTERNAL_ERROR","details":null,"message":"Something went wrong on our side. Quote the x-request-id of this answer when you report it."} [None, None]
    "#);
}

#[test]
fn every_code_has_the_status_the_api_promises() {
    let shown = ErrorCode::ALL.map(|code| format!("{} {}", code.status().as_u16(), code.as_str()));
    insta::assert_snapshot!(shown.join("\n"), @r#"
    400 VALIDATION_ERROR
    400 INSUFFICIENT_BALANCE
    401 UNAUTHORIZED
    403 FORBIDDEN
    404 NOT_FOUND
    404 STRATEGY_NOT_FOUND
    405 METHOD_NOT_ALLOWED
    409 CONFLICT
    413 PAYLOAD_TOO_LARGE
    429 RATE_LIMIT_EXCEEDED
    500 INTERNAL_ERROR
    503 READ_ONLY
    503 MAINTENANCE
    503 SERVICE_UNAVAILABLE
    503 LLM_SERVICE_UNAVAILABLE
    "#);
}

#[rstest]
#[case::missing("/api/v1/things", "Parameter `size` is missing.")]
#[case::unknown(
    "/api/v1/things?size=small&colour=red",
    "There is no parameter `colour`; known are: size, limit, cursor, since, named."
)]
#[case::unknown_variant("/api/v1/things?size=medium", "Parameter `size` must be one of small, large.")]
#[case::limit_zero(
    "/api/v1/things?size=small&limit=0",
    "Parameter `limit` must be a whole number from 1 to 100."
)]
#[case::limit_over(
    "/api/v1/things?size=small&limit=101",
    "Parameter `limit` must be a whole number from 1 to 100."
)]
#[case::limit_text(
    "/api/v1/things?size=small&limit=abc",
    "Parameter `limit` must be a whole number from 1 to 100."
)]
#[case::limit_empty(
    "/api/v1/things?size=small&limit=",
    "Parameter `limit` must be a whole number from 1 to 100."
)]
#[case::repeated(
    "/api/v1/things?size=small&size=large",
    "Parameter `size` is given more than once; send it once."
)]
#[case::time(
    "/api/v1/things?size=small&since=yesterday",
    "Parameter `since` must be an RFC 3339 time such as 2024-03-01T00:00:00Z (in a query, write + as %2B)."
)]
#[case::time_without_offset(
    "/api/v1/things?size=small&since=2024-03-01T00:00:00",
    "Parameter `since` must be an RFC 3339 time such as 2024-03-01T00:00:00Z (in a query, write + as %2B)."
)]
#[case::not_utf8(
    "/api/v1/things?size=%FF%FE",
    "The query must be UTF-8 text, percent-encoded (a space as %20); `%FF%FE` is not."
)]
#[case::cut_escape(
    "/api/v1/things?size=sm%4",
    "The query must be UTF-8 text, percent-encoded (a space as %20); `sm%4` is not."
)]
#[case::broken_cursor(
    "/api/v1/things?size=small&cursor=zzz",
    "Parameter `cursor` must be a `next_cursor` of an earlier answer, unchanged; leave it out to start at the newest."
)]
#[case::path_value(
    "/api/v1/things/seven",
    "Parameter `id` is not valid: UUID parsing failed: invalid character: found `s` at 0."
)]
#[case::path_not_utf8("/api/v1/things/%FF", "The path must be UTF-8 text, percent-encoded.")]
#[tokio::test]
async fn a_bad_parameter_is_named_with_what_it_must_be(#[case] target: &str, #[case] message: &str) {
    let answer = TestDoor::new().get(target).await;
    assert_eq!(
        answer.refusal(),
        (400, "VALIDATION_ERROR".to_owned(), message.to_owned())
    );
}

#[tokio::test]
async fn a_cursor_of_other_filters_is_refused() {
    let door = TestDoor::new();
    let page = door.get("/api/v1/things?size=small&limit=2").await.json();
    let cursor = page["data"]["next_cursor"].as_str().unwrap().to_owned();
    let (status, code, message) = door
        .get(&format!("/api/v1/things?size=large&limit=2&cursor={cursor}"))
        .await
        .refusal();
    assert_eq!((status, code.as_str()), (400, "VALIDATION_ERROR"));
    assert!(message.contains("same filters"), "{message}");
    let other_limit = door
        .get(&format!("/api/v1/things?size=small&limit=3&cursor={cursor}"))
        .await;
    assert_eq!(other_limit.json()["data"]["items"], json!([5, 4, 3]));
}

fn post(door: &TestDoor, content_type: &str, body: impl Into<Body>) -> Request<Body> {
    let token = door.token(Tier::Free, Role::User);
    let mut request = with_method(Method::POST, "/api/v1/things");
    request
        .headers_mut()
        .insert("content-type", content_type.parse().unwrap());
    request
        .headers_mut()
        .insert("authorization", format!("Bearer {token}").parse().unwrap());
    *request.body_mut() = body.into();
    request
}

#[rstest]
#[case::syntax("application/json", "{", "The body is not valid JSON")]
#[case::missing(
    "application/json",
    r#"{"name":"x"}"#,
    "The body does not fit: missing field `parts`"
)]
#[case::range(
    "application/json",
    r#"{"name":"x","parts":256}"#,
    "The body does not fit: parts: invalid value"
)]
#[case::unknown(
    "application/json",
    r#"{"name":"x","parts":1,"a":1}"#,
    "The body does not fit: a: unknown field"
)]
#[case::form("application/x-www-form-urlencoded", "name=x", "Send the body as JSON")]
#[case::not_utf8("application/json", b"{\"name\":\"\xFF\",\"parts\":1}".as_slice(), "The body is not valid JSON")]
#[tokio::test]
async fn a_bad_body_is_refused(
    #[case] content_type: &str,
    #[case] body: impl Into<Body>,
    #[case] begins: &str,
) {
    let door = TestDoor::new();
    let (status, code, message) = door.send(post(&door, content_type, body)).await.refusal();
    assert_eq!((status, code.as_str()), (400, "VALIDATION_ERROR"));
    assert!(message.starts_with(begins), "{message}");
}

#[tokio::test]
async fn a_good_body_is_taken() {
    let door = TestDoor::new();
    let answer = door
        .send(post(
            &door,
            "application/json; charset=utf-8",
            r#"{"name":"x","parts":1}"#,
        ))
        .await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["data"]["name"]),
        (201, &json!("x"))
    );
}

#[tokio::test]
async fn a_megabyte_is_too_large_announced_or_not() {
    let door = TestDoor::new();
    let megabyte = || format!(r#"{{"name":"{}","parts":1}}"#, "x".repeat(1 << 20));
    let too_large = (
        413,
        "PAYLOAD_TOO_LARGE".to_owned(),
        "The body is too large: send at most 65536 bytes.".to_owned(),
    );

    let mut announced = post(&door, "application/json", "");
    announced.headers_mut().insert("content-length", (1 << 20).into());
    assert_eq!(door.send(announced).await.refusal(), too_large);

    let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>(megabyte())]);
    assert_eq!(
        door.send(post(&door, "application/json", Body::from_stream(chunks)))
            .await
            .refusal(),
        too_large
    );

    let fits = format!(r#"{{"name":"{}","parts":1}}"#, "x".repeat(BODY_LIMIT - 21));
    assert_eq!(fits.len(), BODY_LIMIT);
    assert_eq!(door.send(post(&door, "application/json", fits)).await.status, 201);
}
