//! The first sign-in, the next one, and those that come to nothing.

use futures_util::future::join_all;
use rstest::rstest;
use standin::{BadToken, Fault, Service};

use super::*;

fn ann() -> User {
    User::with_email("ann@example.com")
}

#[tokio::test]
async fn a_program_signs_in_and_finds_its_user_its_money_and_its_session() {
    let bundle = bundle().await;

    let answer = google(&bundle, ann(), None).await;

    assert_eq!(answer.status, 200, "{}", answer.json());
    let data = &answer.json()["data"];
    assert_eq!(
        (&data["token_type"], &data["expires_in"]),
        (&json!("Bearer"), &json!(900))
    );
    assert_eq!(data["refresh_token"].as_str().map(str::len), Some(43));
    assert_eq!(data["refresh_until"], "2024-03-08T12:02:00Z");
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(answer.header("cache-control"), "no-store");
    let token = data["access_token"].as_str().unwrap();
    let me = send(&bundle, Method::GET, ME, Sent::default().bearer(token))
        .await
        .json()["data"]
        .clone();
    let expected = json!({
        "id": data["user"]["id"], "email": "ann@example.com", "name": "Ann", "tier": "free", "role": "user",
        "session_id": data["session_id"],
        "created_at": "2024-03-01T12:02:00Z", "signed_in_at": "2024-03-01T12:02:00Z",
    });
    assert_eq!(me, expected);
    assert_eq!(
        bundle
            .rows("SELECT kind, amount, free_cash_after, free_cash FROM portfolio_entries JOIN portfolios USING (user_id)")
            .await,
        ["(opening,10000.00000000,10000.00000000,10000.00000000)"]
    );
    assert_eq!(
        events(&bundle).await,
        [r#"(signed_in,user,"{""transport"": ""body""}")"#]
    );
}

#[tokio::test]
async fn a_browser_gets_the_refresh_token_where_no_script_can_read_it() {
    let bundle = bundle().await;

    let answer = google(&bundle, ann(), Some(ORIGIN)).await;

    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["data"]["refresh_token"], Value::Null);
    assert_eq!(
        answer.header("set-cookie"),
        format!(
            "automoney_refresh={}; HttpOnly; SameSite=Lax; Secure; Path=/api/v1/auth; Max-Age=604800",
            cookie_of(&answer)
        )
    );
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
}

#[tokio::test]
async fn an_account_is_one_user_whatever_its_address_and_keeps_plan_and_role() {
    let bundle = bundle().await;
    let first = google(&bundle, ann(), None).await;
    let client = bundle.database().client().await;
    client
        .batch_execute("UPDATE users SET tier = 'pro', role = 'admin'")
        .await
        .unwrap();
    bundle.advance(seconds(3600));
    let renamed = User {
        email: "ann@elsewhere.example".to_owned(),
        ..ann()
    };
    let stranger = User {
        sub: "1".to_owned(),
        ..ann()
    };

    let second = google(&bundle, renamed, None).await;
    let other = google(&bundle, stranger, None).await;

    let id = |answer: &Answer| text(answer, "/data/user/id");
    assert_eq!(id(&first), id(&second));
    assert_eq!(second.json()["data"]["user"]["email"], "ann@elsewhere.example");
    assert_eq!(second.json()["data"]["user"]["tier"], "pro");
    assert_eq!(second.json()["data"]["user"]["role"], "admin");
    assert_ne!(id(&first), id(&other), "an address names nobody");
    assert_eq!(count(&bundle, "portfolio_entries").await, 2);
    assert_eq!(count(&bundle, "sessions").await, 3);
}

#[tokio::test]
async fn of_eight_first_sign_ins_at_once_one_makes_the_user() {
    let bundle = bundle().await;

    let answers = join_all((0..8).map(|_| google(&bundle, ann(), None))).await;

    let mut ids: Vec<String> = answers
        .iter()
        .map(|answer| text(answer, "/data/user/id"))
        .collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    for (table, rows) in [
        ("users", 1),
        ("portfolios", 1),
        ("portfolio_entries", 1),
        ("sessions", 8),
    ] {
        assert_eq!(count(&bundle, table).await, rows, "{table}");
    }
}

#[rstest]
#[case(json!({}), "missing field")]
#[case(json!({"code": "c", "code_verifier": VERIFIER, "redirect_uri": SIGN_IN_PAGE, "nonce": NONCE, "state": "s"}), "unknown field")]
#[case(json!({"code": "", "code_verifier": VERIFIER, "redirect_uri": SIGN_IN_PAGE, "nonce": NONCE}), "`code`")]
#[case(json!({"code": "c", "code_verifier": "short", "redirect_uri": SIGN_IN_PAGE, "nonce": NONCE}), "`code_verifier`")]
#[case(json!({"code": "c", "code_verifier": VERIFIER, "redirect_uri": "https://evil.example/", "nonce": NONCE}), "`redirect_uri`")]
#[case(json!({"code": "c", "code_verifier": VERIFIER, "redirect_uri": SIGN_IN_PAGE, "nonce": ""}), "`nonce`")]
#[tokio::test]
async fn what_cannot_be_a_sign_in_is_refused_before_google_is_asked(
    #[case] body: Value,
    #[case] named: &str,
) {
    let bundle = bundle().await;

    let answer = post(&bundle, "/api/v1/auth/google", Sent::default().body(&body)).await;

    assert_eq!(verdict(&answer), (400, "VALIDATION_ERROR".to_owned()));
    assert!(answer.refusal().1.contains(named), "{:?}", answer.refusal());
    assert_eq!(bundle.upstream().take_requests(), Vec::<String>::new());
    assert_eq!(count(&bundle, "auth_events").await, 0);
}

#[rstest]
#[case(BadToken::BrokenSignature)]
#[case(BadToken::WrongNonce)]
#[case(BadToken::UnverifiedEmail)]
#[tokio::test]
async fn a_wrong_id_token_signs_nobody_in_and_is_written_down_without_a_name(#[case] bad: BadToken) {
    let bundle = bundle().await;
    bundle.upstream().order_id_token(bad);

    let answer = google(&bundle, ann(), None).await;

    assert_eq!(
        (answer.status.as_u16(), answer.refusal()),
        (
            401,
            (
                "UNAUTHORIZED".to_owned(),
                "Google's answer to this sign-in is not accepted; begin signing in anew.".to_owned()
            )
        )
    );
    for table in ["users", "sessions", "refresh_tokens", "portfolios"] {
        assert_eq!(count(&bundle, table).await, 0, "{table}");
    }
    let written = bundle
        .rows("SELECT user_id, session_id, kind, actor, detail ? 'check' FROM auth_events")
        .await;
    assert_eq!(written, ["(,,sign_in_refused,system,t)"]);
}

#[tokio::test]
async fn a_code_is_good_once() {
    let bundle = bundle().await;
    let body = sign_in_body(&code(&bundle, ann()));
    let sign_in = async || post(&bundle, "/api/v1/auth/google", Sent::default().body(&body)).await;

    assert_eq!(sign_in().await.status, 200);
    assert_eq!(verdict(&sign_in().await), (401, "UNAUTHORIZED".to_owned()));
}

#[tokio::test]
async fn a_page_that_is_not_on_the_list_signs_nobody_in() {
    let bundle = bundle().await;

    let answer = google(&bundle, ann(), Some("https://evil.example")).await;

    assert_eq!(verdict(&answer), (403, "FORBIDDEN".to_owned()));
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(count(&bundle, "sessions").await, 0);
}

#[tokio::test]
async fn while_google_is_down_signing_in_is_503_and_the_code_stays_good() {
    let bundle = bundle().await;
    bundle
        .upstream()
        .fail(Service::Google, &Fault::Status(503, None), 20);
    let body = sign_in_body(&code(&bundle, ann()));
    let sign_in = async || post(&bundle, "/api/v1/auth/google", Sent::default().body(&body)).await;

    let down = sign_in().await;
    bundle.upstream().mend();
    let up = sign_in().await;

    assert_eq!(verdict(&down), (503, "SERVICE_UNAVAILABLE".to_owned()));
    assert_eq!(down.header("retry-after"), "5");
    assert_eq!(up.status, 200, "{}", up.json());
}

#[tokio::test]
async fn the_twenty_first_in_ten_minutes_is_refused_whichever_of_the_three_it_is() {
    let bundle = bundle().await;
    for _ in 0..10 {
        assert_eq!(post(&bundle, REFRESH, Sent::default()).await.status, 401);
        assert_eq!(post(&bundle, LOGOUT, Sent::default()).await.status, 401);
    }
    for path in [REFRESH, LOGOUT, "/api/v1/auth/google"] {
        let answer = post(&bundle, path, Sent::default()).await;
        assert_eq!(
            verdict(&answer),
            (429, "RATE_LIMIT_EXCEEDED".to_owned()),
            "{path}"
        );
        assert_eq!(answer.header("retry-after"), "30", "{path}");
    }
}
