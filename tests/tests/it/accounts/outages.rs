//! Redis or the database is gone: what still works, what does not, and that nobody is signed out by it.

use super::*;

#[tokio::test]
async fn without_redis_nobody_signs_in_and_whoever_is_in_stays_in() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    bundle.redis().refuse();

    let sign_in = google(&bundle, User::with_email("bob@example.com"), None).await;
    assert_eq!(verdict(&sign_in), (503, "SERVICE_UNAVAILABLE".to_owned()));
    assert_eq!(sign_in.header("retry-after"), "5");
    assert_eq!(count(&bundle, "users").await, 1);

    let refreshed = post(&bundle, REFRESH, Sent::default().token(&ann.refresh_token)).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.json());
    assert_eq!(refreshed.header("x-ratelimit-limit"), "20");
    assert_eq!(refreshed.header("x-ratelimit-remaining"), "19", "counted here");
    assert_eq!(ann.get(ME).await.status, 200);
    for left in (0..19).rev() {
        let answer = post(&bundle, REFRESH, Sent::default()).await;
        assert_eq!(answer.header("x-ratelimit-remaining"), left.to_string());
    }
    assert_eq!(post(&bundle, REFRESH, Sent::default()).await.status, 429);

    bundle.redis().pass();
    let back = google(&bundle, User::with_email("bob@example.com"), None).await;
    assert_eq!(back.status, 200);
}

#[tokio::test]
async fn without_redis_a_session_ends_and_its_access_token_runs_out_by_itself() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    bundle.redis().refuse();

    let logged_out = post(&bundle, LOGOUT, Sent::default().token(&ann.refresh_token)).await;

    assert_eq!(logged_out.json()["data"]["ended"], true);
    let refreshed = post(&bundle, REFRESH, Sent::default().token(&ann.refresh_token)).await;
    assert_eq!(refreshed.status, 401, "the session is over at once");
    bundle.redis().pass();
    assert_eq!(ann.get(ME).await.status, 200, "the mark was missed");
    bundle.advance(SignedDuration::from_mins(15));
    assert_eq!(ann.get(ME).await.status, 401);
}

#[tokio::test]
async fn a_missed_mark_is_made_up_for_by_logging_out_again() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    let log_out = async || post(&bundle, LOGOUT, Sent::default().token(&ann.refresh_token)).await;
    bundle.redis().refuse();
    log_out().await;
    bundle.redis().pass();
    assert_eq!(ann.get(ME).await.status, 200);

    let again = log_out().await;

    assert_eq!(again.json()["data"]["ended"], false);
    assert_eq!(ann.get(ME).await.status, 401);
}

#[tokio::test]
async fn a_missed_mark_is_made_up_for_by_ending_sessions_again() {
    let bundle = bundle().await;
    let (phone, tablet) = (bundle.sign_up("ann").await, bundle.sign_up("ann").await);
    let desk = bundle.sign_up("ann").await;
    let end_one = async || {
        let path = format!("{SESSIONS}/{}", phone.session);
        desk.ask(Method::DELETE, &path, None).await.status.as_u16()
    };
    let end_others = async || desk.ask(Method::DELETE, SESSIONS, None).await.json()["data"]["ended"].clone();
    bundle.redis().refuse();
    assert_eq!((end_one().await, end_others().await), (200, json!(1)));
    bundle.redis().pass();
    assert_eq!(
        (phone.get(ME).await.status, tablet.get(ME).await.status.as_u16()),
        (reqwest::StatusCode::OK, 200)
    );

    assert_eq!(end_one().await, 404, "it has ended");
    assert_eq!(phone.get(ME).await.status, 401);
    assert_eq!(end_others().await, json!(0));
    assert_eq!(tablet.get(ME).await.status, 401);
    assert_eq!(desk.get(ME).await.status, 200);
}

#[tokio::test]
async fn without_the_database_nothing_is_refused_for_good_and_nobody_is_signed_out() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    bundle.postgres().refuse();

    let refresh = post(&bundle, REFRESH, Sent::default().token(&ann.refresh_token)).await;
    let me = ann.get(ME).await;
    let sign_in = google(&bundle, User::with_email("ann@example.com"), None).await;

    for answer in [&refresh, &me, &sign_in] {
        assert_eq!(verdict(answer), (503, "SERVICE_UNAVAILABLE".to_owned()));
        assert_eq!(answer.header("retry-after"), "10");
    }
    bundle.postgres().pass();
    let refreshed = post(&bundle, REFRESH, Sent::default().token(&ann.refresh_token)).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.json());
}
