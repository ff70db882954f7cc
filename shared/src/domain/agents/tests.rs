//! The three rule engines: each rule at its corners, and whole answers as snapshots.

mod dated;
mod rules;
mod technical;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::*;
use crate::domain::observations::{Metric, Observation};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn score(text: &str) -> Score {
    Score::new(decimal(text)).unwrap()
}

fn as_of() -> Timestamp {
    at("2024-03-02T00:00:00Z")
}

/// An observation dated so many days before the decision, known at once.
fn seen(metric: Metric, days_ago: i64, value: &str) -> Observation {
    let observed_at = as_of() - SignedDuration::from_hours(24 * days_ago);
    Observation {
        metric,
        observed_at,
        value: decimal(value),
        available_at: observed_at,
        source: "sample".to_owned(),
        realtime_start: None,
        is_interpolated: false,
    }
}

fn component(analysis: &Analysis, key: &str) -> Component {
    analysis
        .components
        .iter()
        .find(|component| component.key() == key)
        .cloned()
        .unwrap()
}

#[test]
fn a_score_keeps_its_range_and_places() {
    assert!(Score::new(decimal("1.0001")).is_err());
    assert!(Score::new(decimal("0.12345")).is_err());
    assert_eq!(Score::new(decimal("-1.0000")).unwrap().value(), decimal("-1"));
    assert_eq!(
        Score::nearest(decimal("0.00005")),
        Score::new(decimal("0")).unwrap()
    );
    assert_eq!(
        Score::nearest(decimal("0.00015")),
        Score::new(decimal("0.0002")).unwrap()
    );
    assert_eq!(Score::nearest(decimal("7")), Score::new(decimal("1")).unwrap());
    assert_eq!(Score::nearest_f64(f64::NAN), None);
    assert_eq!(Score::nearest_f64(0.5).unwrap().to_string(), "+0.5000");
}

#[test]
fn a_score_is_a_number_in_json_and_refused_outside_its_range() {
    let json = serde_json::to_string(&Score::new(decimal("-0.4215")).unwrap()).unwrap();
    assert_eq!(json, "-0.4215");
    assert_eq!(
        serde_json::from_str::<Score>(&json).unwrap().value(),
        decimal("-0.4215")
    );
    assert!(serde_json::from_str::<Score>("1.5").is_err());
    assert!(serde_json::from_str::<Confidence>("-0.1").is_err());
}

#[test]
fn a_confidence_rounds_half_even_to_two_places() {
    assert_eq!(Confidence::nearest(decimal("0.645")).value(), decimal("0.64"));
    assert_eq!(Confidence::nearest(decimal("0.655")).value(), decimal("0.66"));
    assert_eq!(Confidence::nearest(decimal("1.2")).value(), decimal("1"));
}
