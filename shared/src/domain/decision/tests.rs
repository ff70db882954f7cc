//! Decisions: the worked example, every corner of the rules, and what always holds.

mod prices;
mod properties;
mod risk;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::*;
use crate::domain::agents::Score;
use crate::domain::freshness::{Freshness, Reading};
use crate::domain::market::{Price, Timeframe};
use crate::domain::observations::Metric;
use crate::domain::strategy::IntervalMinutes;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn as_of() -> Timestamp {
    at("2024-03-01T00:00:00Z")
}

fn weights(macro_: &str, onchain: &str, ta: &str) -> Weights {
    Weights::new(decimal(macro_), decimal(onchain), decimal(ta)).unwrap()
}

fn hodl_wave() -> Strategy {
    Strategy {
        id: StrategyId::hodl_wave(),
        name: "HODL wave".to_owned(),
        interval: IntervalMinutes::new(240).unwrap(),
        trend_timeframe: Timeframe::W1,
        weights: weights("0.4", "0.4", "0.2"),
        buy_fraction: decimal("0.005"),
        buy_fraction_high: decimal("0.0075"),
    }
}

/// An answer, or with `-` none.
fn said(score: &str) -> Outcome {
    if score == "-" {
        return Outcome::Abstained {
            reason: "nothing was collected".to_owned(),
        };
    }
    Outcome::Answered {
        score: Score::new(decimal(score)).unwrap(),
    }
}

fn answers(macro_: &str, onchain: &str, ta: &str) -> Answers {
    Answers::new(said(macro_), said(onchain), said(ta), false)
}

fn reading(metric: Metric, value: &str, freshness: Freshness) -> Reading {
    Reading {
        metric,
        value: decimal(value),
        observed_at: Some(as_of().into()),
        available_at: Some(as_of().into()),
        freshness,
        source: "sample".to_owned(),
        is_interpolated: false,
    }
}

fn volatility(percent: f64) -> Volatility {
    Volatility::from_daily(percent, 100.0, as_of(), as_of()).unwrap()
}

fn calm() -> Risk {
    Risk {
        volatility: Some(volatility(3.0)),
        fear_greed: reading(Metric::FearGreed, "55", Freshness::Fresh),
        mvrv_z: Some(reading(Metric::MvrvZScore, "2.1", Freshness::Fresh)),
    }
}

fn close(price: &str, timeframe: Timeframe, closed_at: Timestamp) -> ClosingPrice {
    ClosingPrice {
        price: Price::new(decimal(price)).unwrap(),
        timeframe,
        closed_at: closed_at.into(),
    }
}

fn situation(answers: Answers) -> Situation {
    Situation {
        as_of: as_of(),
        answers,
        risk: calm(),
        prices: BTreeMap::from([
            (Asset::Btc, close("61500.5", Timeframe::H1, as_of())),
            (Asset::Eth, close("3340.25", Timeframe::H1, as_of())),
        ]),
        locks: Vec::new(),
    }
}

fn verdict(situation: &Situation) -> Verdict {
    decide(&hodl_wave(), &hodl_wave().weights, situation)
}

fn decided(situation: &Situation) -> Decision {
    match verdict(situation) {
        Verdict::Decided(decision) => *decision,
        Verdict::Skipped(skipped) => panic!("skipped: {}", skipped.explanation),
    }
}

fn skipped(given: &Weights, situation: &Situation) -> Skipped {
    match decide(&hodl_wave(), given, situation) {
        Verdict::Skipped(skipped) => skipped,
        Verdict::Decided(decision) => panic!("decided: {}", decision.explanation),
    }
}

fn with_risk(change: impl FnOnce(&mut Risk)) -> Situation {
    let mut situation = situation(answers("0.8", "0.7", "-0.2"));
    change(&mut situation.risk);
    situation
}

#[test]
fn the_worked_example() {
    let decision = decided(&situation(answers("0.8", "0.7", "-0.2")));
    assert_eq!(decision.base, decimal("0.56"));
    assert_eq!(decision.conviction.to_string(), "78.00");
    assert_eq!(decision.signal, Signal::Buy);
    assert_eq!(decision.recommended_position, decimal("0.005"));
    assert_eq!(
        (decision.factors, decision.breakers, decision.locks),
        (vec![], vec![], vec![])
    );
}

#[rstest]
#[case::all_answer(["0.8", "0.7", "-0.2"], false, ["0.4", "0.4", "0.2"])]
#[case::one_missing(["-", "0.7", "-0.2"], false, ["0", "0.66666667", "0.33333333"])]
#[case::degraded(["0.8", "0.7", "-0.2"], true, ["0.5", "0.2", "0.3"])]
// The quarter of the macro agent is lost with it: 0.2 and 0.3 remain.
#[case::degraded_and_one_missing(["-", "0.7", "-0.2"], true, ["0", "0.4", "0.6"])]
#[case::degraded_itself_missing(["0.8", "-", "-0.2"], true, ["0.625", "0", "0.375"])]
fn weights_follow_the_answers(
    #[case] scores: [&str; 3],
    #[case] onchain_degraded: bool,
    #[case] expected: [&str; 3],
) {
    let [macro_, onchain, ta] = scores.map(said);
    let answers = Answers::new(macro_, onchain, ta, onchain_degraded);
    let effective = EffectiveWeights::new(&hodl_wave().weights, &answers).unwrap();
    let shown = AgentKind::ALL.map(|agent| effective.of(agent).value().round_dp(8).normalize());
    assert_eq!(shown, expected.map(decimal));
}

#[test]
fn one_answer_is_too_few() {
    let skipped = skipped(&hodl_wave().weights, &situation(answers("-", "0.7", "-")));
    assert_eq!(
        skipped.reason,
        SkipReason::TooFewAnswers {
            answered: vec![AgentKind::Onchain]
        }
    );
    assert_eq!(
        skipped.explanation,
        "No decision: only 1 of 3 agents answered, a decision needs 2. \
         The macro agent gave no answer: nothing was collected. \
         The technical agent gave no answer: nothing was collected.",
    );
}

#[test]
fn answers_without_weight_are_no_decision() {
    let skipped = skipped(&weights("1", "0", "0"), &situation(answers("-", "0.7", "0.1")));
    assert_eq!(
        skipped.reason,
        SkipReason::NoWeight {
            answered: vec![AgentKind::Onchain, AgentKind::Ta]
        }
    );
}

#[test]
fn a_skipped_execution_still_locks() {
    let mut situation = situation(answers("-", "-", "0.1"));
    situation.risk.volatility = None;
    situation.prices.clear();
    let skipped = skipped(&hodl_wave().weights, &situation);
    let reasons: Vec<LockReason> = skipped.locks.iter().map(|lock| lock.reason).collect();
    assert_eq!(reasons, [LockReason::StaleMarket, LockReason::BreakerPause]);
}

#[rstest]
#[case("70.00", Signal::Hold)]
#[case("70.01", Signal::Buy)]
#[case("40.00", Signal::Hold)]
#[case("39.99", Signal::Sell)]
#[case("100", Signal::Buy)]
#[case("0", Signal::Sell)]
// Ties go to the even neighbour before they are compared.
#[case("70.005", Signal::Hold)]
#[case("70.0050001", Signal::Buy)]
#[case("70.015", Signal::Buy)]
#[case("39.995", Signal::Hold)]
#[case("39.9949999", Signal::Sell)]
fn thresholds_compare_the_rounded_conviction(#[case] calculated: &str, #[case] expected: Signal) {
    assert_eq!(signal(Conviction::nearest(decimal(calculated)), &[]), expected);
}

#[rstest]
#[case("70.005", "70.00")]
#[case("70.015", "70.02")]
#[case("70.025", "70.02")]
#[case("-3", "0.00")]
#[case("103", "100.00")]
fn a_conviction_rounds_half_even_inside_its_range(#[case] calculated: &str, #[case] shown: &str) {
    assert_eq!(Conviction::nearest(decimal(calculated)).to_string(), shown);
}

#[test]
fn thirds_leave_no_trace_in_a_conviction_that_is_exact() {
    // 2/3 × 0.3977 + 1/3 × 0.6623 is 0.4859 exactly, so 74.295 is a tie and goes to the even 74.30.
    // Multiplied by rounded thirds it would fall just short of it.
    let decision = decided(&situation(answers("-", "0.3977", "0.6623")));
    assert_eq!(decision.base, decimal("0.4859"));
    assert_eq!(decision.conviction.to_string(), "74.30");
}

#[rstest]
#[case("80", 3.0, "0.005", "0.005")]
#[case("80.01", 3.0, "0.005", "0.0075")]
#[case("80", 6.01, "0.005", "0.0025")]
#[case("80.01", 6.01, "0.005", "0.00375")]
#[case("80.01", 6.0, "0.005", "0.0075")]
// A strategy's row may go to the limit; nothing goes beyond it.
#[case("75", 3.0, "0.05", "0.05")]
#[case("75", 3.0, "0.06", "0.05")]
#[case("75", 7.0, "0.06", "0.03")]
fn a_buy_uses_the_strategys_fraction(
    #[case] calculated: &str,
    #[case] percent: f64,
    #[case] fraction: &str,
    #[case] expected: &str,
) {
    let strategy = Strategy {
        buy_fraction: decimal(fraction),
        ..hodl_wave()
    };
    let risk = Risk {
        volatility: Some(volatility(percent)),
        ..calm()
    };
    let conviction = Conviction::nearest(decimal(calculated));
    assert_eq!(
        recommended_position(&strategy, Signal::Buy, conviction, &risk),
        decimal(expected)
    );
    assert_eq!(
        recommended_position(&strategy, Signal::Hold, conviction, &risk),
        Decimal::ZERO
    );
}

#[test]
fn a_decision_reads_like_this() {
    let mut situation = with_risk(|risk| {
        risk.volatility = Some(volatility(7.25));
        risk.mvrv_z = None;
    });
    situation.answers = Answers::new(said("0.8"), said("0.7"), said("-"), true);
    insta::assert_json_snapshot!("decision", verdict(&situation));
    let lonely = Situation {
        answers: answers("-", "-", "0.1"),
        ..situation
    };
    insta::assert_json_snapshot!("skipped", verdict(&lonely));
}
