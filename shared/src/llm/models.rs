//! What the platform holds of the models: who can be asked, in which order, at what price.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::providers::{ClientError, Providers};
use super::{Attempted, DataError, Model, Question, committed_ladder, committed_prices};
use crate::config::ModelsSettings;
use crate::domain::models::{Ladder, Limits, PriceTable, Provider, Rung};

/// Why the models cannot be made ready.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// A file of data is wrong.
    #[error("the data on models cannot be used")]
    Data(#[from] DataError),
    /// There is no HTTP client.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// The models that may be asked; cheap to clone.
#[derive(Debug, Clone)]
pub struct Models {
    model: Arc<dyn Model>,
    configured: Arc<[Rung]>,
    limits: Limits,
    prices: Arc<PriceTable>,
}

impl Models {
    /// The models of the repository's ladder whose provider has a key. Connects to nothing.
    ///
    /// Without settings there are none: this process declared no models.
    pub fn new(settings: Option<&ModelsSettings>) -> Result<Self, ModelsError> {
        let providers = Providers::new(settings)?;
        let has_key = |provider| providers.has_key(provider);
        Ok(Self::of(
            &committed_ladder()?,
            committed_prices()?,
            &has_key,
            Arc::new(providers.clone()),
        ))
    }

    /// The rungs of `ladder` whose provider `has_key`, asked through `model`.
    pub fn of(
        ladder: &Ladder,
        prices: PriceTable,
        has_key: &dyn Fn(Provider) -> bool,
        model: Arc<dyn Model>,
    ) -> Self {
        let rungs = ladder.rungs().iter();
        let configured = rungs.filter(|rung| has_key(rung.provider)).cloned().collect();
        Self {
            model,
            configured,
            limits: *ladder.limits(),
            prices: Arc::new(prices),
        }
    }

    /// The rungs that can be asked, best first; empty without any key.
    pub fn configured_rungs(&self) -> &[Rung] {
        &self.configured
    }

    /// Whether there is a model to ask at all.
    pub fn is_configured(&self) -> bool {
        !self.configured.is_empty()
    }

    /// The limits while asking.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What tokens cost.
    pub fn prices(&self) -> &PriceTable {
        &self.prices
    }

    /// Asks once.
    pub fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Attempted> {
        self.model.ask(question)
    }
}
