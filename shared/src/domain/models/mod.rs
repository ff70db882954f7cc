//! What the platform knows about language models without asking one.
//!
//! Who is asked in which order ([`Ladder`]), what tokens cost ([`PriceTable`]), what a model may say
//! ([`Opinion`]) and how far that moves the rules' score ([`Blended`]). Names and figures of models
//! are data and are read elsewhere; nothing here speaks to a provider, keeps a budget or waits.
//! Source: DOMAIN "Language models".

mod blend;
mod ladder;
mod opinion;
mod price;
#[cfg(test)]
mod tests;
mod usage;

pub use blend::{Blended, Clamp};
pub use ladder::{Breaker, Ladder, LadderError, Limits, Provider, Rung};
pub use opinion::{Opinion, OpinionError};
pub use price::{LongPrompt, ModelPrice, PriceError, PriceTable, Priced};
pub use usage::Usage;
