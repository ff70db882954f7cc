//! Cookies, origins, and sessions that their user ends.

use rstest::rstest;

use super::*;

/// Where a request comes from, and whether it brings the cookie or a body.
#[rstest]
#[case::a_browser(Some(ORIGIN), true, false, 200)]
#[case::a_browser_that_hides_its_page(None, true, false, 403)]
#[case::a_strange_page(Some("https://evil.example"), true, false, 403)]
#[case::no_page_at_all(Some("null"), true, false, 403)]
#[case::a_page_that_looks_alike(Some("http://localhost:3000.evil.example"), true, false, 403)]
#[case::a_program(None, false, true, 200)]
#[case::a_strange_page_with_a_body(Some("https://evil.example"), false, true, 403)]
#[case::both(Some(ORIGIN), true, true, 400)]
#[case::neither(Some(ORIGIN), false, false, 401)]
#[tokio::test]
async fn a_cookie_counts_from_a_listed_page_only(
    #[values(REFRESH, LOGOUT)] path: &str,
    #[case] origin: Option<&str>,
    #[case] cookie: bool,
    #[case] body: bool,
    #[case] status: u16,
) {
    let bundle = bundle().await;
    let transport = if cookie {
        Transport::Cookie
    } else {
        Transport::Body
    };
    let token = bundle.sign_in("ann", transport).await.refresh_token.text();
    let mut sent = Sent::from(origin);
    if cookie {
        sent = sent.cookie(&token);
    }
    if body {
        sent = sent.token(&token);
    }

    let answer = post(&bundle, path, sent).await;

    assert_eq!(answer.status.as_u16(), status, "{}", answer.json());
    let changed = count(&bundle, "refresh_tokens WHERE replaced_at IS NOT NULL").await
        + count(&bundle, "sessions WHERE ended_at IS NOT NULL").await;
    assert_eq!(changed, usize::from(status == 200), "a refusal changes nothing");
    if path == REFRESH && status == 200 {
        assert_eq!(answer.header("set-cookie").is_empty(), !cookie);
        assert_eq!(
            answer.json()["data"]["refresh_token"].is_null(),
            cookie,
            "the way in is the way out"
        );
    }
}

#[tokio::test]
async fn a_token_is_refreshed_on_the_way_on_which_it_travels_and_on_no_other() {
    let bundle = bundle().await;
    let in_cookie = bundle
        .sign_in("ann", Transport::Cookie)
        .await
        .refresh_token
        .text();
    let in_body = bundle.sign_in("ann", Transport::Body).await.refresh_token.text();
    let page = || Sent::from(Some(ORIGIN));

    for wrong in [
        Sent::default().token(&in_cookie),
        page().token(&in_cookie),
        page().cookie(&in_body),
    ] {
        let refused = post(&bundle, REFRESH, wrong).await;
        assert_eq!(verdict(&refused), (401, "UNAUTHORIZED".to_owned()));
    }

    for right in [page().cookie(&in_cookie), Sent::default().token(&in_body)] {
        assert_eq!(
            post(&bundle, REFRESH, right).await.status,
            200,
            "nothing was ended"
        );
    }
}

#[tokio::test]
async fn a_refresh_token_that_ends_nothing_leaves_nobody_signed_in() {
    let bundle = bundle().await;
    let (one, other) = (bundle.sign_up("ann").await, bundle.sign_up("ann").await);
    let unknown = "A".repeat(43);

    for (actor, token) in [(&one, "no token"), (&other, unknown.as_str())] {
        let sent = Sent::default().bearer(&actor.token).token(token);
        let logged_out = post(&bundle, LOGOUT, sent).await;
        assert_eq!(logged_out.json()["data"], json!({ "ended": true }));
        assert_eq!(actor.get(ME).await.status, 401);
    }
}

#[tokio::test]
async fn a_session_that_ran_out_is_not_ended_once_more() {
    let bundle = bundle().await;
    let old = bundle.sign_up("ann").await;
    bundle.advance(SignedDuration::from_hours(7 * 24));
    let desk = bundle.sign_up("ann").await;

    let one = desk
        .ask(Method::DELETE, &format!("{SESSIONS}/{}", old.session), None)
        .await;
    let all = desk.ask(Method::DELETE, SESSIONS, None).await;
    let logged_out = post(&bundle, LOGOUT, Sent::default().token(&old.refresh_token)).await;

    assert_eq!(one.status, 404);
    assert_eq!(all.json()["data"], json!({ "ended": 0 }));
    assert_eq!(logged_out.json()["data"], json!({ "ended": false }));
    assert_eq!(count(&bundle, "sessions WHERE ended_at IS NOT NULL").await, 0);
}

#[tokio::test]
async fn an_access_token_ends_with_its_session() {
    let bundle = bundle().await;
    let mut ann = bundle.sign_up("ann").await;
    for _ in 0..4 {
        bundle.advance(SignedDuration::from_hours(6 * 24));
        ann.renew().await;
    }
    bundle.advance(SignedDuration::from_hours(6 * 24) - SignedDuration::from_mins(5));

    let refreshed = post(&bundle, REFRESH, Sent::default().token(&ann.refresh_token)).await;

    assert_eq!(refreshed.json()["data"]["expires_in"], 300);
    let access = text(&refreshed, "/data/access_token");
    let me = async || {
        send(&bundle, Method::GET, ME, Sent::default().bearer(&access))
            .await
            .status
    };
    bundle.advance(SignedDuration::from_secs(299));
    assert_eq!(me().await, 200);
    bundle.advance(SignedDuration::from_secs(1));
    assert_eq!(me().await, 401);
}

#[tokio::test]
async fn the_cookie_of_a_browser_is_renewed_and_taken_out_at_the_end() {
    let bundle = bundle().await;
    let signed_in = google(&bundle, User::with_email("ann@example.com"), Some(ORIGIN)).await;
    let first = cookie_of(&signed_in);

    let refreshed = post(&bundle, REFRESH, Sent::from(Some(ORIGIN)).cookie(&first)).await;
    let second = cookie_of(&refreshed);
    let logged_out = post(&bundle, LOGOUT, Sent::from(Some(ORIGIN)).cookie(&second)).await;
    let again = post(&bundle, LOGOUT, Sent::from(Some(ORIGIN)).cookie(&second)).await;

    assert_ne!(first, second);
    assert_eq!(logged_out.json()["data"], json!({ "ended": true }));
    assert_eq!(
        logged_out.header("set-cookie"),
        "automoney_refresh=; HttpOnly; SameSite=Lax; Secure; Path=/api/v1/auth; Max-Age=0"
    );
    assert_eq!(again.json()["data"], json!({ "ended": false }));
    assert_eq!(
        verdict(&post(&bundle, REFRESH, Sent::from(Some(ORIGIN)).cookie(&second)).await),
        (401, "UNAUTHORIZED".to_owned())
    );
    let access = text(&refreshed, "/data/access_token");
    assert_eq!(
        send(&bundle, Method::GET, ME, Sent::default().bearer(&access))
            .await
            .status,
        401
    );
    assert_eq!(events(&bundle).await.last().unwrap(), "(logged_out,user,{})");
}

#[tokio::test]
async fn a_program_logs_out_with_either_token_even_after_the_access_token_ran_out() {
    let bundle = bundle().await;
    let (one, other) = (bundle.sign_up("ann").await, bundle.sign_up("ann").await);

    let by_access = one.ask(Method::POST, LOGOUT, None).await;
    bundle.advance(SignedDuration::from_mins(16));
    let sent = Sent::default().bearer(&other.token).token(&other.refresh_token);
    let by_refresh = post(&bundle, LOGOUT, sent).await;

    assert_eq!(by_access.json()["data"]["ended"], true);
    assert_eq!(by_refresh.json()["data"]["ended"], true);
    assert_eq!(count(&bundle, "sessions WHERE end_reason = 'logout'").await, 2);
}

#[tokio::test]
async fn a_user_sees_their_sessions_that_live_and_ends_one_of_them() {
    let bundle = bundle().await;
    let old = bundle.sign_up("ann").await;
    bundle.advance(SignedDuration::from_hours(8 * 24));
    let phone = bundle.sign_up("ann").await;
    bundle.advance(seconds(60));
    let desk = bundle.sign_up("ann").await;
    bundle.sign_up("bob").await;

    let listed = desk.get(SESSIONS).await.json()["data"].clone();

    let expected = json!({
        "items": [
            {
                "id": desk.session, "user_agent": "a test", "transport": "body", "is_current": true,
                "created_at": "2024-03-09T12:03:00Z", "last_used_at": "2024-03-09T12:03:00Z",
                "expires_at": "2024-03-16T12:03:00Z",
            },
            {
                "id": phone.session, "user_agent": "a test", "transport": "body", "is_current": false,
                "created_at": "2024-03-09T12:02:00Z", "last_used_at": "2024-03-09T12:02:00Z",
                "expires_at": "2024-03-16T12:02:00Z",
            },
        ],
        "next_cursor": null,
    });
    assert_eq!(
        listed, expected,
        "the one that ran out, {}, is left out",
        old.session
    );
    let page = desk.get(&format!("{SESSIONS}?limit=1")).await.json()["data"].clone();
    let next = page["next_cursor"].as_str().unwrap();
    let rest = desk.get(&format!("{SESSIONS}?limit=1&cursor={next}")).await;
    assert_eq!(rest.json()["data"]["items"][0]["id"], json!(phone.session));

    let ended = desk
        .ask(Method::DELETE, &format!("{SESSIONS}/{}", phone.session), None)
        .await;
    assert_eq!(ended.json()["data"], json!({ "ended": 1 }));
    assert_eq!(verdict(&phone.get(ME).await), (401, "UNAUTHORIZED".to_owned()));
    assert_eq!(
        post(&bundle, REFRESH, Sent::default().token(&phone.refresh_token))
            .await
            .status,
        401
    );
    assert_eq!(desk.get(ME).await.status, 200);
    let twice = desk
        .ask(Method::DELETE, &format!("{SESSIONS}/{}", phone.session), None)
        .await;
    assert_eq!(verdict(&twice), (404, "NOT_FOUND".to_owned()));
    assert_eq!(events(&bundle).await.last().unwrap(), "(session_revoked,user,{})");
}

#[tokio::test]
async fn somebody_elses_session_is_none() {
    let bundle = bundle().await;
    let (ann, bob) = (bundle.sign_up("ann").await, bundle.sign_up("bob").await);

    let foreign = bob
        .ask(Method::DELETE, &format!("{SESSIONS}/{}", ann.session), None)
        .await;
    let none = bob
        .ask(
            Method::DELETE,
            &format!("{SESSIONS}/00000000-0000-7000-8000-000000000000"),
            None,
        )
        .await;

    assert_eq!(verdict(&foreign), (404, "NOT_FOUND".to_owned()));
    assert_eq!(foreign.refusal(), none.refusal(), "nothing tells the two apart");
    assert_eq!(ann.get(ME).await.status, 200);
    assert_eq!(count(&bundle, "sessions WHERE ended_at IS NOT NULL").await, 0);
}

#[tokio::test]
async fn all_other_sessions_end_and_the_one_that_asks_stays() {
    let bundle = bundle().await;
    let (one, other) = (bundle.sign_up("ann").await, bundle.sign_up("ann").await);
    let (desk, bob) = (bundle.sign_up("ann").await, bundle.sign_up("bob").await);

    let ended = desk.ask(Method::DELETE, SESSIONS, None).await;

    assert_eq!(ended.json()["data"], json!({ "ended": 2 }));
    for (actor, status) in [(&one, 401), (&other, 401), (&desk, 200), (&bob, 200)] {
        assert_eq!(actor.get(ME).await.status.as_u16(), status, "{}", actor.session);
    }
}

#[rstest]
#[case(Method::GET, ME)]
#[case(Method::DELETE, ME)]
#[case(Method::GET, "/api/v1/auth/me/export")]
#[case(Method::GET, SESSIONS)]
#[case(Method::DELETE, SESSIONS)]
#[case(Method::DELETE, "/api/v1/auth/sessions/00000000-0000-7000-8000-000000000000")]
#[tokio::test]
async fn nobody_is_told_anything_without_a_token(#[case] method: Method, #[case] path: &str) {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;

    let by_cookie = Sent::from(Some(ORIGIN)).cookie(&ann.refresh_token);
    for sent in [Sent::default(), by_cookie] {
        let answer = send(&bundle, method.clone(), path, sent).await;
        assert_eq!(verdict(&answer), (401, "UNAUTHORIZED".to_owned()));
    }
    assert_eq!(ann.get(ME).await.status, 200);
}
