//! Failures that do not depend on who is asked: the wire, and what a provider says about asking again.

use jiff::SignedDuration;
use rstest::rstest;

use super::server::{Reply, Server};
use super::*;
use ModelErrorKind as Kind;

const BOTH: [Provider; 2] = Provider::ALL;

#[tokio::test]
async fn nobody_listens() {
    for provider in BOTH {
        let server = Server::nobody().await;
        assert_failed(
            &ask(&server, provider).await,
            Kind::Connection,
            "retry",
            Some(Usage::NONE),
        );
    }
}

#[tokio::test]
async fn no_answer_in_time_may_have_been_billed() {
    for provider in BOTH {
        let server = Server::with(Reply::Hangs).await;
        let providers = Providers::new(Some(&settings_at(server.base()))).unwrap();
        let impatient = Question {
            patience: Duration::from_millis(50),
            ..question(provider)
        };
        let attempted = providers.ask(&impatient).await;
        assert_failed(&attempted, Kind::Timeout, "next rung", None);
        assert!(
            (50..5_000).contains(&attempted.latency_ms),
            "{}",
            attempted.latency_ms
        );
    }
}

#[tokio::test]
async fn a_connection_that_breaks_within_the_answer_may_have_been_billed() {
    for provider in BOTH {
        let server = Server::with(Reply::Breaks(200)).await;
        assert_failed(&ask(&server, provider).await, Kind::Connection, "retry", None);
    }
}

#[tokio::test]
async fn an_error_whose_text_does_not_arrive_is_still_that_error() {
    for provider in BOTH {
        let server = Server::with(Reply::Breaks(401)).await;
        assert_failed(
            &ask(&server, provider).await,
            Kind::Configuration,
            "next rung",
            Some(Usage::NONE),
        );
    }
}

#[rstest]
#[case::rate_limit_soon(429, &[("retry-after", "20")], "retry after 20")]
#[case::rate_limit_now(429, &[("retry-after", "0")], "retry after 0")]
#[case::rate_limit_in_parts(429, &[("retry-after", "1.5")], "retry after 1.5")]
#[case::rate_limit_late(429, &[("retry-after", "21")], "next rung")]
#[case::rate_limit_unreadable(429, &[("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")], "retry")]
#[case::rate_limit_negative(429, &[("retry-after", "-5")], "retry")]
#[case::overloaded_soon(529, &[("retry-after", "3")], "retry after 3")]
#[case::overloaded_late(503, &[("retry-after", "3600")], "next rung")]
#[case::told_not_to(529, &[("x-should-retry", "false")], "next rung")]
#[case::told_not_to_soon(429, &[("x-should-retry", "false"), ("retry-after", "1")], "next rung")]
#[case::told_to(400, &[("x-should-retry", "true")], "retry")]
#[case::told_to_late(429, &[("x-should-retry", "true"), ("retry-after", "21")], "retry after 21")]
#[case::told_nonsense(400, &[("x-should-retry", "maybe")], "next rung")]
#[case::told_to_without_money(402, &[("x-should-retry", "true")], "next rung")]
#[tokio::test]
async fn what_a_provider_says_about_asking_again_is_heard(
    #[case] status: u16,
    #[case] headers: &[(&'static str, &'static str)],
    #[case] then: &str,
) {
    for provider in BOTH {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let server = Server::with(Reply::Says(status, headers.collect(), String::new())).await;
        let attempted = ask(&server, provider).await;
        assert_eq!(next(attempted.answer.as_ref().unwrap_err()), then, "{provider}");
    }
}

#[test]
fn each_kind_says_whether_to_ask_again_and_whether_to_leave() {
    let asked_again = [
        Kind::Connection,
        Kind::RateLimited,
        Kind::Overloaded,
        Kind::ServerError,
    ];
    for kind in Kind::ALL {
        let mut error = ModelError::new(Provider::OpenAi, kind, "");
        assert_eq!(next(&error) == "retry", asked_again.contains(&kind), "{error}");
        let left = error.leaves_provider_for(&limits());
        let expected = match kind {
            Kind::Money => Some(SignedDuration::from_hours(6)),
            Kind::Configuration => Some(SignedDuration::from_mins(15)),
            _ => None,
        };
        assert_eq!(left, expected, "{error}");

        error.should_retry = Some(true);
        assert_eq!(next(&error) == "retry", kind != Kind::Money, "{error}");
        let stays = error.leaves_provider_for(&limits()).is_none();
        assert_eq!(stays, kind != Kind::Money, "{error}");

        error.should_retry = Some(false);
        assert_eq!(next(&error), "next rung", "{error}");
    }
}

#[test]
fn each_kind_has_its_own_word() {
    let mut words = Kind::ALL.map(Kind::as_str).to_vec();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Kind::ALL.len());
}

#[tokio::test]
async fn an_explanation_is_short_and_on_one_line() {
    for provider in BOTH {
        let server = Server::saying(400, &format!("first\nsecond\u{1b}{}", "x".repeat(5000))).await;
        let error = ask(&server, provider).await.answer.unwrap_err();
        assert!(error.reason.starts_with("status 400: first second x"), "{error}");
        assert_eq!(error.reason.chars().count(), 200);
    }
}

#[tokio::test]
async fn a_provider_without_a_key_is_not_asked() {
    let server = Server::saying(200, "{}").await;
    let settings = ModelsSettings {
        openai_api_key: None,
        ..settings_at(server.base())
    };
    let providers = Providers::new(Some(&settings)).unwrap();

    let attempted = providers.ask(&question(Provider::OpenAi)).await;

    assert_failed(&attempted, Kind::Configuration, "next rung", Some(Usage::NONE));
    assert!(server.take_asked().is_empty());
}

#[tokio::test]
async fn only_rungs_with_a_key_are_configured() {
    let server = Server::saying(200, "{}").await;
    let all = settings_at(server.base());
    let rungs = |settings: Option<&ModelsSettings>| -> Vec<Provider> {
        let models = Models::new(settings).unwrap();
        models
            .configured_rungs()
            .iter()
            .map(|rung| rung.provider)
            .collect()
    };
    let [claude, openai] = BOTH;
    assert_eq!(rungs(Some(&all)), [claude, openai, claude]);
    let without_openai = ModelsSettings {
        openai_api_key: None,
        ..all.clone()
    };
    assert_eq!(rungs(Some(&without_openai)), [claude, claude]);
    let without_claude = ModelsSettings {
        claude_api_key: None,
        ..all
    };
    assert_eq!(rungs(Some(&without_claude)), [openai]);
    assert!(rungs(None).is_empty());
}

#[tokio::test]
async fn a_long_answer_is_kept_in_part() {
    let long = format!(r#"{{"score": 1, "reasoning": "{}"}}"#, "涨".repeat(5000));
    let answer = serde_json::json!({"content": [{"type": "text", "text": long}], "stop_reason": "end_turn"});
    let server = Server::saying(200, &answer.to_string()).await;
    let answer = ask(&server, Provider::Anthropic).await.answer.unwrap();
    assert_eq!(answer.raw.chars().count(), 4_000);
    assert_eq!(answer.opinion.reasoning.chars().count(), 600);
}
