//! Binance's addresses, tried in order.

use rstest::rstest;
use shared::sources::Journal;
use standin::Fault;

use super::*;

/// Two stand-ins as first and second address.
struct Two {
    first: Standin,
    second: Standin,
    journal: Journal,
    upstream: Upstream,
}

async fn two() -> Two {
    let (first, second) = (standin().await, standin().await);
    let mut settings = settings_of(&first);
    settings
        .binance_base_urls
        .extend(settings_of(&second).binance_base_urls);
    let journal = Journal::default();
    let upstream = upstream(settings).with_journal(journal.clone());
    Two {
        first,
        second,
        journal,
        upstream,
    }
}

#[tokio::test]
async fn the_second_address_is_left_alone_while_the_first_answers() {
    let two = two().await;
    Question::Candles.ask(&two.upstream).await.unwrap();
    assert_eq!(
        (two.first.take_requests().len(), two.second.take_requests().len()),
        (1, 0)
    );
}

#[rstest]
#[case::wrong_region(Fault::Status(451, None), 1)]
#[case::firewall(Fault::Status(403, None), 1)]
#[case::too_fast(Fault::Status(429, Some(30)), 1)]
#[case::banned(Fault::Status(418, None), 1)]
#[case::down(Fault::Status(500, None), 3)]
#[case::overloaded(Fault::Status(503, None), 3)]
#[case::cut(Fault::Cut, 3)]
#[tokio::test]
async fn the_second_address_is_asked_when_the_first_does_not_serve(
    #[values(Question::Candles, Question::LivePrice)] question: Question,
    #[case] fault: Fault,
    #[case] tries: usize,
) {
    let two = two().await;
    two.first.fail(Service::Binance, &fault, 10);

    let fetched = question.ask(&two.upstream).await.unwrap();

    assert!(fetched.value > 0);
    assert_eq!(
        (two.first.take_requests().len(), two.second.take_requests().len()),
        (tries, 1)
    );
    let calls = two.journal.take_calls();
    assert_eq!(calls.len(), tries + 1);
    assert!(calls[..tries].iter().all(|call| call.status != CallStatus::Ok));
    assert_eq!(calls[tries].status, CallStatus::Ok);
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_not_asked_for_elsewhere() {
    let two = two().await;
    two.first.fail(Service::Binance, &Fault::Body("{}"), 1);
    let error = Question::Candles.ask(&two.upstream).await.unwrap_err();
    assert!(matches!(error, SourceError::Broken { .. }), "{error:?}");
    assert!(two.second.take_requests().is_empty());
}

#[tokio::test]
async fn a_pause_holds_for_the_address_that_asked_for_it() {
    let two = two().await;
    two.first.fail(Service::Binance, &Fault::Status(429, Some(30)), 1);
    Question::Candles.ask(&two.upstream).await.unwrap();
    two.first.take_requests();
    two.second.take_requests();

    Question::LivePrice.ask(&two.upstream).await.unwrap();

    assert_eq!(
        (two.first.take_requests().len(), two.second.take_requests().len()),
        (0, 1)
    );
}

#[tokio::test]
async fn the_last_failure_is_told_when_no_address_serves() {
    let two = two().await;
    two.first.fail(Service::Binance, &Fault::Status(503, None), 3);
    two.second.fail(Service::Binance, &Fault::Status(451, None), 1);
    let error = Question::Candles.ask(&two.upstream).await.unwrap_err();
    assert!(matches!(error, SourceError::Configuration { .. }), "{error:?}");
    assert_eq!(two.journal.take_calls().len(), 4);
}

#[rstest]
#[tokio::test]
async fn where_every_address_refuses_it_is_a_matter_of_configuration(
    #[values(Question::Candles, Question::LivePrice)] question: Question,
) {
    let two = two().await;
    for standin in [&two.first, &two.second] {
        standin.fail(Service::Binance, &Fault::Status(451, None), 10);
    }

    let error = question.ask(&two.upstream).await.unwrap_err();

    assert!(matches!(error, SourceError::Configuration { .. }), "{error:?}");
    assert!(error.to_string().contains("status 451"), "{error}");
    assert_eq!(
        (two.first.take_requests().len(), two.second.take_requests().len()),
        (1, 1),
        "a refusal is not tried again"
    );
}
