//! A ladder that nobody could climb is refused.

use std::time::Duration;

use jiff::SignedDuration;
use rstest::rstest;

use super::super::{Breaker, Ladder, Limits, Provider, Rung};

fn rung(model: &str) -> Rung {
    Rung {
        provider: Provider::Anthropic,
        model: model.to_owned(),
        max_output_tokens: 100,
        effort: None,
    }
}

fn limits() -> Limits {
    Limits {
        attempt: Duration::from_secs(10),
        agent: Duration::from_secs(30),
        run: Duration::from_secs(45),
        longest_retry_after: Duration::from_secs(20),
        retries_per_rung: 1,
        retry_pause: Duration::from_millis(500),
        breaker: Breaker {
            failures_to_open: 3,
            open_for: SignedDuration::from_secs(60),
            money: SignedDuration::from_hours(6),
            configuration: SignedDuration::from_mins(15),
        },
    }
}

#[test]
fn rungs_keep_their_order() {
    let ladder = Ladder::new(vec![rung("best"), rung("cheap")], limits()).unwrap();
    let models: Vec<&str> = ladder.rungs().iter().map(|rung| rung.model.as_str()).collect();
    assert_eq!(models, ["best", "cheap"]);
    assert_eq!(*ladder.limits(), limits());
}

#[rstest]
#[case::nobody(vec![], "no rung")]
#[case::twice(vec![rung("a"), rung("b"), rung("a")], "a is on the ladder twice")]
#[case::nameless(vec![rung(" ")], "no model")]
#[case::mute(vec![Rung { max_output_tokens: 0, ..rung("a") }], "no token")]
#[case::empty_effort(vec![Rung { effort: Some(String::new()), ..rung("a") }], "effort")]
fn rungs_that_make_no_sense_are_refused(#[case] rungs: Vec<Rung>, #[case] why: &str) {
    let error = Ladder::new(rungs, limits()).unwrap_err().to_string();
    assert!(error.contains(why), "{error}");
}

#[rstest]
#[case(Limits { attempt: Duration::ZERO, ..limits() })]
#[case(Limits { attempt: Duration::from_secs(31), ..limits() })]
#[case(Limits { agent: Duration::from_secs(46), ..limits() })]
#[case(Limits { longest_retry_after: Duration::from_secs(31), ..limits() })]
#[case(Limits { breaker: Breaker { failures_to_open: 0, ..limits().breaker }, ..limits() })]
fn limits_that_contradict_each_other_are_refused(#[case] limits: Limits) {
    assert!(Ladder::new(vec![rung("a")], limits).is_err());
}

#[test]
fn a_provider_is_written_as_the_database_has_it() {
    for provider in Provider::ALL {
        assert_eq!(
            serde_json::to_string(&provider).unwrap(),
            format!("{:?}", provider.as_str())
        );
    }
}
