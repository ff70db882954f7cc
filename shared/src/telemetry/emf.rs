//! Metrics as lines of the log: CloudWatch reads them out of it (embedded metric format).
//!
//! They take the way of the log lines, so that no two lines ever mix, and are lines of their own:
//! `_aws` at the root says which field is the metric. No call over the network, no buffer.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::SERVICE;

/// What marks an event as a metric.
pub(super) const TARGET: &str = "automoney::metric";

/// The namespace of every metric of ours.
const NAMESPACE: &str = "AutoMoney";

/// Writes one value of a metric without a unit, measured at `at`, for the stage of this process.
pub fn metric(name: &str, value: Decimal, stage: &str, at: Timestamp) {
    tracing::info!(target: TARGET, "{}", body(name, value, stage, at));
}

/// The members of the line's object. A decimal is a JSON number as it stands.
fn body(name: &str, value: Decimal, stage: &str, at: Timestamp) -> String {
    let (name, stage) = (Value::from(name), Value::from(stage));
    format!(
        r#""_aws":{{"Timestamp":{},"CloudWatchMetrics":[{{"Namespace":"{NAMESPACE}","Dimensions":[["Environment"]],"Metrics":[{{"Name":{name},"Unit":"None"}}]}}]}},"Environment":{stage},{name}:{}"#,
        at.as_millisecond(),
        value.normalize(),
    )
}

/// The line, with the fields by which all lines are found.
pub(super) fn line(written_at: Timestamp, body: &str) -> String {
    format!(r#"{{"timestamp":"{written_at:.3}","level":"INFO","service":"{SERVICE}",{body}}}"#) + "\n"
}
