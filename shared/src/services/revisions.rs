//! What a past execution read and its sources changed: before the execution, so that it read a
//! corrected value, or after it, so that it read one that is no longer told.
//!
//! Worked out from the record of the execution and the kept versions; nothing here is stored.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::db::DbError;
use crate::db::executions::Execution;
use crate::db::revisions::{self, Figures, Revision};
use crate::domain::candles;
use crate::domain::market::{Asset, Timeframe, series_name};
use crate::domain::observations::Metric;
use crate::domain::wire::{self, Utc};

/// A change of a value that an execution read.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct InputRevision {
    /// The series: a metric, or an asset and a timeframe.
    pub series: String,
    /// What it is of: a candle's open time, an observation's date.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub dated: Utc,
    /// When the change was learned of.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub replaced_at: Utc,
    /// What was replaced.
    #[cfg_attr(feature = "http", schema(value_type = Object))]
    pub before: Shown,
    /// What was put in its place.
    #[cfg_attr(feature = "http", schema(value_type = Object))]
    pub after: Shown,
    /// Which of the two the execution read.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub read: Read,
}

/// Which side of a change an execution read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Read {
    /// The value was changed after T.
    Before,
    /// The value had been changed by T.
    After,
}

/// A value as it is shown.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Shown {
    /// An observation's.
    Value {
        /// In the unit of its series.
        #[serde(serialize_with = "wire::number")]
        value: Decimal,
    },
    /// A candle's.
    Candle {
        /// First price.
        #[serde(serialize_with = "wire::plain")]
        open: Decimal,
        /// Highest price.
        #[serde(serialize_with = "wire::plain")]
        high: Decimal,
        /// Lowest price.
        #[serde(serialize_with = "wire::plain")]
        low: Decimal,
        /// Last price.
        #[serde(serialize_with = "wire::plain")]
        close: Decimal,
        /// Units of the asset.
        #[serde(serialize_with = "wire::plain")]
        volume: Decimal,
    },
}

impl From<Decimal> for Shown {
    fn from(value: Decimal) -> Self {
        Self::Value { value }
    }
}

impl From<Figures> for Shown {
    fn from([open, high, low, close, volume]: Figures) -> Self {
        Self::Candle {
            open,
            high,
            low,
            close,
            volume,
        }
    }
}

/// Every change of what an execution read, by series and date.
pub async fn list(app: &App, execution: &Execution) -> Result<Vec<InputRevision>, DbError> {
    let mut shown = Vec::new();
    for (asset, timeframe) in series_read(&execution.document) {
        let opened_by = candles::newest_closed_by(timeframe, execution.as_of);
        let changes = revisions::list_of_candles(&app.db, (asset, timeframe), opened_by).await?;
        let name = series_name((asset, timeframe));
        shown.extend(
            changes
                .into_iter()
                .map(|change| revision(&name, execution.as_of, change)),
        );
    }
    let mut values = BTreeSet::new();
    collect_readings(&execution.document, &mut values);
    let values: Vec<_> = values.into_iter().collect();
    let changes = revisions::list_of_values(&app.db, &values).await?;
    shown.extend(
        changes
            .into_iter()
            .map(|(metric, change)| revision(metric.as_str(), execution.as_of, change)),
    );
    Ok(shown)
}

fn revision<T: Into<Shown>>(series: &str, as_of: Timestamp, change: Revision<T>) -> InputRevision {
    InputRevision {
        series: series.to_owned(),
        dated: change.dated.into(),
        replaced_at: change.replaced_at.into(),
        before: change.before.into(),
        after: change.after.into(),
        read: if change.replaced_at > as_of {
            Read::Before
        } else {
            Read::After
        },
    }
}

/// The series of candles that an execution read whole: both assets' of its trend timeframe, weeks
/// being made of days, and Bitcoin's days for the volatility.
fn series_read(document: &Value) -> BTreeSet<(Asset, Timeframe)> {
    let trend = match document["strategy"]["trend_timeframe"].as_str().map(str::parse) {
        Some(Ok(Timeframe::W1) | Err(_)) | None => Timeframe::D1,
        Some(Ok(timeframe)) => timeframe,
    };
    let trends = Asset::ALL.map(|asset| (asset, trend));
    trends.into_iter().chain([(Asset::Btc, Timeframe::D1)]).collect()
}

/// The dated values that a record names, wherever in it they stand.
fn collect_readings(part: &Value, found: &mut BTreeSet<(Metric, Timestamp)>) {
    match part {
        Value::Object(fields) => {
            let text = |name: &str| fields.get(name).and_then(Value::as_str);
            let metric = text("metric").and_then(|name| name.parse().ok());
            let date = text("observed_at").and_then(|time| time.parse().ok());
            found.extend(metric.zip(date));
            fields.values().for_each(|field| collect_readings(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_readings(item, found)),
        _ => {}
    }
}
