//! What is stored: coverage and holes of each series of candles, the age of every other input.
//!
//! Old or missing data is a limit and never a fault of the installation: it says what to run.

use shared::app::App;
use shared::db::DbError;
use shared::domain::freshness::Freshness;
use shared::domain::market::Asset;
use shared::services::quality::{self, InputQuality, SeriesQuality};
use shared::telemetry;

use super::{Finding, Line};

/// One line a series and an input; one line that says why, when the database does not answer.
pub(super) async fn stored(app: &App) -> Vec<Line> {
    read(app).await.unwrap_or_else(|error| {
        let why = telemetry::chain(&error).join(": ");
        vec![("data".to_owned(), Finding::Broken(why))]
    })
}

async fn read(app: &App) -> Result<Vec<Line>, DbError> {
    let mut lines = Vec::new();
    let mut shared_inputs = Vec::new();
    for asset in Asset::ALL {
        let quality = quality::of_asset(app, asset).await?;
        for series in &quality.series {
            lines.push((format!("{asset} {}", series.timeframe), candles(series)));
        }
        // The live price is the asset's own; every other input is the same for all assets.
        let (own, shared): (Vec<_>, Vec<_>) = quality
            .inputs
            .into_iter()
            .partition(|input| input.input == quality::LIVE_PRICE);
        lines.extend(own.iter().map(|input| (format!("{asset} live"), value(input))));
        shared_inputs = shared;
    }
    lines.extend(
        shared_inputs
            .iter()
            .map(|input| (input.input.to_owned(), value(input))),
    );
    Ok(lines)
}

fn candles(series: &SeriesQuality) -> Finding {
    let (Some(coverage), Some(age)) = (series.coverage_pct, series.age_seconds) else {
        return Finding::Limited("nothing is stored: run `cargo automoney job collect-prices`".to_owned());
    };
    let missing = match series.missing {
        0 => String::new(),
        some => format!(", {some} still to be asked for"),
    };
    let text = format!(
        "{coverage} % of {} candles, {} holes of the exchange's own, newest closed {} ago (fresh for {}){missing}{}",
        series.expected,
        series.exchange_holes,
        duration(age),
        duration(series.fresh_for_seconds),
        rejected(series.rejected)
    );
    if series.missing == 0 && series.freshness == Some(Freshness::Fresh) {
        Finding::Works(text)
    } else {
        Finding::Limited(text)
    }
}

fn value(input: &InputQuality) -> Finding {
    let (Some(age), Some(source)) = (input.age_seconds, &input.source) else {
        return Finding::Limited("nothing is stored".to_owned());
    };
    let limits = format!(
        "fresh for {}, used for {}",
        duration(input.fresh_for_seconds),
        duration(input.used_for_seconds)
    );
    let text = format!(
        "{} old from {source} ({limits}){}",
        duration(age),
        rejected(input.rejected)
    );
    match input.freshness {
        Some(Freshness::Fresh) => Finding::Works(text),
        Some(_) => Finding::Limited(text),
        None => Finding::Limited(format!("too old to be used: {text}")),
    }
}

fn rejected(times: i64) -> String {
    match times {
        0 => String::new(),
        some => format!(", {some} rows rejected (table rejected_observations)"),
    }
}

/// The two largest units of a length of time.
fn duration(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_told_in_its_two_largest_units() {
        let shown = [59, 3600, 15_300, 259_200 + 7200].map(duration);
        assert_eq!(shown, ["0 min", "1 h 0 min", "4 h 15 min", "3 d 2 h"]);
    }
}
