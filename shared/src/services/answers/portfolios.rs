//! Subscriptions, portfolios, trades.

use serde_json::json;

use crate::domain::subscriptions::MIN_CAPITAL_USD;
use crate::http::{ApiError, Refusal};
use crate::services::history::{HistoryError, Interval, TooMany};
use crate::services::portfolio::PortfolioError;
use crate::services::subscriptions::{Pot, SubscriptionError};
use crate::services::trades::TradesError;

const NO_PORTFOLIO: &str = "This account has no portfolio any more; sign in again.";

fn no_strategy(id: &impl std::fmt::Display) -> ApiError {
    ApiError::StrategyNotFound(Refusal::from(format!(
        "There is no strategy \"{id}\"; GET /api/v1/strategies lists those there are."
    )))
}

impl From<SubscriptionError> for ApiError {
    fn from(error: SubscriptionError) -> Self {
        match error {
            SubscriptionError::NoStrategy(id) => no_strategy(&id),
            SubscriptionError::NotFollowing(id) => Self::not_found(format!("You do not follow {id}.")),
            SubscriptionError::AlreadyFollowing(id) => Self::Conflict(Refusal::from(format!(
                "You follow {id} already; change that subscription, or stop it first."
            ))),
            SubscriptionError::TooMany { tier, most } => {
                let refusal = Refusal::from(format!(
                    "The plan {} allows {most} subscription{} at a time; stop one, or change the plan.",
                    tier.as_str(),
                    if most == 1 { "" } else { "s" }
                ));
                Self::Forbidden(refusal.with_details(json!({ "tier": tier, "limit": most })))
            }
            SubscriptionError::TooLittle => {
                Self::parameter("capital", format!("be at least {MIN_CAPITAL_USD} USD"))
            }
            SubscriptionError::Insufficient {
                required,
                available,
                from,
            } => {
                let owner = match from {
                    Pot::Portfolio => "The portfolio has",
                    Pot::Subscription => "The subscription has",
                };
                let message = format!(
                    "{owner} {} USD in cash and not {}; ask for less.",
                    available.value(),
                    required.value()
                );
                let details = json!({ "required": required, "available": available });
                Self::InsufficientBalance(Refusal::from(message).with_details(details))
            }
            SubscriptionError::NoPrice { asset, closed_at } => {
                let message = format!(
                    "{asset} cannot be sold right now: its last closed price is missing, a day old or not plausible. Try again when prices are collected."
                );
                let details = json!({ "asset": asset, "closed_at": closed_at });
                Self::Conflict(Refusal::from(message).with_details(details))
            }
            SubscriptionError::NoPortfolio => Self::not_found(NO_PORTFOLIO),
            SubscriptionError::Database(error) => error.into(),
            error @ (SubscriptionError::Unsellable(_)
            | SubscriptionError::Book(_)
            | SubscriptionError::Event(_)) => Self::internal(error),
        }
    }
}

impl From<PortfolioError> for ApiError {
    fn from(error: PortfolioError) -> Self {
        match error {
            PortfolioError::NoPortfolio => Self::not_found(NO_PORTFOLIO),
            PortfolioError::Database(error) => error.into(),
            PortfolioError::Book(error) => Self::internal(error),
        }
    }
}

impl From<HistoryError> for ApiError {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::NoPortfolio => Self::not_found(NO_PORTFOLIO),
            HistoryError::NoStrategy(id) => no_strategy(&id),
            HistoryError::NeverFollowed(id) => Self::not_found(format!("You have never followed {id}.")),
            HistoryError::TooMuch { what, most, interval } => {
                Self::parameter("from", too_much(what, most, interval))
            }
            HistoryError::Database(error) => error.into(),
        }
    }
}

impl From<TradesError> for ApiError {
    fn from(error: TradesError) -> Self {
        match error {
            TradesError::NoPortfolio => Self::not_found(NO_PORTFOLIO),
            TradesError::NoStrategy(id) => no_strategy(&id),
            TradesError::Database(error) => error.into(),
        }
    }
}

fn too_much(what: TooMany, most: usize, interval: Interval) -> String {
    let bound = match what {
        TooMany::Days | TooMany::Executions => format!("{most} points"),
        TooMany::Flows => format!("{most} times at which money came or went"),
        TooMany::Movements => format!("{most} sums of trades between its points"),
    };
    let is_fewer_with_days = match what {
        TooMany::Days | TooMany::Flows => false,
        TooMany::Executions | TooMany::Movements => interval == Interval::Execution,
    };
    let advice = if is_fewer_with_days {
        "; or ask with interval=day"
    } else {
        ""
    };
    format!("be closer to `to`: an answer has at most {bound}{advice}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_told_with_its_bound_and_with_advice_that_helps() {
        let (day, execution) = (Interval::Day, Interval::Execution);
        for (what, interval, says) in [
            (TooMany::Days, day, "points"),
            (TooMany::Days, execution, "points"),
            (TooMany::Executions, execution, "points; or ask with interval=day"),
            (TooMany::Flows, execution, "times at which money came or went"),
            (TooMany::Movements, day, "sums of trades between its points"),
            (
                TooMany::Movements,
                execution,
                "sums of trades between its points; or ask with interval=day",
            ),
        ] {
            assert_eq!(
                too_much(what, 7, interval),
                format!("be closer to `to`: an answer has at most 7 {says}")
            );
        }
    }
}
