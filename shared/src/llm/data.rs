//! The ladder and the prices, as the repository has them, read into checked types.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::domain::models::{
    Breaker, Ladder, LadderError, Limits, LongPrompt, ModelPrice, PriceError, PriceTable, Provider, Rung,
};

/// A file of data that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// It is not TOML, or not of the right shape.
    #[error("{file} cannot be read")]
    Toml {
        /// Which file.
        file: &'static str,
        /// Where and why.
        #[source]
        source: toml::de::Error,
    },
    /// The ladder makes no sense.
    #[error("ladder.toml makes no sense")]
    Ladder(#[from] LadderError),
    /// A price is no decimal.
    #[error("prices.toml: {what} of {model} is {text:?}, not a decimal such as \"2.5\"")]
    Figure {
        /// Whose price.
        model: String,
        /// Of what.
        what: &'static str,
        /// What stands there.
        text: String,
    },
    /// A price makes no sense.
    #[error("prices.toml makes no sense")]
    Prices(#[from] PriceError),
}

/// The ladder that the repository has.
pub fn committed_ladder() -> Result<Ladder, DataError> {
    ladder(include_str!("ladder.toml"))
}

/// The prices that the repository has.
pub fn committed_prices() -> Result<PriceTable, DataError> {
    prices(include_str!("prices.toml"))
}

/// A ladder from the text of a file.
pub(super) fn ladder(text: &str) -> Result<Ladder, DataError> {
    let file: LadderFile = toml::from_str(text).map_err(|source| DataError::Toml {
        file: "ladder.toml",
        source,
    })?;
    let rungs = file.rung.into_iter().map(Rung::from).collect();
    Ok(Ladder::new(rungs, file.limits.into())?)
}

/// A table of prices from the text of a file.
pub(super) fn prices(text: &str) -> Result<PriceTable, DataError> {
    let file: PricesFile = toml::from_str(text).map_err(|source| DataError::Toml {
        file: "prices.toml",
        source,
    })?;
    let models = file.model.into_iter().map(|(model, entry)| {
        let price = entry.price(&model)?;
        Ok((model, price))
    });
    Ok(PriceTable::new(models.collect::<Result<_, DataError>>()?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LadderFile {
    #[serde(default)]
    rung: Vec<RungEntry>,
    limits: LimitsEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RungEntry {
    provider: Provider,
    model: String,
    max_output_tokens: u32,
    effort: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsEntry {
    attempt_seconds: u32,
    agent_seconds: u32,
    run_seconds: u32,
    longest_retry_after_seconds: u32,
    retries_per_rung: u32,
    retry_pause_ms: u32,
    breaker: BreakerEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BreakerEntry {
    failures_to_open: u32,
    open_seconds: u32,
    money_hours: u32,
    configuration_minutes: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PricesFile {
    #[serde(default)]
    model: BTreeMap<String, PriceEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceEntry {
    input: String,
    output: String,
    cache_write_5m: Option<String>,
    cache_write_1h: Option<String>,
    cache_read: String,
    long_prompt: Option<LongPromptEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LongPromptEntry {
    above_tokens: u64,
    factor: u32,
}

impl From<RungEntry> for Rung {
    fn from(entry: RungEntry) -> Self {
        Self {
            provider: entry.provider,
            model: entry.model,
            max_output_tokens: entry.max_output_tokens,
            effort: entry.effort,
        }
    }
}

impl From<LimitsEntry> for Limits {
    fn from(entry: LimitsEntry) -> Self {
        let seconds = |count: u32| Duration::from_secs(count.into());
        Self {
            attempt: seconds(entry.attempt_seconds),
            agent: seconds(entry.agent_seconds),
            run: seconds(entry.run_seconds),
            longest_retry_after: seconds(entry.longest_retry_after_seconds),
            retries_per_rung: entry.retries_per_rung,
            retry_pause: Duration::from_millis(entry.retry_pause_ms.into()),
            breaker: Breaker {
                failures_to_open: entry.breaker.failures_to_open,
                open_for: SignedDuration::from_secs(entry.breaker.open_seconds.into()),
                money: SignedDuration::from_hours(entry.breaker.money_hours.into()),
                configuration: SignedDuration::from_mins(entry.breaker.configuration_minutes.into()),
            },
        }
    }
}

impl PriceEntry {
    fn price(self, model: &str) -> Result<ModelPrice, DataError> {
        let figure = |what: &'static str, text: String| {
            text.parse::<Decimal>().map_err(|_| DataError::Figure {
                model: model.to_owned(),
                what,
                text,
            })
        };
        let input = figure("input", self.input)?;
        // A provider that has no price of its own for writing bills such tokens as input.
        let or_input = |what, text: Option<String>| text.map_or(Ok(input), |text| figure(what, text));
        Ok(ModelPrice {
            input,
            output: figure("output", self.output)?,
            cache_write_5m: or_input("cache_write_5m", self.cache_write_5m)?,
            cache_write_1h: or_input("cache_write_1h", self.cache_write_1h)?,
            cache_read: figure("cache_read", self.cache_read)?,
            long_prompt: self.long_prompt.map(|rule| LongPrompt {
                above_tokens: rule.above_tokens,
                factor: rule.factor,
            }),
        })
    }
}
