//! What tokens cost, in USD, exactly.
//!
//! Prices come from a file of the repository. Nothing here knows a budget.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Usage;

/// Tokens that a provider may add to a prompt on its own account: roles, the schema's frame.
const ADDED_TOKENS: u64 = 1_000;

/// Decimals a price per million tokens may have: a cost then has ten, what its column keeps.
const PLACES: u32 = 4;

/// The most USD a million tokens may cost, the factor for long prompts included. With
/// [`Usage::MOST_TOKENS`] of every kind a cost then still fits `numeric(18,10)`.
const DEAREST: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// A price that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// A price is negative, too large, or finer than its cost could be kept.
    #[error(
        "{model}: {what} of {price} is not from 0 to {DEAREST} USD per million tokens with at most {PLACES} decimals"
    )]
    Price {
        /// Whose.
        model: String,
        /// Of what.
        what: &'static str,
        /// The price, multiplied where the prompt is long.
        price: Decimal,
    },
    /// A rule for long prompts that makes them cheaper.
    #[error("{model}: the factor for long prompts must be at least 1")]
    Factor {
        /// Whose.
        model: String,
    },
    /// No model has a price, so that none could be given to an unknown one.
    #[error("no model has a price")]
    Empty,
}

/// Above so many prompt tokens every price is multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongPrompt {
    /// The most prompt tokens that cost the plain price.
    pub above_tokens: u64,
    /// What every price of the attempt is multiplied by then.
    pub factor: u32,
}

/// What a model's tokens cost, USD per million.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelPrice {
    /// Prompt tokens.
    pub input: Decimal,
    /// Tokens of the answer.
    pub output: Decimal,
    /// Prompt tokens written to a cache for five minutes.
    pub cache_write_5m: Decimal,
    /// Prompt tokens written to a cache for an hour.
    pub cache_write_1h: Decimal,
    /// Prompt tokens read from a cache.
    pub cache_read: Decimal,
    /// What long prompts cost more.
    pub long_prompt: Option<LongPrompt>,
}

impl ModelPrice {
    /// What an attempt cost, USD; never rounded, at most ten decimals.
    pub fn cost(&self, usage: &Usage) -> Decimal {
        let usage = usage.believable();
        let billed = [
            (usage.input, self.input),
            (usage.cache_write_5m, self.cache_write_5m),
            (usage.cache_write_1h, self.cache_write_1h),
            (usage.cache_read, self.cache_read),
            (usage.output, self.output),
        ];
        let plain: Decimal = billed.into_iter().map(|(tokens, price)| usd(tokens, price)).sum();
        (plain * self.factor(usage.prompt())).normalize()
    }

    /// The most that an attempt can cost, USD: a token is at least one byte of the prompt, and each is
    /// billed in the dearest way there is.
    pub fn worst_case(&self, prompt_bytes: u64, max_output_tokens: u64) -> Decimal {
        let most = Usage::MOST_TOKENS;
        // Four kinds of prompt tokens, each believed up to its own limit.
        let prompt = prompt_bytes.saturating_add(ADDED_TOKENS).min(4 * most);
        let plain = usd(prompt, self.dearest_prompt()) + usd(max_output_tokens.min(most), self.output);
        (plain * self.factor(prompt)).normalize()
    }

    fn dearest_prompt(&self) -> Decimal {
        self.input
            .max(self.cache_write_5m)
            .max(self.cache_write_1h)
            .max(self.cache_read)
    }

    fn factor(&self, prompt_tokens: u64) -> Decimal {
        match self.long_prompt {
            Some(rule) if prompt_tokens > rule.above_tokens => Decimal::from(rule.factor),
            _ => Decimal::ONE,
        }
    }

    /// Refuses prices whose costs could not be kept.
    fn check(&self, model: &str) -> Result<(), PriceError> {
        let factor = self.long_prompt.map_or(1, |rule| rule.factor);
        if factor == 0 {
            let model = model.to_owned();
            return Err(PriceError::Factor { model });
        }
        let named = [
            ("input", self.input),
            ("output", self.output),
            ("cache_write_5m", self.cache_write_5m),
            ("cache_write_1h", self.cache_write_1h),
            ("cache_read", self.cache_read),
        ];
        for (what, price) in named {
            let highest = price.saturating_mul(Decimal::from(factor));
            let is_usable =
                price >= Decimal::ZERO && highest <= DEAREST && price.normalize().scale() <= PLACES;
            if !is_usable {
                let model = model.to_owned();
                return Err(PriceError::Price {
                    model,
                    what,
                    price: highest,
                });
            }
        }
        Ok(())
    }

    /// A price that is in no part below either of two.
    fn or_dearer(self, other: Self) -> Self {
        let long_prompt = match (self.long_prompt, other.long_prompt) {
            (Some(one), Some(two)) => Some(LongPrompt {
                above_tokens: one.above_tokens.min(two.above_tokens),
                factor: one.factor.max(two.factor),
            }),
            (one, two) => one.or(two),
        };
        Self {
            input: self.input.max(other.input),
            output: self.output.max(other.output),
            cache_write_5m: self.cache_write_5m.max(other.cache_write_5m),
            cache_write_1h: self.cache_write_1h.max(other.cache_write_1h),
            cache_read: self.cache_read.max(other.cache_read),
            long_prompt,
        }
    }
}

fn usd(tokens: u64, per_million: Decimal) -> Decimal {
    Decimal::from(tokens) * per_million * Decimal::new(1, 6)
}

/// The price of a model, and whether it is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priced {
    /// The price.
    pub price: ModelPrice,
    /// Whether the table knows the model. The price of an unknown one is never too low.
    pub is_known: bool,
}

/// The prices of all known models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTable {
    models: BTreeMap<String, ModelPrice>,
    dearest: ModelPrice,
}

impl PriceTable {
    /// A table of these prices; refuses one without any, and prices whose costs could not be kept.
    pub fn new(models: BTreeMap<String, ModelPrice>) -> Result<Self, PriceError> {
        for (model, price) in &models {
            price.check(model)?;
        }
        let dearest = models.values().copied().reduce(ModelPrice::or_dearer);
        let dearest = dearest.ok_or(PriceError::Empty)?;
        // The highest price and the highest factor of different models may be too much together.
        dearest.check("the dearest of each")?;
        Ok(Self { models, dearest })
    }

    /// The price of a model, by the name that was asked or the dated one that answered. An unknown
    /// model is given the dearest price of each kind that any known one has.
    pub fn find(&self, model: &str) -> Priced {
        let known = self
            .models
            .get(model)
            .or_else(|| self.models.get(undated(model)?));
        Priced {
            price: known.copied().unwrap_or(self.dearest),
            is_known: known.is_some(),
        }
    }
}

/// A model's name without the date of its version: `name-20260801`, `name-2026-08-01`.
fn undated(model: &str) -> Option<&str> {
    ["-00000000", "-0000-00-00"].into_iter().find_map(|form| {
        let (name, end) = model.split_at_checked(model.len().checked_sub(form.len())?)?;
        let shape = end.replace(|c: char| c.is_ascii_digit(), "0");
        (shape == form).then_some(name)
    })
}
