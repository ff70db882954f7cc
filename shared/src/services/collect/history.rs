//! All collectors once, for a database that has nothing yet and is to know a stretch of the past.

use jiff::SignedDuration;

use super::{CollectError, Failure, macro_, onchain, prices, sentiment};
use crate::app::App;

/// What came of it.
#[derive(Debug, Default)]
pub struct Collected {
    /// Rows that are stored now.
    pub rows: u64,
    /// What did not work; everything else was stored all the same.
    pub failures: Vec<Failure>,
}

/// Collects what a first run at the app's time collects, and dated values from before that for as long as
/// `span`: a decision at its beginning reads as far back as one at its end.
pub async fn collect(app: &App, span: SignedDuration) -> Result<Collected, CollectError> {
    let prices = prices::collect(app).await?;
    let mut collected = Collected {
        rows: prices.series.iter().map(|series| series.rows.inserted).sum(),
        failures: prices.failures,
    };
    for dated in [
        sentiment::collect(app).await?,
        onchain::collect_beyond(app, span).await?,
        macro_::collect_beyond(app, span).await?,
    ] {
        collected.rows += dated
            .series
            .iter()
            .map(|series| series.rows.inserted)
            .sum::<u64>();
        collected.failures.extend(dated.failures);
    }
    Ok(collected)
}
