//! How keys and addresses are kept: as long as Google says, asked for once by all who need them.

use futures_util::future::join_all;
use shared::sources::google::Refusal;
use standin::BadToken;

use super::*;

#[tokio::test]
async fn keys_are_asked_for_again_when_they_are_too_old_and_not_before() {
    let provider = Provider::start().await;
    provider
        .standin
        .google()
        .set_cache_control("public, max-age=1200");
    provider.sign_in().await.unwrap();
    assert_eq!(provider.asked(), [DISCOVERY, KEYS, TOKEN]);

    provider.advance(SignedDuration::from_secs(1199));
    provider.sign_in().await.unwrap();
    assert_eq!(provider.asked(), [TOKEN]);

    provider.advance(SignedDuration::from_secs(1));
    provider.sign_in().await.unwrap();
    assert_eq!(provider.asked(), [DISCOVERY, KEYS, TOKEN]);
}

#[tokio::test]
async fn keys_are_kept_for_minutes_whatever_google_says_and_for_a_day_at_most() {
    for (told, kept) in [
        ("no-store", SignedDuration::from_mins(5)),
        ("max-age=31536000", SignedDuration::from_hours(24)),
    ] {
        let provider = Provider::start().await;
        provider.standin.google().set_cache_control(told);
        provider.sign_in().await.unwrap();
        provider.asked();

        provider.advance(kept - SignedDuration::from_secs(1));
        provider.sign_in().await.unwrap();
        assert_eq!(provider.asked(), [TOKEN], "{told}");

        provider.advance(SignedDuration::from_secs(1));
        provider.sign_in().await.unwrap();
        assert_eq!(provider.asked(), [DISCOVERY, KEYS, TOKEN], "{told}");
    }
}

#[tokio::test]
async fn a_rotation_costs_one_more_question_and_no_sign_in() {
    let provider = Provider::start().await;
    provider.sign_in().await.unwrap();
    provider.asked();

    provider.standin.google().rotate_keys();
    provider.sign_in().await.unwrap();
    assert_eq!(provider.asked(), [TOKEN, KEYS]);

    provider.sign_in().await.unwrap();
    assert_eq!(provider.asked(), [TOKEN]);
}

#[tokio::test]
async fn unknown_keys_are_asked_about_once_in_half_a_minute() {
    let provider = Provider::start().await;
    provider.sign_in().await.unwrap();
    provider.asked();
    let unknown = async || {
        provider.standin.order_id_token(BadToken::UnknownKey);
        let outcome = provider.sign_in().await;
        assert_eq!(outcome, Err(GoogleError::Refused(Refusal::UnknownKey)));
        provider.asked()
    };

    assert_eq!(unknown().await, [TOKEN, KEYS]);
    assert_eq!(unknown().await, [TOKEN]);
    provider.advance(SignedDuration::from_secs(29));
    assert_eq!(unknown().await, [TOKEN]);
    provider.advance(SignedDuration::from_secs(1));
    assert_eq!(unknown().await, [TOKEN, KEYS]);
}

#[tokio::test]
async fn sign_ins_side_by_side_ask_for_keys_once() {
    let provider = Provider::start().await;

    let accounts = join_all((0..20).map(|_| provider.sign_in())).await;

    assert!(accounts.iter().all(Result::is_ok));
    let mut asked = provider.asked();
    asked.retain(|path| path != TOKEN);
    assert_eq!(asked, [DISCOVERY, KEYS]);

    // The same when all of them meet a new key.
    provider.standin.google().rotate_keys();
    let accounts = join_all((0..20).map(|_| provider.sign_in())).await;
    assert!(accounts.iter().all(Result::is_ok));
    let mut asked = provider.asked();
    asked.retain(|path| path != TOKEN);
    assert_eq!(asked, [KEYS]);
}

#[tokio::test]
async fn who_waits_while_asking_fails_shares_the_failure() {
    let provider = Provider::start().await;
    provider
        .standin
        .fail(Service::Google, &Fault::Status(503, None), 1000);

    let outcomes = join_all((0..20).map(|_| provider.sign_in())).await;

    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Err(GoogleError::Unavailable(_))))
    );
    assert_eq!(provider.asked(), [DISCOVERY, DISCOVERY]);

    provider.standin.mend();
    assert!(provider.sign_in().await.is_ok());
}

#[tokio::test]
async fn keys_that_cannot_be_renewed_keep_their_place_for_the_tokens_they_sign() {
    let provider = Provider::start().await;
    provider.sign_in().await.unwrap();
    provider.standin.order_id_token(BadToken::UnknownKey);
    let down = Fault::Status(503, None);
    provider.standin.fail_after(Service::Google, 1, &down, 2);

    let outcome = provider.sign_in().await;

    assert!(matches!(outcome, Err(GoogleError::Unavailable(_))), "{outcome:?}");
    provider.asked();
    provider.sign_in().await.unwrap();
    assert_eq!(provider.asked(), [TOKEN]);
}
