//! The prices that orders are executed at.

use crate::domain::market::{Asset, Price};
use crate::domain::rounding::half_even;

/// The last closed price of each asset that has a usable one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prices {
    btc: Option<Price>,
    eth: Option<Price>,
}

impl Prices {
    /// These prices, as a row keeps them: rounded to eight places, without those that no asset of
    /// ours can cost.
    pub fn new(btc: Option<Price>, eth: Option<Price>) -> Self {
        let usable = |price: Option<Price>| {
            price
                .and_then(|price| Price::new(half_even(price.value(), 8).normalize()))
                .filter(|price| price.is_plausible())
        };
        Self {
            btc: usable(btc),
            eth: usable(eth),
        }
    }

    /// The price of one asset.
    pub const fn of(&self, asset: Asset) -> Option<Price> {
        match asset {
            Asset::Btc => self.btc,
            Asset::Eth => self.eth,
        }
    }

    /// Whether no asset has a price.
    pub const fn is_empty(&self) -> bool {
        self.btc.is_none() && self.eth.is_none()
    }
}
