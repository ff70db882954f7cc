//! Signing in and refreshing while nothing, or next to nothing, is written.

use standin::google::{AuthorizeRequest, CLIENT_ID, User, challenge_of};
use tests::bundle::SIGN_IN_PAGE;

use super::*;

const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more";
const GOOGLE: &str = "/api/v1/auth/google";
const REFRESH: &str = "/api/v1/auth/refresh";

/// A code of Google's for somebody who has just agreed there.
fn code(bundle: &Bundle, email: &str) -> String {
    let request = AuthorizeRequest {
        nonce: "a-nonce".to_owned(),
        code_challenge: challenge_of(VERIFIER),
        redirect_uri: SIGN_IN_PAGE.to_owned(),
        client_id: CLIENT_ID.to_owned(),
    };
    bundle
        .upstream()
        .google()
        .code_for(User::with_email(email), &request)
}

async fn bring(bundle: &Bundle, code: &str) -> Answer {
    let body =
        json!({ "code": code, "code_verifier": VERIFIER, "redirect_uri": SIGN_IN_PAGE, "nonce": "a-nonce" });
    bundle
        .send(Method::POST, GOOGLE, |request| request.json(&body))
        .await
}

async fn refresh(bundle: &Bundle, token: &str) -> Answer {
    bundle
        .send(Method::POST, REFRESH, |request| {
            request.json(&json!({ "refresh_token": token }))
        })
        .await
}

/// What a refresh gave: whether the access token is good, and the refresh token to go on with.
async fn refreshed(bundle: &Bundle, token: &str) -> (u16, String) {
    let answer = refresh(bundle, token).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let data = answer.json()["data"].take();
    let access = data["access_token"].as_str().unwrap().to_owned();
    let me = bundle
        .send(Method::GET, "/api/v1/auth/me", |request| {
            request.bearer_auth(access)
        })
        .await;
    (
        me.status.as_u16(),
        data["refresh_token"].as_str().unwrap().to_owned(),
    )
}

async fn stored(bundle: &Bundle, what: &str) -> Vec<String> {
    bundle.rows(what).await
}

const USERS: &str = "SELECT * FROM users ORDER BY id";
const TOKENS: &str = "SELECT t.*, s.last_used_at, s.ended_at FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id ORDER BY hash";

#[tokio::test]
async fn in_read_only_those_whom_we_know_sign_in_and_only_their_session_is_written() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    let first = bring(&bundle, &code(&bundle, "ann@example.com")).await;
    assert_eq!(first.status, 200);
    bundle.advance(seconds(60));
    let users = stored(&bundle, USERS).await;
    enter(&bundle, &ada, "read_only").await;

    let again = bring(&bundle, &code(&bundle, "ann@example.com")).await;
    let stranger = bring(&bundle, &code(&bundle, "bob@example.com")).await;

    assert_eq!(again.status, 200, "{}", again.json());
    let token = again.json()["data"]["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(refreshed(&bundle, &token).await, (200, token));
    assert_eq!(refused(&stranger), closed("READ_ONLY", "60"));
    assert_eq!(stranger.refusal().1, NOTICE);
    assert_eq!(stored(&bundle, USERS).await, users);
    assert_eq!(
        stored(
            &bundle,
            "SELECT kind, count(*) FROM auth_events WHERE kind LIKE 'sign%' GROUP BY 1"
        )
        .await,
        ["(signed_in,2)"]
    );

    set(&bundle, &ada, json!({ "mode": "normal" })).await;
    let stranger = bring(&bundle, &code(&bundle, "bob@example.com")).await;
    assert_eq!(stranger.status, 200);
}

#[tokio::test]
async fn in_read_only_a_refresh_gives_an_access_token_and_leaves_everything_as_it_is() {
    let bundle = Bundle::start().await;
    let (ada, ann) = (admin(&bundle).await, bundle.sign_up("ann").await);
    let (_, second) = refreshed(&bundle, &ann.refresh_token).await;
    let before = stored(&bundle, TOKENS).await;
    enter(&bundle, &ada, "read_only").await;
    bundle.advance(seconds(8));

    // The one that was replaced a moment ago leads to the current one, as always.
    assert_eq!(
        refreshed(&bundle, &ann.refresh_token).await,
        (200, second.clone())
    );
    assert_eq!(refreshed(&bundle, &second).await, (200, second.clone()));
    assert_eq!(stored(&bundle, TOKENS).await, before);

    set(&bundle, &ada, json!({ "mode": "normal" })).await;
    let (status, third) = refreshed(&bundle, &second).await;
    assert_eq!(status, 200);
    assert_ne!(third, second);
}

#[tokio::test]
async fn in_read_only_a_copied_refresh_token_still_ends_its_session() {
    let bundle = Bundle::start().await;
    let (ada, ann) = (admin(&bundle).await, bundle.sign_up("ann").await);
    let (_, second) = refreshed(&bundle, &ann.refresh_token).await;
    enter(&bundle, &ada, "read_only").await;
    bundle.advance(seconds(11));

    let copied = refresh(&bundle, &ann.refresh_token).await;

    assert_eq!(copied.status, 401);
    assert_eq!(refresh(&bundle, &second).await.status, 401);
    assert_eq!(ann.get("/api/v1/auth/me").await.status, 401);
    let reasons =
        "SELECT end_reason FROM sessions WHERE user_id IN (SELECT id FROM users WHERE email LIKE 'ann@%')";
    assert_eq!(stored(&bundle, reasons).await, ["(reuse)"]);
}

#[tokio::test]
async fn on_a_database_that_takes_no_writes_refreshing_and_exporting_go_on_and_signing_in_does_not() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    let (_, second) = refreshed(&bundle, &ann.refresh_token).await;
    let before = stored(&bundle, TOKENS).await;
    refuse_writes(&bundle, true).await;

    // The first one finds out, the others know.
    for _ in 0..2 {
        assert_eq!(refreshed(&bundle, &second).await, (200, second.clone()));
        let export = ann.get("/api/v1/auth/me/export").await;
        assert_eq!(export.status, 200, "{}", export.json());
    }
    let fresh = code(&bundle, "ann@example.com");
    assert_eq!(refused(&bring(&bundle, &fresh).await), closed("READ_ONLY", "2"));
    assert_eq!(stored(&bundle, TOKENS).await, before);

    // Nobody exchanged the code, so it is still good.
    refuse_writes(&bundle, false).await;
    bundle.advance(seconds(2));
    assert_eq!(bring(&bundle, &fresh).await.status, 200);
    assert_ne!(refreshed(&bundle, &second).await.1, second);
}

#[tokio::test]
async fn a_copied_token_gets_nothing_also_where_its_session_cannot_be_ended() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    refreshed(&bundle, &ann.refresh_token).await;
    refuse_writes(&bundle, true).await;
    bundle.advance(seconds(11));

    assert_eq!(refresh(&bundle, &ann.refresh_token).await.status, 401);
    assert_eq!(
        ann.get("/api/v1/auth/me").await.status,
        401,
        "its access tokens are denied"
    );

    refuse_writes(&bundle, false).await;
    bundle.advance(seconds(2));
    let portfolio = ann.ask(Method::POST, "/api/v1/push/ticket", None).await;
    assert_eq!(portfolio.status, 401);
}

#[tokio::test]
async fn an_export_in_read_only_is_written_down_because_an_operator_only_keeps_users_from_changing() {
    let bundle = Bundle::start().await;
    let (ada, ann) = (admin(&bundle).await, bundle.sign_up("ann").await);
    enter(&bundle, &ada, "read_only").await;

    assert_eq!(ann.get("/api/v1/auth/me/export").await.status, 200);

    let exported = "SELECT user_id FROM auth_events WHERE kind = 'exported'";
    assert_eq!(stored(&bundle, exported).await, [format!("({})", ann.id)]);
}

#[tokio::test]
async fn an_export_that_is_the_first_to_find_out_is_given_all_the_same() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    refuse_writes(&bundle, true).await;

    let export = ann.get("/api/v1/auth/me/export").await;

    assert_eq!(export.status, 200, "{}", export.json());
    let exported = "SELECT 1 FROM auth_events WHERE kind = 'exported'";
    assert_eq!(stored(&bundle, exported).await, Vec::<String>::new());
}
