//! A decision in one paragraph of plain words.

use rust_decimal::Decimal;

use super::{Answers, Breaker, Decision, RiskFactor, Signal, SkipReason, Unknown};
use crate::domain::agents::{AgentKind, Outcome};
use crate::domain::rounding::half_even;

/// The paragraph for a decision.
pub(super) fn of_decision(decision: &Decision) -> String {
    let mut sentences = vec![scores(decision)];
    sentences.extend(abstentions(&decision.answers));
    if decision.answers.is_onchain_degraded() {
        sentences.push(
            "The on-chain answer is degraded, so half of its weight went to the other agents.".to_owned(),
        );
    }
    sentences.push(factors(decision));
    sentences.extend(
        decision
            .unknowns
            .iter()
            .map(|unknown| of_unknown(*unknown).to_owned()),
    );
    if decision.risk.fear_greed.is_defaulted() {
        sentences.push("Fear & Greed is missing; 50 stands in for it.".to_owned());
    }
    sentences.push(conclusion(decision));
    sentences.extend(
        decision
            .locks
            .iter()
            .map(|lock| format!("Orders are locked ({}): {}.", lock.reason, lock.detail)),
    );
    sentences.join(" ")
}

/// The paragraph for an execution without a decision.
pub(super) fn of_skip(reason: &SkipReason, answers: &Answers) -> String {
    let mut sentences = vec![format!("No decision: {reason}.")];
    sentences.extend(abstentions(answers));
    sentences.join(" ")
}

fn scores(decision: &Decision) -> String {
    let parts: Vec<String> = AgentKind::ALL
        .into_iter()
        .filter_map(|agent| {
            let score = decision.answers.of(agent).score()?;
            Some(format!(
                "{} {score} (weight {} %)",
                agent.title(),
                percent(decision.weights.of(agent).value())
            ))
        })
        .collect();
    format!(
        "As of {}: {}, together {:+.4}.",
        decision.as_of,
        parts.join(", "),
        half_even(decision.base, 4)
    )
}

fn abstentions(answers: &Answers) -> Vec<String> {
    AgentKind::ALL
        .into_iter()
        .filter_map(|agent| match answers.of(agent) {
            Outcome::Answered { .. } => None,
            Outcome::Abstained { reason } => {
                Some(format!("The {} agent gave no answer: {reason}.", agent.title()))
            }
        })
        .collect()
}

fn factors(decision: &Decision) -> String {
    let parts: Vec<String> = decision
        .factors
        .iter()
        .map(|factor| {
            format!(
                "{} (× {})",
                of_factor(factor.factor, decision),
                factor.multiplier()
            )
        })
        .collect();
    if parts.is_empty() {
        return format!(
            "No risk factor applies: conviction {} of 100.",
            decision.conviction
        );
    }
    format!(
        "Lowered by {}: conviction {} of 100.",
        parts.join(" and "),
        decision.conviction
    )
}

fn of_factor(factor: RiskFactor, decision: &Decision) -> String {
    let risk = &decision.risk;
    let (name, value) = match factor {
        RiskFactor::HighVolatility => (
            "volatility above 6 %",
            risk.volatility.map(|volatility| volatility.percent()),
        ),
        RiskFactor::ExtremeFear => ("Fear & Greed below 20", Some(risk.fear_greed.value)),
        RiskFactor::Overheated => (
            "MVRV Z above 7",
            risk.mvrv_z.as_ref().map(|reading| reading.value),
        ),
    };
    value.map_or_else(
        || name.to_owned(),
        |value| format!("{name}, at {}", half_even(value, 2).normalize()),
    )
}

const fn of_unknown(unknown: Unknown) -> &'static str {
    match unknown {
        Unknown::Volatility => "The volatility is unknown.",
        Unknown::MvrvZ => "MVRV Z is unknown, so neither its factor nor its breaker could be judged.",
    }
}

const fn of_breaker(breaker: Breaker) -> &'static str {
    match breaker {
        Breaker::VolatilityExtreme => "volatility above 10 % pauses trading",
        Breaker::VolatilityUnknown => "unknown volatility pauses trading",
        Breaker::ExtremeFear => "Fear & Greed below 20 sells",
        Breaker::Overheated => "MVRV Z above 7 sells",
    }
}

fn conclusion(decision: &Decision) -> String {
    let breakers: Vec<&str> = decision
        .breakers
        .iter()
        .map(|breaker| of_breaker(*breaker))
        .collect();
    let cause = match (breakers.is_empty(), decision.signal) {
        (false, _) => format!("Circuit breakers decide: {}.", breakers.join(", ")),
        (true, Signal::Buy) => "A conviction above 70 buys.".to_owned(),
        (true, Signal::Sell) => "A conviction below 40 sells.".to_owned(),
        (true, Signal::Hold | Signal::Pause) => "A conviction from 40 to 70 holds.".to_owned(),
    };
    let action = match decision.signal {
        Signal::Buy => format!("with {} % of the equity", percent(decision.recommended_position)),
        Signal::Sell => "half of each holding".to_owned(),
        Signal::Hold | Signal::Pause => "no order".to_owned(),
    };
    format!("{cause} Signal {}: {action}.", decision.signal)
}

/// A fraction in percent, at most 3 decimals: a halved BUY fraction still shows in full.
fn percent(fraction: Decimal) -> Decimal {
    half_even(fraction * Decimal::ONE_HUNDRED, 3).normalize()
}
