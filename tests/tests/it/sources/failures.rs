//! Each way to fail, for each service: how it is classified, how often it is tried, what is noted.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use futures_util::{StreamExt, stream};
use jiff::SignedDuration;
use rstest::rstest;
use shared::sources::{Call, Journal};
use standin::Fault;

use super::*;

/// Long enough for a connection on this machine, short enough to wait for three times.
const SHORT: Duration = Duration::from_millis(300);

/// What a failure must be taken for.
#[derive(Debug, Clone, Copy)]
enum Taken {
    /// A pause of so many seconds.
    Pause(i64),
    Refusal,
    Down,
    Unreadable,
}

impl Taken {
    fn check(self, question: Question, error: &SourceError) {
        let service = match (self, error) {
            (Self::Pause(seconds), SourceError::NotBefore { service, until }) => {
                assert_eq!(*until, now() + SignedDuration::from_secs(seconds));
                service
            }
            (Self::Refusal, SourceError::Configuration { service, .. })
            | (Self::Down, SourceError::Unavailable { service, .. })
            | (Self::Unreadable, SourceError::Broken { service, .. }) => service,
            _ => panic!("{question:?}: {error:?} is not {self:?}"),
        };
        assert_eq!(*service, question.name());
    }
}

fn check_calls(question: Question, calls: &[Call], expected: &[(CallStatus, Option<u16>)]) {
    let found: Vec<_> = calls.iter().map(|call| (call.status, call.http_status)).collect();
    assert_eq!(found, expected, "{question:?}");
    for call in calls {
        assert_eq!(
            (call.service, call.endpoint.as_str()),
            (question.name(), question.endpoint())
        );
        assert_eq!(call.at, now());
        assert_eq!(call.error.is_none(), call.status == CallStatus::Ok, "{call:?}");
        assert!(call.status == CallStatus::Ok || call.items == 0, "{call:?}");
        assert!(call.latency_ms >= 0);
    }
}

#[rstest]
#[case::asked_to_wait(
    Fault::Status(429, Some(30)),
    Taken::Pause(30),
    1,
    CallStatus::HttpError,
    Some(429)
)]
#[case::asked_to_wait_somehow(
    Fault::Status(429, None),
    Taken::Pause(60),
    1,
    CallStatus::HttpError,
    Some(429)
)]
#[case::asked_to_wait_no_time(
    Fault::Status(429, Some(0)),
    Taken::Pause(0),
    1,
    CallStatus::HttpError,
    Some(429)
)]
#[case::asked_to_wait_for_ever(
    Fault::Status(429, Some(1_000_000_000_000)), Taken::Pause(3 * 86_400), 1, CallStatus::HttpError, Some(429)
)]
#[case::banned(
    Fault::Status(418, Some(120)),
    Taken::Pause(120),
    1,
    CallStatus::HttpError,
    Some(418)
)]
#[case::banned_for_some_time(
    Fault::Status(418, None),
    Taken::Pause(60),
    1,
    CallStatus::HttpError,
    Some(418)
)]
#[case::wrong_region(Fault::Status(451, None), Taken::Refusal, 1, CallStatus::HttpError, Some(451))]
#[case::bad_key(Fault::Status(401, None), Taken::Refusal, 1, CallStatus::HttpError, Some(401))]
#[case::not_in_the_plan(Fault::Status(402, None), Taken::Refusal, 1, CallStatus::HttpError, Some(402))]
#[case::firewall(Fault::Status(403, None), Taken::Refusal, 1, CallStatus::HttpError, Some(403))]
#[case::bad_request(Fault::Status(400, None), Taken::Refusal, 1, CallStatus::HttpError, Some(400))]
#[case::unknown(Fault::Status(404, None), Taken::Refusal, 1, CallStatus::HttpError, Some(404))]
#[case::moved(Fault::Status(301, None), Taken::Refusal, 1, CallStatus::HttpError, Some(301))]
#[case::failed(Fault::Status(500, None), Taken::Down, 3, CallStatus::HttpError, Some(500))]
#[case::overloaded(Fault::Status(503, Some(5)), Taken::Down, 3, CallStatus::HttpError, Some(503))]
#[case::cut(Fault::Cut, Taken::Down, 3, CallStatus::Connection, Some(200))]
#[case::malformed(
    Fault::Body("[[1499040000000,"),
    Taken::Unreadable,
    1,
    CallStatus::Broken,
    Some(200)
)]
#[case::empty(Fault::Body(""), Taken::Unreadable, 1, CallStatus::Broken, Some(200))]
#[case::nothing(Fault::Body("null"), Taken::Unreadable, 1, CallStatus::Broken, Some(200))]
#[case::another_shape(
    Fault::Body(r#"{"result":[1]}"#),
    Taken::Unreadable,
    1,
    CallStatus::Broken,
    Some(200)
)]
#[case::a_page_for_people(Fault::Html, Taken::Unreadable, 1, CallStatus::Broken, Some(200))]
#[tokio::test]
async fn a_failure_is_told_by_what_to_do_about_it(
    #[values(
        Question::Candles,
        Question::LivePrice,
        Question::CoinGecko,
        Question::Glassnode,
        Question::BlockchainInfo,
        Question::Fred,
        Question::FearGreed
    )]
    question: Question,
    #[case] fault: Fault,
    #[case] taken: Taken,
    #[case] tries: usize,
    #[case] status: CallStatus,
    #[case] http_status: Option<u16>,
) {
    let standin = standin().await;
    standin.fail(question.service(), &fault, 10);
    let (journal, pauses) = (Journal::default(), LocalPauses::default());
    let upstream = upstream(settings_of(&standin))
        .with_journal(journal.clone())
        .with_pauses(Arc::new(pauses.clone()));

    let error = question.ask(&upstream).await.unwrap_err();

    taken.check(question, &error);
    assert_eq!(standin.take_requests().len(), tries);
    check_calls(
        question,
        &journal.take_calls(),
        &vec![(status, http_status); tries],
    );
    let base = base_of(&standin, question.service());
    let before = now() - SignedDuration::from_secs(1);
    let expected = match taken {
        Taken::Pause(seconds) => Some(now() + SignedDuration::from_secs(seconds)),
        _ => None,
    };
    assert_eq!(pauses.until(question.name(), &base, before).await, expected);
}

/// A list of things that are no rows of anything.
const ANOTHER_LIST: Fault = Fault::Body(r#"["a",2]"#);

#[rstest]
#[tokio::test]
async fn another_list_is_unreadable_where_an_answer_is_no_list(
    #[values(
        Question::LivePrice,
        Question::CoinGecko,
        Question::BlockchainInfo,
        Question::Fred,
        Question::FearGreed
    )]
    question: Question,
) {
    let standin = standin().await;
    standin.fail(question.service(), &ANOTHER_LIST, 10);
    let journal = Journal::default();
    let upstream = upstream(settings_of(&standin)).with_journal(journal.clone());

    let error = question.ask(&upstream).await.unwrap_err();

    Taken::Unreadable.check(question, &error);
    assert_eq!(standin.take_requests().len(), 1);
    check_calls(
        question,
        &journal.take_calls(),
        &[(CallStatus::Broken, Some(200))],
    );
}

#[rstest]
#[tokio::test]
async fn of_another_list_every_row_is_refused_where_an_answer_is_one(
    #[values(Question::Candles, Question::Glassnode)] question: Question,
) {
    let standin = standin().await;
    standin.fail(question.service(), &ANOTHER_LIST, 10);
    let upstream = upstream(settings_of(&standin));
    let reasons = |rejected: &[RejectedRow]| -> Vec<(Rejection, String)> {
        let rows = rejected.iter();
        rows.map(|row| (row.reason, row.payload.clone())).collect()
    };

    let (accepted, rejected) = if question == Question::Candles {
        let answer = binance::klines(&upstream, Asset::Btc, Timeframe::H4, days_ago(10), 100).await;
        let rows = answer.unwrap().value;
        (rows.accepted.len(), reasons(&rows.rejected))
    } else {
        let answer = glassnode::series(&upstream, Metric::Nvt, days_ago(10)).await;
        let rows = answer.unwrap().value;
        (rows.accepted.len(), reasons(&rows.rejected))
    };

    let expected = [r#""a""#, "2"].map(|row| (Rejection::Shape, row.to_owned()));
    assert_eq!((accepted, &rejected[..]), (0, &expected[..]));
}

#[rstest]
#[tokio::test]
async fn a_service_that_never_answers_is_given_up_after_three_tries(
    #[values(
        Question::Candles,
        Question::CoinGecko,
        Question::Glassnode,
        Question::BlockchainInfo,
        Question::Fred,
        Question::FearGreed
    )]
    question: Question,
) {
    let standin = standin().await;
    standin.fail(question.service(), &Fault::Hang, 10);
    let journal = Journal::default();
    let upstream =
        upstream_with(settings_of(&standin), SHORT, Clock::fixed(now())).with_journal(journal.clone());

    let error = question.ask(&upstream).await.unwrap_err();

    Taken::Down.check(question, &error);
    check_calls(question, &journal.take_calls(), &[(CallStatus::Timeout, None); 3]);
}

#[rstest]
#[tokio::test]
async fn nobody_at_the_address_is_a_connection_that_failed(
    #[values(
        Question::Candles,
        Question::CoinGecko,
        Question::Glassnode,
        Question::BlockchainInfo,
        Question::Fred,
        Question::FearGreed
    )]
    question: Question,
) {
    // Bound and not listening: connections are refused, and no one else can take the port.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    let journal = Journal::default();
    let upstream = upstream(settings_at(&format!("http://{address}/"))).with_journal(journal.clone());

    let error = question.ask(&upstream).await.unwrap_err();

    Taken::Down.check(question, &error);
    check_calls(
        question,
        &journal.take_calls(),
        &[(CallStatus::Connection, None); 3],
    );
}

#[rstest]
#[tokio::test]
async fn a_service_that_recovers_within_three_tries_has_answered(
    #[values(
        Question::Candles,
        Question::LivePrice,
        Question::CoinGecko,
        Question::Glassnode,
        Question::BlockchainInfo,
        Question::Fred,
        Question::FearGreed
    )]
    question: Question,
) {
    let standin = standin().await;
    standin.fail(question.service(), &Fault::Status(502, None), 1);
    standin.fail(question.service(), &Fault::Cut, 1);
    let journal = Journal::default();
    let upstream = upstream(settings_of(&standin)).with_journal(journal.clone());

    let fetched = question.ask(&upstream).await.unwrap();

    assert!(fetched.value > 0);
    let calls = journal.take_calls();
    let expected = [
        (CallStatus::HttpError, Some(502)),
        (CallStatus::Connection, Some(200)),
        (CallStatus::Ok, Some(200)),
    ];
    check_calls(question, &calls, &expected);
    assert!(calls[2].items >= fetched.value);
}

#[rstest]
#[tokio::test]
async fn a_list_without_items_is_an_answer(
    #[values(
        Question::Candles,
        Question::CoinGecko,
        Question::Glassnode,
        Question::BlockchainInfo,
        Question::Fred,
        Question::FearGreed
    )]
    question: Question,
) {
    let server = Server::saying(question.nothing()).await;
    let journal = Journal::default();

    let fetched = question
        .ask(&server.upstream().with_journal(journal.clone()))
        .await
        .unwrap();

    assert_eq!(fetched.value, 0);
    check_calls(question, &journal.take_calls(), &[(CallStatus::Ok, Some(200))]);
}

#[tokio::test]
async fn a_ban_counts_although_its_explanation_breaks_off() {
    let server = Server::answering(|_| {
        let cut = async {
            // The server sends what it has while it waits.
            tokio::task::yield_now().await;
            Err(std::io::Error::other("cut"))
        };
        let parts = stream::iter([Ok(Bytes::from_static(b"{\"code\":"))]).chain(stream::once(cut));
        (
            StatusCode::IM_A_TEAPOT,
            [("retry-after", "120")],
            Body::from_stream(parts),
        )
            .into_response()
    })
    .await;

    let error = Question::Candles.ask(&server.upstream()).await.unwrap_err();

    Taken::Pause(120).check(Question::Candles, &error);
    assert_eq!(server.take_asked().len(), 1);
}

#[tokio::test]
async fn a_pause_until_a_date_counts_as_one_of_unknown_length() {
    let server = Server::answering(|_| {
        (
            StatusCode::TOO_MANY_REQUESTS,
            [("retry-after", "Sun, 01 Mar 2026 13:00:00 GMT")],
            "",
        )
            .into_response()
    })
    .await;
    let error = Question::Fred.ask(&server.upstream()).await.unwrap_err();
    Taken::Pause(60).check(Question::Fred, &error);
}

#[tokio::test]
async fn fred_without_a_key_that_it_knows_says_so_at_once() {
    let standin = standin().await;
    let fred_api_key = Some(SecretString::from("not-a-key-of-fred"));
    let upstream = upstream(SourcesSettings {
        fred_api_key,
        ..settings_of(&standin)
    });
    let error = Question::Fred.ask(&upstream).await.unwrap_err();
    Taken::Refusal.check(Question::Fred, &error);
    assert!(error.to_string().contains("status 400"), "{error}");
    assert!(
        error.to_string().contains("api_key is not a 32 character"),
        "{error}"
    );
    assert_eq!(standin.take_requests().len(), 1);
}

#[rstest]
#[case::glassnode(Question::Glassnode)]
#[case::fred(Question::Fred)]
#[tokio::test]
async fn without_a_key_nobody_is_asked(#[case] question: Question) {
    let server = Server::saying("[]").await;
    let settings = SourcesSettings {
        glassnode_api_key: None,
        fred_api_key: None,
        ..settings_at(&server.base)
    };
    Taken::Refusal.check(question, &question.ask(&upstream(settings)).await.unwrap_err());
    assert!(server.take_asked().is_empty());
}

#[tokio::test]
async fn a_process_that_declared_no_sources_asks_nobody() {
    let upstream = Upstream::new(None, RetryPolicy::default(), Clock::fixed(now())).unwrap();
    for question in [
        Question::Candles,
        Question::CoinGecko,
        Question::Glassnode,
        Question::Fred,
        Question::FearGreed,
    ] {
        assert!(
            matches!(
                question.ask(&upstream).await,
                Err(SourceError::Configuration { .. })
            ),
            "{question:?}"
        );
    }
    assert!(upstream.addresses().is_empty());
}

#[tokio::test]
async fn only_the_beginning_of_an_explanation_is_kept_and_on_one_line() {
    let server = Server::answering(|_| {
        (
            StatusCode::FORBIDDEN,
            format!("no\n\u{1b}[31m{}", "x".repeat(5000)),
        )
            .into_response()
    })
    .await;
    let error = Question::BlockchainInfo
        .ask(&server.upstream())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.len() < 400 && error.contains("xxx") && !error.contains(char::is_control),
        "{error}"
    );
}

#[tokio::test]
async fn an_unreadable_answer_is_not_repeated_at_length() {
    let server = Server::saying(format!("\"{}\"", "x".repeat(5000))).await;
    let error = Question::Candles.ask(&server.upstream()).await.unwrap_err();
    Taken::Unreadable.check(Question::Candles, &error);
    assert!(error.to_string().len() < 400, "{error}");
}
