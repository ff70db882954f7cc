//! Tokens: whose are accepted, and what a bad one costs.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rstest::rstest;

use super::*;
use crate::http::auth::{AUDIENCE, ISSUER, TokenError};

/// Claims that would be accepted.
fn good_claims(door: &TestDoor) -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": Uuid::from_u128(7), "sid": Uuid::from_u128(8),
        "jti": Uuid::from_u128(9), "tier": "pro", "role": "user",
        "iat": door.clock.now().as_second(), "exp": door.clock.now().as_second() + 900,
    })
}

fn signed(algorithm: Algorithm, kid: Option<&str>, secret: &str, claims: &Value) -> String {
    let mut header = Header::new(algorithm);
    header.kid = kid.map(ToOwned::to_owned);
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

fn changed(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

#[tokio::test]
async fn a_signed_token_speaks_for_its_user_for_fifteen_minutes() {
    let door = TestDoor::new();
    let token = door.token(Tier::Pro, Role::Admin);
    assert_eq!(
        door.get_as(&token, "/api/v1/admin").await.json()["data"],
        json!(Uuid::from_u128(7))
    );

    door.clock.advance(SignedDuration::from_secs(15 * 60 - 1));
    assert_eq!(door.get_as(&token, "/api/v1/admin").await.status, 200);
    door.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(door.get_as(&token, "/api/v1/admin").await.status, 401);
}

#[tokio::test]
async fn claims_made_by_hand_are_accepted_too() {
    let door = TestDoor::new();
    let token = signed(Algorithm::HS256, Some("k1"), &"s".repeat(32), &good_claims(&door));
    assert_eq!(
        door.get_as(&token, "/api/v1/scores")
            .await
            .header("x-ratelimit-limit"),
        Some("600")
    );
}

#[rstest]
#[case::garbage(|_: &TestDoor| "garbage".to_owned())]
#[case::no_algorithm(|door: &TestDoor| {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(json!({ "alg": "none", "kid": "k1", "typ": "JWT" })), part(good_claims(door)))
})]
#[case::other_algorithm(|door: &TestDoor| signed(Algorithm::HS512, Some("k1"), &"s".repeat(32), &good_claims(door)))]
#[case::other_secret(|door: &TestDoor| signed(Algorithm::HS256, Some("k1"), &"x".repeat(32), &good_claims(door)))]
#[case::no_key_name(|door: &TestDoor| signed(Algorithm::HS256, None, &"s".repeat(32), &good_claims(door)))]
#[case::other_key_name(|door: &TestDoor| signed(Algorithm::HS256, Some("k9"), &"s".repeat(32), &good_claims(door)))]
#[case::other_issuer(|door: &TestDoor| with_claim(door, "iss", json!("elsewhere")))]
#[case::other_audience(|door: &TestDoor| with_claim(door, "aud", json!("another-api")))]
#[case::no_issuer(|door: &TestDoor| with_claim(door, "iss", Value::Null))]
#[case::subject_no_uuid(|door: &TestDoor| with_claim(door, "sub", json!("ann")))]
#[case::unknown_tier(|door: &TestDoor| with_claim(door, "tier", json!("gold")))]
#[case::expired(|door: &TestDoor| with_claim(door, "exp", json!(door.clock.now().as_second())))]
#[case::changed_claims(|door: &TestDoor| {
    let token = door.token(Tier::Free, Role::User);
    let parts: Vec<&str> = token.split('.').collect();
    let forged = changed(good_claims(door), "role", json!("admin"));
    format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(forged.to_string()), parts[2])
})]
#[tokio::test]
async fn a_bad_token_is_401_and_counts_on_the_address(#[case] token: impl Fn(&TestDoor) -> String) {
    let door = TestDoor::new();
    let answer = door.get_as(&token(&door), "/api/v1/scores").await;
    let (status, code, message) = answer.refusal();
    assert_eq!((status, code.as_str()), (401, "UNAUTHORIZED"));
    assert_eq!(
        message,
        "This access token is not valid or has expired; get a new one, or leave the header out."
    );
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    assert_eq!(
        door.get("/api/v1/scores").await.header("x-ratelimit-remaining"),
        Some("58")
    );
}

fn with_claim(door: &TestDoor, name: &str, value: Value) -> String {
    signed(
        Algorithm::HS256,
        Some("k1"),
        &"s".repeat(32),
        &changed(good_claims(door), name, value),
    )
}

#[tokio::test]
async fn bad_tokens_run_into_the_address_limit() {
    let door = TestDoor::new();
    for _ in 0..60 {
        assert_eq!(door.get_as("garbage", "/api/v1/scores").await.status, 401);
    }
    assert_eq!(door.get_as("garbage", "/api/v1/scores").await.status, 429);
    assert_eq!(
        door.get_as(&door.token(Tier::Free, Role::User), "/api/v1/scores")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn another_scheme_is_refused_and_health_does_not_look() {
    let door = TestDoor::new();
    let mut basic = request("/api/v1/scores");
    basic
        .headers_mut()
        .insert("authorization", "Basic YTpi".parse().unwrap());
    let (status, _, message) = door.send(basic).await.refusal();
    assert_eq!(
        (status, message.as_str()),
        (
            401,
            "Send `Authorization: Bearer <access token>`, or no such header."
        )
    );
    assert_eq!(door.get_as("garbage", "/health").await.status, 200);
}

#[tokio::test]
async fn signed_in_and_admin_routes_need_what_they_say() {
    let door = TestDoor::new();
    let anonymous = door.get("/api/v1/admin").await;
    assert_eq!(
        anonymous.header("x-ratelimit-limit"),
        Some("600"),
        "guessing is limited too"
    );
    assert_eq!(anonymous.refusal().1, "UNAUTHORIZED");
}

#[tokio::test]
async fn an_administrator_is_who_is_one_now_whatever_the_token_says() {
    let door = TestDoor::new();
    let asked = async |role: Result<Option<Role>, &'static str>, token: Role| {
        *door.roles.0.lock().unwrap() = role;
        let token = door.token(Tier::Pro, token);
        door.get_as(&token, "/api/v1/admin").await
    };

    assert_eq!(asked(Ok(Some(Role::Admin)), Role::User).await.status, 200);
    let demoted = asked(Ok(Some(Role::User)), Role::Admin).await;
    assert_eq!(
        (demoted.status.as_u16(), demoted.refusal().1.as_str()),
        (403, "FORBIDDEN")
    );
    assert_eq!(asked(Ok(None), Role::Admin).await.refusal().1, "UNAUTHORIZED");
    let unknown = asked(Err("password=hunter2"), Role::Admin).await;
    assert_eq!(unknown.refusal().1, "SERVICE_UNAVAILABLE");
    assert_eq!(unknown.header("retry-after"), Some("5"));
}

#[tokio::test]
async fn the_token_of_an_ended_session_is_refused_and_counts_on_the_address() {
    let door = TestDoor::new();
    let token = door.token(Tier::Pro, Role::User);
    assert_eq!(door.get_as(&token, "/api/v1/scores").await.status, 200);
    door.limiter.ended.store(true, Ordering::SeqCst);

    let refused = door.get_as(&token, "/api/v1/scores").await;

    let (status, code, message) = refused.refusal();
    assert_eq!((status, code.as_str()), (401, "UNAUTHORIZED"));
    assert_eq!(message, "This session has ended; sign in again.");
    let of_the_address = door.get("/api/v1/scores").await;
    assert_eq!(of_the_address.header("x-ratelimit-remaining"), Some("58"));
    door.limiter.ended.store(false, Ordering::SeqCst);
    let of_the_user = door.get_as(&token, "/api/v1/scores").await;
    assert_eq!(of_the_user.header("x-ratelimit-remaining"), Some("598"));
}

#[tokio::test]
async fn whoever_refreshes_may_still_send_the_token_that_ran_out() {
    let door = TestDoor::new();
    for path in ["/api/v1/auth/google", "/api/v1/auth/refresh"] {
        let mut request = with_method(Method::POST, path);
        request
            .headers_mut()
            .insert("authorization", "Bearer garbage".parse().unwrap());
        assert_eq!(door.send(request).await.status, 200, "{path}");
    }
}

#[test]
fn a_rotated_key_still_checks_and_no_longer_signs() {
    let (old, new) = (key("k1", &"s".repeat(32)), key("k2", &"t".repeat(32)));
    let now: Timestamp = NOW.parse().unwrap();
    let user = User {
        id: Uuid::from_u128(7).into(),
        session: Uuid::from_u128(8).into(),
        tier: Tier::Free,
        role: Role::User,
    };
    let identity = Identity {
        user,
        token_id: Uuid::from_u128(9),
        session_ends: None,
    };
    let before = TokenKeys::new(&old, &[]).unwrap();
    let between = TokenKeys::new(&new, std::slice::from_ref(&old)).unwrap();
    let after = TokenKeys::new(&new, &[]).unwrap();

    let earlier = before.sign(&identity, now).unwrap();
    assert_eq!(between.verify(&earlier, now), Ok(user));
    assert_eq!(after.verify(&earlier, now), Err(TokenError::UnknownKey));
    let later = between.sign(&identity, now).unwrap();
    assert_eq!(after.verify(&later, now), Ok(user));
    assert_eq!(before.verify(&later, now), Err(TokenError::UnknownKey));
}

#[test]
fn weak_or_doubled_keys_are_refused_and_none_is_printed() {
    let short = TokenKeys::new(&key("k1", &"s".repeat(31)), &[]).unwrap_err();
    assert_eq!(short, TokenError::ShortSecret("k1".to_owned()));
    let good = key("k1", &"s".repeat(32));
    let doubled = TokenKeys::new(&good, std::slice::from_ref(&good)).unwrap_err();
    assert_eq!(doubled, TokenError::RepeatedKey("k1".to_owned()));
    let shown = format!("{good:?} {:?}", TokenKeys::new(&good, &[]).unwrap());
    assert!(!shown.contains("sss"), "{shown}");
}
