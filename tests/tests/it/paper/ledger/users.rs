//! What users do to their subscriptions, by the services behind their routes.

use shared::app::App;
use shared::domain::identity::UserId;
use shared::domain::money::Money;
use shared::domain::strategy::{StrategyId, Weights};
use shared::services::subscriptions::{self, Change, SubscriptionError};

/// Who does it, to the subscription of which strategy.
#[derive(Clone, Copy)]
pub(super) struct By<'a> {
    pub(super) app: &'a App,
    pub(super) user: UserId,
    pub(super) strategy: &'a StrategyId,
}

/// Done, or refused for a reason that a user may give: both leave the book right.
fn allowed<T>(done: Result<T, SubscriptionError>) -> Result<(), SubscriptionError> {
    match done {
        Ok(_)
        | Err(
            SubscriptionError::NotFollowing(_)
            | SubscriptionError::AlreadyFollowing(_)
            // Another writer erased the account.
            | SubscriptionError::NoPortfolio
            | SubscriptionError::Insufficient { .. }
            | SubscriptionError::NoPrice { .. },
        ) => Ok(()),
        Err(error) => Err(error),
    }
}

impl By<'_> {
    pub(super) async fn follow(&self, capital: Money) -> Result<(), SubscriptionError> {
        allowed(subscriptions::follow(self.app, self.user, self.strategy, capital, None).await)
    }

    pub(super) async fn pay_in(&self, amount: Money) -> Result<(), SubscriptionError> {
        self.change(Change {
            money: Some(amount),
            ..Change::default()
        })
        .await
    }

    pub(super) async fn withdraw(&self, amount: Money) -> Result<(), SubscriptionError> {
        self.pay_in(-amount).await
    }

    pub(super) async fn activate(&self, is_active: bool) -> Result<(), SubscriptionError> {
        self.change(Change {
            is_active: Some(is_active),
            ..Change::default()
        })
        .await
    }

    pub(super) async fn reweight(&self, weights: Option<Weights>) -> Result<(), SubscriptionError> {
        self.change(Change {
            weights: Some(weights.into()),
            ..Change::default()
        })
        .await
    }

    pub(super) async fn stop(&self) -> Result<(), SubscriptionError> {
        allowed(subscriptions::stop(self.app, self.user, self.strategy).await)
    }

    async fn change(&self, change: Change) -> Result<(), SubscriptionError> {
        allowed(subscriptions::change(self.app, self.user, self.strategy, change).await)
    }
}
