//! The data that the repository has, and what is said of data that cannot be used.

use std::error::Error as _;

use rstest::rstest;

use super::super::data::{ladder, prices};
use super::*;

#[test]
fn the_committed_ladder_goes_from_claude_to_openai_to_a_cheap_claude() {
    let ladder = committed_ladder().unwrap();
    let prices = committed_prices().unwrap();
    let providers: Vec<Provider> = ladder.rungs().iter().map(|rung| rung.provider).collect();
    assert_eq!(
        providers,
        [Provider::Anthropic, Provider::OpenAi, Provider::Anthropic]
    );
    let output = |rung: &Rung| {
        let found = prices.find(&rung.model);
        assert!(found.is_known, "{} has no price", rung.model);
        found.price.output
    };
    let [first, _, last] = ladder.rungs() else {
        panic!("three rungs")
    };
    assert!(output(last) < output(first));
}

#[test]
fn the_committed_limits_are_those_of_the_product() {
    let limits = limits();
    let seconds = Duration::from_secs;
    assert_eq!(
        (limits.attempt, limits.agent, limits.run),
        (seconds(10), seconds(30), seconds(45))
    );
    assert_eq!(limits.longest_retry_after, seconds(20));
    assert_eq!(limits.retries_per_rung, 1);
}

/// Source: UPSTREAMS, the prices.
#[rstest]
#[case("claude-haiku-5-5", "0.10", "0.50", "0.125", "0.01", true)]
#[case("claude-sonnet-5-5", "2", "10", "2.5", "0.10", false)]
#[case("claude-opus-5-5", "4", "20", "5", "0.20", false)]
#[case("claude-haiku-4-5", "1", "5", "1.25", "0.10", false)]
#[case("claude-sonnet-4-6", "3", "15", "3.75", "0.30", false)]
#[case("gpt-6-luna", "0.10", "0.50", "0.125", "0.01", false)]
#[case("gpt-6.1-terra", "1", "5", "1.25", "0.05", false)]
#[case("gpt-5.4-mini", "0.75", "4.5", "0.75", "0.075", false)]
#[case("gpt-4o-mini", "0.15", "0.60", "0.15", "0.075", false)]
fn the_committed_prices_are_the_published_ones(
    #[case] model: &str,
    #[case] input: &str,
    #[case] output: &str,
    #[case] write: &str,
    #[case] read: &str,
    #[case] is_dearer_when_long: bool,
) {
    let found = committed_prices().unwrap().find(model);
    assert!(found.is_known);
    let price = found.price;
    assert_eq!(
        [price.input, price.output, price.cache_write_5m, price.cache_read],
        [input, output, write, read].map(decimal)
    );
    let has_own_price = price.cache_write_5m != price.input;
    let of_an_hour = if has_own_price {
        price.input * Decimal::TWO
    } else {
        price.input
    };
    assert_eq!(price.cache_write_1h, of_an_hour);
    let rule = price.long_prompt.map(|rule| (rule.above_tokens, rule.factor));
    assert_eq!(rule, is_dearer_when_long.then_some((100_000, 5)));
}

#[test]
fn a_question_of_the_committed_ladder_costs_at_most_a_few_cents() {
    let prices = committed_prices().unwrap();
    for rung in committed_ladder().unwrap().rungs() {
        let worst = prices
            .find(&rung.model)
            .price
            .worst_case(6_000, rung.max_output_tokens.into());
        assert!(worst < decimal("0.06"), "{}: {worst}", rung.model);
    }
}

const LIMITS: &str = r"
[limits]
attempt_seconds = 10
agent_seconds = 30
run_seconds = 45
longest_retry_after_seconds = 20
retries_per_rung = 1
retry_pause_ms = 500
[limits.breaker]
failures_to_open = 3
open_seconds = 60
money_hours = 6
configuration_minutes = 15
";

#[rstest]
#[case::no_rungs("", "the ladder has no rung")]
#[case::stranger(
    "[[rung]]\nprovider = \"acme\"\nmodel = \"m\"\nmax_output_tokens = 1\n",
    "unknown variant `acme`"
)]
#[case::misspelt(
    "[[rung]]\nprovider = \"openai\"\nmodel = \"m\"\nmax_tokens = 1\n",
    "unknown field `max_tokens`"
)]
#[case::negative(
    "[[rung]]\nprovider = \"openai\"\nmodel = \"m\"\nmax_output_tokens = -1\n",
    "invalid value"
)]
#[case::broken("[[rung]\n", "TOML parse error")]
fn a_ladder_that_cannot_be_used_is_explained(#[case] rungs: &str, #[case] why: &str) {
    let error = ladder(&format!("{rungs}{LIMITS}")).unwrap_err();
    let text = format!("{error}: {}", error.source().unwrap());
    assert!(text.starts_with("ladder.toml") && text.contains(why), "{text}");
}

#[rstest]
#[case::float("input = 0.1\noutput = \"1\"\ncache_read = \"1\"", "expected a string")]
#[case::no_output("input = \"0.1\"\ncache_read = \"1\"", "missing field `output`")]
#[case::no_figure(
    "input = \"cheap\"\noutput = \"1\"\ncache_read = \"1\"",
    "input of m is \"cheap\""
)]
#[case::too_fine(
    "input = \"0.00001\"\noutput = \"1\"\ncache_read = \"1\"",
    "at most 4 decimals"
)]
fn prices_that_cannot_be_used_are_explained(#[case] entry: &str, #[case] why: &str) {
    let error = prices(&format!("[model.m]\n{entry}\n")).unwrap_err();
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    let text = format!("{error}: {source}");
    assert!(text.starts_with("prices.toml") && text.contains(why), "{text}");
}
