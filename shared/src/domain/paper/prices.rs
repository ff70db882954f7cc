//! The prices that orders are executed at.

use rust_decimal::Decimal;

use crate::domain::market::{Asset, Price};
use crate::domain::money::PLACES;
use crate::domain::rounding::half_even;

/// A price as a row keeps it: rounded half-even to eight places. `None` where nothing is left of it.
pub(super) fn kept(price: Decimal) -> Option<Price> {
    Price::new(half_even(price, PLACES).normalize())
}

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
                .and_then(|price| kept(price.value()))
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
