//! What lowers a conviction, and what overrides it.

use rstest::rstest;

use super::*;

#[rstest]
#[case(6.0, &[], &[])]
#[case(6.01, &[RiskFactor::HighVolatility], &[])]
#[case(10.0, &[RiskFactor::HighVolatility], &[])]
#[case(10.01, &[RiskFactor::HighVolatility], &[Breaker::VolatilityExtreme])]
fn volatility_lowers_and_then_pauses(
    #[case] percent: f64,
    #[case] factors: &[RiskFactor],
    #[case] breakers: &[Breaker],
) {
    let risk = Risk {
        volatility: Some(volatility(percent)),
        ..calm()
    };
    assert_eq!(
        risk.factors().iter().map(|f| f.factor).collect::<Vec<_>>(),
        factors
    );
    assert_eq!(risk.breakers(), breakers);
}

#[rstest]
#[case("20", Freshness::Fresh, false)]
#[case("19.99", Freshness::Fresh, true)]
#[case("19", Freshness::Carried, true)]
#[case("50", Freshness::Defaulted, false)]
#[case("10", Freshness::Defaulted, false)]
fn extreme_fear_lowers_and_sells_unless_defaulted(
    #[case] value: &str,
    #[case] freshness: Freshness,
    #[case] holds: bool,
) {
    let risk = Risk {
        fear_greed: reading(Metric::FearGreed, value, freshness),
        ..calm()
    };
    assert_eq!(risk.factors().len(), usize::from(holds));
    assert_eq!(risk.breakers().contains(&Breaker::ExtremeFear), holds);
}

#[rstest]
#[case("7", false)]
#[case("7.01", true)]
fn an_overheated_market_lowers_and_sells(#[case] value: &str, #[case] holds: bool) {
    let risk = Risk {
        mvrv_z: Some(reading(Metric::MvrvZScore, value, Freshness::Carried)),
        ..calm()
    };
    assert_eq!(risk.factors().len(), usize::from(holds));
    assert_eq!(risk.breakers().contains(&Breaker::Overheated), holds);
}

#[test]
fn factors_multiply() {
    let decision = decided(&with_risk(|risk| {
        risk.volatility = Some(volatility(8.0));
        risk.fear_greed = reading(Metric::FearGreed, "12", Freshness::Fresh);
        risk.mvrv_z = Some(reading(Metric::MvrvZScore, "7.5", Freshness::Fresh));
    }));
    // 78 × 0.8 × 0.7 × 0.5
    assert_eq!(decision.conviction.to_string(), "21.84");
    assert_eq!(decision.signal, Signal::Sell);
    assert_eq!(decision.breakers, [Breaker::ExtremeFear, Breaker::Overheated]);
    assert_eq!(decision.recommended_position, decimal("-0.5"));
}

#[test]
fn a_breaker_sells_whatever_the_conviction() {
    let mut situation = situation(answers("1", "1", "1"));
    situation.risk.fear_greed = reading(Metric::FearGreed, "19", Freshness::Fresh);
    let decision = decided(&situation);
    assert_eq!(decision.conviction.to_string(), "70.00");
    assert_eq!(decision.signal, Signal::Sell);
    assert_eq!(decision.locks, []);
}

#[test]
fn unknown_volatility_pauses_and_locks_and_every_breaker_is_listed() {
    let decision = decided(&with_risk(|risk| {
        risk.volatility = None;
        risk.fear_greed = reading(Metric::FearGreed, "12", Freshness::Fresh);
    }));
    assert_eq!(decision.signal, Signal::Pause);
    assert_eq!(
        decision.breakers,
        [Breaker::VolatilityUnknown, Breaker::ExtremeFear]
    );
    assert_eq!(decision.unknowns, [Unknown::Volatility]);
    assert_eq!(decision.locks.len(), 1);
    assert_eq!(decision.locks[0].reason, LockReason::BreakerPause);
    assert_eq!(decision.recommended_position, Decimal::ZERO);
}

#[test]
fn unknown_mvrv_is_listed_and_changes_nothing() {
    let decision = decided(&with_risk(|risk| risk.mvrv_z = None));
    assert_eq!(decision.conviction.to_string(), "78.00");
    assert_eq!(decision.unknowns, [Unknown::MvrvZ]);
    assert_eq!((decision.breakers, decision.locks), (vec![], vec![]));
}

#[rstest]
#[case(f64::NAN, 100.0, 0)]
#[case(3.0, 0.0, 0)]
#[case(-1.0, 100.0, 0)]
#[case(3.0, 100.0, 3 * 86_400 + 1)]
fn volatility_is_unknown_without_a_usable_daily_candle(
    #[case] atr: f64,
    #[case] close: f64,
    #[case] age: i64,
) {
    let closed_at = as_of() - SignedDuration::from_secs(age);
    assert_eq!(Volatility::from_daily(atr, close, closed_at, as_of()), None);
}
