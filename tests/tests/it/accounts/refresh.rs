//! Refresh tokens: replaced, replayed, raced for, run out.

use futures_util::future::join_all;
use jiff::Timestamp;
use rstest::rstest;
use shared::cache::Key;
use shared::domain::sessions::RefreshToken;
use shared::services::auth::{self, AuthError};

use super::*;

async fn refresh(bundle: &Bundle, token: &str) -> Answer {
    post(bundle, REFRESH, Sent::default().token(token)).await
}

#[tokio::test]
async fn a_token_is_replaced_and_the_session_goes_on() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    bundle.advance(SignedDuration::from_hours(1));

    let answer = refresh(&bundle, &ann.refresh_token).await;

    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_ne!(text(&answer, "/data/refresh_token"), ann.refresh_token);
    assert_eq!(text(&answer, "/data/session_id"), ann.session.to_string());
    assert_eq!(text(&answer, "/data/refresh_until"), "2024-03-08T13:02:00Z");
    let token = text(&answer, "/data/access_token");
    assert_eq!(
        send(&bundle, Method::GET, ME, Sent::default().bearer(&token))
            .await
            .status,
        200
    );
    let kept = bundle
        .rows(
            "SELECT count(*), count(replaced_at), min(length(hash)), min(length(nonce)) FROM refresh_tokens",
        )
        .await;
    assert_eq!(kept, ["(2,1,32,32)"]);
}

#[tokio::test]
async fn ten_tabs_at_once_all_get_the_one_current_token_and_nobody_is_signed_out() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;

    // The token is held until two are at it: one that did not wait for the other would take it for the
    // current one still.
    let mut holder = bundle.database().client().await;
    let held = holder.transaction().await.unwrap();
    held.execute("SELECT 1 FROM refresh_tokens FOR UPDATE", &[])
        .await
        .unwrap();
    let watcher = bundle.database().client().await;
    let waiting = "SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let releasing = async {
        while watcher.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) < 2 {}
        held.rollback().await.unwrap();
    };
    let asking = join_all((0..10).map(|_| refresh(&bundle, &ann.refresh_token)));

    let (tabs, ()) = tokio::join!(asking, releasing);

    let mut tokens: Vec<String> = tabs.iter().map(|tab| text(tab, "/data/refresh_token")).collect();
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "one successor for all");
    for tab in &tabs {
        let token = text(tab, "/data/access_token");
        let me = send(&bundle, Method::GET, ME, Sent::default().bearer(&token)).await;
        assert_eq!(me.status, 200);
    }
    assert_eq!(count(&bundle, "refresh_tokens").await, 2);
    assert_eq!(count(&bundle, "sessions WHERE ended_at IS NULL").await, 1);
    bundle.advance(seconds(900));
    assert_eq!(refresh(&bundle, &tokens[0]).await.status, 200);
}

#[tokio::test]
async fn a_grandparent_gets_the_current_token_too_within_its_ten_seconds() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    let second = text(&refresh(&bundle, &ann.refresh_token).await, "/data/refresh_token");
    bundle.advance(seconds(4));
    let third = text(&refresh(&bundle, &second).await, "/data/refresh_token");
    bundle.advance(seconds(6));

    let replayed = refresh(&bundle, &ann.refresh_token).await;

    assert_eq!(text(&replayed, "/data/refresh_token"), third);
    assert_eq!(count(&bundle, "refresh_tokens").await, 3);
}

#[tokio::test]
async fn a_parent_that_comes_back_later_ends_the_session_for_everybody_at_once() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    let other = bundle.sign_up("ann").await;
    let current = refresh(&bundle, &ann.refresh_token).await;
    bundle.advance(seconds(10) + SignedDuration::from_micros(1));

    let replayed = refresh(&bundle, &ann.refresh_token).await;

    let (code, message) = replayed.refusal();
    assert_eq!((replayed.status.as_u16(), code.as_str()), (401, "UNAUTHORIZED"));
    assert!(message.contains("was used before"), "{message}");
    let access = text(&current, "/data/access_token");
    for token in [&ann.token, &access] {
        let me = send(&bundle, Method::GET, ME, Sent::default().bearer(token)).await;
        assert_eq!(me.status, 401, "an access token of the session");
        assert_eq!(me.refusal().1, "This session has ended; sign in again.");
    }
    let newest = text(&current, "/data/refresh_token");
    assert_eq!(refresh(&bundle, &newest).await.status, 401, "its refresh token");
    assert_eq!(other.get(ME).await.status, 200, "another session of the user");
    let ended = bundle
        .rows("SELECT end_reason FROM sessions WHERE ended_at IS NOT NULL")
        .await;
    assert_eq!(ended, ["(reuse)"]);
    assert!(
        events(&bundle)
            .await
            .contains(&"(reuse_detected,system,{})".to_owned())
    );
}

#[tokio::test]
async fn a_session_is_over_a_week_after_its_last_use() {
    let bundle = bundle().await;
    let mut ann = bundle.sign_up("ann").await;
    let week = SignedDuration::from_hours(7 * 24);
    bundle.advance(week - seconds(1));
    ann.renew().await;

    bundle.advance(week);

    let answer = refresh(&bundle, &ann.refresh_token).await;
    assert_eq!(verdict(&answer), (401, "UNAUTHORIZED".to_owned()));
    assert_eq!(count(&bundle, "sessions WHERE ended_at IS NOT NULL").await, 0);
}

#[tokio::test]
async fn a_session_is_over_after_thirty_days_however_often_it_is_used() {
    let bundle = bundle().await;
    let mut ann = bundle.sign_up("ann").await;
    for _ in 0..29 {
        bundle.advance(SignedDuration::from_hours(24));
        ann.renew().await;
    }
    bundle.advance(SignedDuration::from_hours(24) - seconds(1));
    let last = refresh(&bundle, &ann.refresh_token).await;
    assert_eq!(text(&last, "/data/refresh_until"), "2024-03-31T12:02:00Z");

    bundle.advance(seconds(1));

    let newest = text(&last, "/data/refresh_token");
    assert_eq!(refresh(&bundle, &newest).await.status, 401);
}

#[rstest]
#[case::unknown("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 401)]
#[case::no_token("ann", 401)]
#[case::empty("", 401)]
#[tokio::test]
async fn what_is_no_token_of_ours_is_refused(#[case] token: &str, #[case] status: u16) {
    let bundle = bundle().await;

    let answer = refresh(&bundle, token).await;

    assert_eq!(answer.status.as_u16(), status);
    assert_eq!(
        answer.refusal().1,
        "This refresh token is of no session that lives; sign in again."
    );
}

#[tokio::test]
async fn plan_and_role_of_now_are_in_the_next_access_token() {
    let bundle = bundle().await;
    let mut ann = bundle.sign_up("ann").await;
    let limit = async |token: &str| {
        let scores = send(
            &bundle,
            Method::GET,
            "/api/v1/agents/scores",
            Sent::default().bearer(token),
        )
        .await;
        scores.header("x-ratelimit-limit").to_owned()
    };
    let client = bundle.database().client().await;
    client
        .batch_execute("UPDATE users SET tier = 'enterprise'")
        .await
        .unwrap();

    assert_eq!(limit(&ann.token).await, "60");
    ann.renew().await;
    assert_eq!(limit(&ann.token).await, "3000");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the mark's time to live is seen by nobody but Redis"
)]
#[tokio::test]
async fn the_mark_of_an_ended_session_is_gone_after_the_life_of_an_access_token() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    assert_eq!(ann.ask(Method::POST, LOGOUT, None).await.status, 200);

    let key = Key::Denied(ann.session);

    assert!(bundle.app().cache.get(&key).await.unwrap().is_some());
    let url = shared::config::Environment::process();
    let client = redis::Client::open(url.get("REDIS_URL").unwrap()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let namespace = &bundle.app().config.cache.as_ref().unwrap().namespace;
    let left: i64 = redis::cmd("TTL")
        .arg(format!("{namespace}:{key}"))
        .query_async(&mut connection)
        .await
        .unwrap();
    assert!((880..=900).contains(&left), "{left}");
}

/// A small generator of numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % bound
    }
}

/// What a session must do, written the simple way: all tokens in order, and when each was replaced.
struct Model {
    tokens: Vec<RefreshToken>,
    replaced_at: Vec<Timestamp>,
    used_at: Timestamp,
    began_at: Timestamp,
    has_ended: bool,
}

#[rstest]
#[case(1)]
#[case(2)]
#[case(3)]
#[tokio::test]
async fn whatever_is_presented_when_the_session_does_what_the_model_says(#[case] seed: u64) {
    let bundle = bundle().await;
    let mut numbers = Numbers(seed);
    let mut rotations = 0;
    for _ in 0..6 {
        let ann = bundle.sign_up("ann").await;
        let mut model = Model {
            tokens: vec![RefreshToken::parse(&ann.refresh_token).unwrap()],
            replaced_at: Vec::new(),
            used_at: bundle.now(),
            began_at: bundle.now(),
            has_ended: false,
        };
        for _ in 0..25 {
            let pause = match numbers.below(20) {
                0 => SignedDuration::from_hours(i64::try_from(numbers.below(9 * 24)).unwrap()),
                1..=3 => SignedDuration::from_secs(11),
                _ => SignedDuration::from_millis(i64::try_from(numbers.below(4_000)).unwrap()),
            };
            bundle.advance(pause);
            let current = model.tokens.len() - 1;
            let back = usize::try_from(numbers.below(4)).unwrap();
            let presented = if numbers.below(2) == 0 {
                current
            } else {
                current.saturating_sub(back)
            };
            let (now, is_current) = (bundle.now(), presented == current);
            let is_over = now.duration_since(model.used_at) >= SignedDuration::from_hours(7 * 24)
                || now.duration_since(model.began_at) >= SignedDuration::from_hours(30 * 24);
            let is_late = !is_current
                && now.duration_since(model.replaced_at[presented]) > SignedDuration::from_secs(10);

            let outcome = auth::refresh(bundle.app(), &model.tokens[presented], Transport::Body).await;

            let shown = format!("seed {seed}: {presented} of {current}, {outcome:?}");
            match outcome {
                _ if model.has_ended || is_over => {
                    assert!(matches!(outcome, Err(AuthError::NoSession)), "{shown}");
                }
                Ok(granted) if is_current => {
                    assert!(!model.tokens.contains(&granted.refresh_token), "{shown}");
                    model.tokens.push(granted.refresh_token);
                    model.replaced_at.push(now);
                    model.used_at = now;
                    rotations += 1;
                }
                Ok(granted) => {
                    assert!(!is_late, "{shown}");
                    assert_eq!(granted.refresh_token, model.tokens[current], "{shown}");
                }
                Err(AuthError::Reused) => {
                    assert!(is_late, "{shown}");
                    model.has_ended = true;
                }
                Err(other) => panic!("{shown}: {other}"),
            }
        }
    }
    assert!(rotations > 20, "{rotations}");
}
