//! Who asked for a pause: left alone until its end by everybody who shares the pauses, at once.

use std::sync::OnceLock;

use axum::http::StatusCode;
use futures_util::FutureExt;
use shared::sources::Journal;
use standin::Fault;

use super::*;

/// The way of one run; `pauses` are shared with others.
fn run(settings: SourcesSettings, pauses: &LocalPauses) -> Upstream {
    upstream(settings).with_pauses(Arc::new(pauses.clone()))
}

#[tokio::test]
async fn a_service_that_asked_for_a_pause_is_not_asked_before_its_end() {
    let standin = standin().await;
    standin.fail(Service::FearGreed, &Fault::Status(429, Some(30)), 1);
    let (clock, journal) = (Clock::fixed(now()), Journal::default());
    let upstream =
        upstream_with(settings_of(&standin), PATIENCE, clock.clone()).with_journal(journal.clone());
    let ask = async || Question::FearGreed.ask(&upstream).await;

    assert!(matches!(ask().await, Err(SourceError::NotBefore { .. })));
    standin.take_requests();
    journal.take_calls();
    clock.advance(SignedDuration::from_secs(29));
    let Err(SourceError::NotBefore { until, .. }) = ask().await else {
        panic!("asked too early")
    };
    assert_eq!(until, now() + SignedDuration::from_secs(30));
    assert_eq!(
        (standin.take_requests().len(), journal.take_calls().len()),
        (0, 0)
    );

    clock.advance(SignedDuration::from_secs(1));
    assert!(ask().await.is_ok());
}

#[tokio::test]
async fn a_pause_that_one_run_is_told_holds_for_another_that_is_under_way() {
    let standin = standin().await;
    let (pauses, journal) = (LocalPauses::default(), Journal::default());
    let other = run(settings_of(&standin), &pauses).with_journal(journal.clone());
    Question::FearGreed.ask(&other).await.unwrap();
    journal.take_calls();

    standin.fail(Service::FearGreed, &Fault::Status(429, Some(30)), 1);
    let told = run(settings_of(&standin), &pauses);
    Question::FearGreed.ask(&told).await.unwrap_err();
    standin.take_requests();

    let error = Question::FearGreed.ask(&other).await.unwrap_err();
    let (service, until) = (fear_greed::SERVICE, now() + SignedDuration::from_secs(30));
    assert_eq!(error, SourceError::NotBefore { service, until });
    assert_eq!(
        (standin.take_requests().len(), journal.take_calls().len()),
        (0, 0)
    );
}

#[tokio::test]
async fn a_pause_that_is_told_to_somebody_else_between_two_tries_ends_them() {
    let (pauses, base) = (LocalPauses::default(), Arc::new(OnceLock::<String>::new()));
    let until = now() + SignedDuration::from_secs(30);
    let server = Server::answering({
        let (pauses, base) = (pauses.clone(), base.clone());
        move |_| {
            // Meanwhile another call is told to wait.
            let told = pauses.ask(fred::SERVICE, base.get().unwrap(), until);
            assert!(told.now_or_never().is_some());
            StatusCode::BAD_GATEWAY.into_response()
        }
    })
    .await;
    base.set(server.base.clone()).unwrap();

    let error = Question::Fred
        .ask(&run(settings_at(&server.base), &pauses))
        .await
        .unwrap_err();

    let service = fred::SERVICE;
    assert_eq!(error, SourceError::NotBefore { service, until });
    assert_eq!(server.take_asked().len(), 1);
}

#[tokio::test]
async fn a_pause_is_of_one_service_at_one_address() {
    let pauses = LocalPauses::default();
    let (one, other) = (standin().await, standin().await);
    one.fail(Service::Fred, &Fault::Status(429, Some(30)), 1);

    Question::Fred
        .ask(&run(settings_of(&one), &pauses))
        .await
        .unwrap_err();

    for question in [Question::Glassnode, Question::FearGreed, Question::CoinGecko] {
        question.ask(&run(settings_of(&one), &pauses)).await.unwrap();
    }
    Question::Fred
        .ask(&run(settings_of(&other), &pauses))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_short_pause_does_not_end_a_long_one() {
    let (pauses, base) = (LocalPauses::default(), "https://api.example.com/");
    let (soon, late) = (at("2026-03-01T12:03:00Z"), at("2026-03-01T14:00:00Z"));

    assert!(pauses.ask(fred::SERVICE, base, late).await, "nobody knew of it");
    assert!(!pauses.ask(fred::SERVICE, base, late).await, "known already");
    assert!(!pauses.ask(fred::SERVICE, base, soon).await, "the long one stays");

    assert_eq!(pauses.until(fred::SERVICE, base, now()).await, Some(late));
    assert_eq!(pauses.until(fred::SERVICE, base, late).await, None, "it is over");
}

#[tokio::test]
async fn a_pause_ends_with_a_whole_second_so_that_calls_side_by_side_are_told_the_same() {
    let standin = standin().await;
    standin.fail(Service::FearGreed, &Fault::Status(429, Some(30)), 1);
    let clock = Clock::fixed(at("2026-03-01T12:02:00.25Z"));
    let upstream = upstream_with(settings_of(&standin), PATIENCE, clock);

    let error = Question::FearGreed.ask(&upstream).await.unwrap_err();

    let (service, until) = (fear_greed::SERVICE, at("2026-03-01T12:02:31Z"));
    assert_eq!(error, SourceError::NotBefore { service, until });
}
