//! What requests weigh at Binance: an address that is nearly used up is left alone until the next
//! minute, and its last answer is used all the same.

use axum::http::HeaderValue;
use rstest::rstest;
use shared::sources::Journal;
use standin::Fault;

use super::*;

/// When the minute of [`now`] ends.
const NEXT_MINUTE: &str = "2026-03-01T12:03:00Z";

/// Binance at one address.
struct One {
    standin: Standin,
    clock: Clock,
    journal: Journal,
    upstream: Upstream,
}

async fn one() -> One {
    let standin = standin().await;
    // The minute is not at its beginning.
    let clock = Clock::fixed(now() + SignedDuration::from_millis(31_500));
    let journal = Journal::default();
    let upstream =
        upstream_with(settings_of(&standin), PATIENCE, clock.clone()).with_journal(journal.clone());
    One {
        standin,
        clock,
        journal,
        upstream,
    }
}

impl One {
    async fn ask(&self) -> Result<Fetched<usize>, SourceError> {
        Question::LivePrice.ask(&self.upstream).await
    }

    async fn is_asked_again(&self) -> bool {
        self.standin.take_requests();
        self.journal.take_calls();
        let answer = self.ask().await;
        let calls = (
            self.standin.take_requests().len(),
            self.journal.take_calls().len(),
        );
        match answer {
            Ok(_) => {
                assert_eq!(calls, (1, 1));
                true
            }
            Err(error) => {
                let (service, until) = (binance::SERVICE, at(NEXT_MINUTE));
                assert_eq!(error, SourceError::NotBefore { service, until });
                assert_eq!(calls, (0, 0), "nobody is asked, and no call is noted");
                false
            }
        }
    }
}

#[rstest]
#[case::seventy_nine_per_cent(4740, true)]
#[case::just_below(4799, true)]
#[case::eighty_per_cent(4800, false)]
#[case::above_the_limit(6001, false)]
#[tokio::test]
async fn from_four_fifths_of_the_limit_on_an_address_is_left_alone(
    #[case] used: u64,
    #[case] expected: bool,
) {
    let one = one().await;
    one.standin.set_used_weight(Some(used));

    assert!(one.ask().await.is_ok(), "the answer itself is used");

    assert_eq!(one.is_asked_again().await, expected);
}

#[tokio::test]
async fn after_the_minute_it_is_asked_again() {
    let one = one().await;
    one.standin.set_used_weight(Some(4800));
    one.ask().await.unwrap();
    one.standin.set_used_weight(None);

    one.clock.advance(SignedDuration::from_millis(28_499));
    assert!(!one.is_asked_again().await, "a millisecond before its end");

    one.clock.advance(SignedDuration::from_millis(1));
    assert!(one.is_asked_again().await);
}

#[rstest]
#[case::refused(Fault::Status(400, None), 1)]
#[case::wrong_region(Fault::Status(451, None), 1)]
// Two tries more would be made of an address that is not nearly used up.
#[case::down(Fault::Status(503, None), 1)]
#[case::cut(Fault::Cut, 1)]
#[case::unreadable(Fault::Html, 1)]
#[tokio::test]
async fn an_answer_that_failed_tells_its_weight_too(#[case] fault: Fault, #[case] tries: usize) {
    let one = one().await;
    one.standin.set_used_weight(Some(4800));
    one.standin.fail(Service::Binance, &fault, 10);

    one.ask().await.unwrap_err();

    assert_eq!(one.standin.take_requests().len(), tries);
    one.standin.mend();
    assert!(!one.is_asked_again().await);
}

#[tokio::test]
async fn a_longer_pause_is_kept_beside_the_weight() {
    let one = one().await;
    one.standin.set_used_weight(Some(6000));
    one.standin
        .fail(Service::Binance, &Fault::Status(429, Some(120)), 1);
    one.ask().await.unwrap_err();

    one.clock.advance(SignedDuration::from_secs(119));
    let error = one.ask().await.unwrap_err();

    let (service, until) = (binance::SERVICE, at("2026-03-01T12:04:32Z"));
    assert_eq!(error, SourceError::NotBefore { service, until });
}

#[tokio::test]
async fn a_pause_shorter_than_the_minute_ends_with_it() {
    let one = one().await;
    one.standin.set_used_weight(Some(6000));
    one.standin
        .fail(Service::Binance, &Fault::Status(429, Some(1)), 1);
    one.ask().await.unwrap_err();
    one.clock.advance(SignedDuration::from_secs(20));
    assert!(!one.is_asked_again().await);
}

#[tokio::test]
async fn the_next_address_is_asked_meanwhile() {
    let (first, second) = (standin().await, standin().await);
    let mut settings = settings_of(&first);
    settings
        .binance_base_urls
        .extend(settings_of(&second).binance_base_urls);
    let upstream = upstream(settings);
    let asked = || (first.take_requests().len(), second.take_requests().len());
    first.set_used_weight(Some(4800));

    Question::Candles.ask(&upstream).await.unwrap();
    assert_eq!(asked(), (1, 0));
    Question::LivePrice.ask(&upstream).await.unwrap();
    assert_eq!(asked(), (0, 1));

    second.set_used_weight(Some(4800));
    Question::Candles.ask(&upstream).await.unwrap();
    let error = Question::Candles.ask(&upstream).await.unwrap_err();
    let (service, until) = (binance::SERVICE, at(NEXT_MINUTE));
    assert_eq!(error, SourceError::NotBefore { service, until });
    assert_eq!(asked(), (0, 1));
}

#[tokio::test]
async fn the_limit_is_a_matter_of_configuration() {
    let standin = standin().await;
    let upstream = upstream(SourcesSettings {
        binance_weight_per_minute: NonZeroU32::new(5).unwrap(),
        ..settings_of(&standin)
    });
    Question::Candles.ask(&upstream).await.unwrap();
    Question::Candles.ask(&upstream).await.unwrap();
    // Two requests of two weigh four of five.
    assert!(matches!(
        Question::Candles.ask(&upstream).await,
        Err(SourceError::NotBefore { .. })
    ));
}

/// A server that says of every answer what it weighs, in Binance's header.
async fn weighing(weight: &'static str, question: Question) -> Server {
    Server::answering(move |_| {
        let header = ("x-mbx-used-weight-1m", HeaderValue::from_static(weight));
        ([header], question.nothing()).into_response()
    })
    .await
}

#[rstest]
#[case::a_word("many")]
#[case::nothing("")]
#[case::negative("-6000")]
#[case::no_whole_number("6000.0")]
#[tokio::test]
async fn a_weight_that_cannot_be_read_means_nothing(#[case] weight: &'static str) {
    let server = weighing(weight, Question::Candles).await;
    let upstream = server.upstream();
    Question::Candles.ask(&upstream).await.unwrap();
    Question::Candles.ask(&upstream).await.unwrap();
    assert_eq!(server.take_asked().len(), 2);
}

#[rstest]
#[tokio::test]
async fn the_header_is_binances_alone(
    #[values(
        Question::CoinGecko,
        Question::Glassnode,
        Question::BlockchainInfo,
        Question::Fred,
        Question::FearGreed
    )]
    question: Question,
) {
    let server = weighing("6000", question).await;
    let upstream = server.upstream();
    question.ask(&upstream).await.unwrap();
    question.ask(&upstream).await.unwrap();
    assert_eq!(server.take_asked().len(), 2);
}

#[tokio::test]
async fn the_stand_in_counts_what_binance_would() {
    let clock = standin::Clock::fixed(now().as_millisecond());
    let options = Options {
        clock: clock.clone(),
        ..Options::default()
    };
    let standin = Standin::start(options).await.unwrap();
    let upstream = upstream(settings_of(&standin));
    assert_eq!(standin.peak_used_weight(), 0);
    for question in [Question::Candles, Question::LivePrice, Question::CoinGecko] {
        question.ask(&upstream).await.unwrap();
    }
    let time = format!("{}/api/v3/time", standin.base_url(Service::Binance));
    let client = shared::sources::http_client(PATIENCE).unwrap();
    let told = client.get(time).send().await.unwrap();
    assert_eq!(told.headers()["x-mbx-used-weight-1m"], "5");

    clock.set(now().as_millisecond() + 60_000);
    Question::Candles.ask(&upstream).await.unwrap();
    assert_eq!(standin.peak_used_weight(), 5, "of the busier minute");
}
