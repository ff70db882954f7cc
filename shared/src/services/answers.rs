//! How the errors of the use cases look to a client.

mod portfolios;

use std::borrow::Cow;
use std::time::Duration;

use crate::db::DbError;
use crate::domain::modes::{Closure, PROBE_AFTER, WrongWish};
use crate::http::{ApiError, Refusal};
use crate::services::operator::{LONGEST_DETAIL, OperatorError};
use crate::services::push::tickets::TicketError;
use crate::services::scores::ScoresError;
use serde_json::json;

/// When to ask again after the database was gone: a failover takes some ten seconds.
const RETRY_AFTER: Duration = Duration::from_secs(10);

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(_) => Self::Unavailable {
                what: Cow::Borrowed("The database"),
                retry_after: RETRY_AFTER,
                source: Some(Box::new(error)),
            },
            DbError::ReadOnly(_) => {
                let closure = Closure::by_database(PROBE_AFTER.unsigned_abs().as_secs());
                Self::ReadOnly {
                    refusal: Refusal::from(closure.message()).with_details(json!(closure)),
                    retry_after: PROBE_AFTER.unsigned_abs(),
                    source: Some(Box::new(error)),
                }
            }
            DbError::Conflict { .. } => Self::Conflict(Refusal::from("That is there already.")),
            other => Self::internal(other),
        }
    }
}

impl From<ScoresError> for ApiError {
    fn from(error: ScoresError) -> Self {
        match error {
            ScoresError::NoStrategy(id) => Self::StrategyNotFound(Refusal::from(format!(
                "There is no strategy {id:?}; leave strategy_id out for hodl-wave."
            ))),
            ScoresError::NotYet { due } => Self::NotFound(
                Refusal::from(format!(
                    "This strategy has not been executed yet; the first execution is due at {due}."
                ))
                .with_details(json!({ "due": due })),
            ),
            ScoresError::NoExecution => Self::not_found("There is no execution with this id."),
            ScoresError::Database(error) => error.into(),
            ScoresError::Document(error) => Self::internal(error),
        }
    }
}

impl From<TicketError> for ApiError {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::NoUser | TicketError::Refused => Self::Unauthorized(Refusal::from(
                "This account does not exist any more; sign in again.",
            )),
            error @ TicketError::Closed => Self::unavailable("Push", error),
            TicketError::Cache(error) if error.is_unavailable() => Self::unavailable("Push", error),
            TicketError::Cache(error) => Self::internal(error),
            TicketError::Database(error) => error.into(),
            TicketError::Form(error) => Self::internal(error),
            TicketError::Random(error) => Self::internal(error),
        }
    }
}

impl From<WrongWish> for ApiError {
    fn from(wrong: WrongWish) -> Self {
        match wrong {
            WrongWish::Notice(_) => {
                Self::parameter("notice", "be one line of 1 to 300 characters, or be left out")
            }
            WrongWish::Until => Self::parameter("until", "be a time in the future, within 30 days"),
            WrongWish::EndOfNormal => Self::parameter("until", "be left out: normal has no end"),
        }
    }
}

impl From<OperatorError> for ApiError {
    fn from(error: OperatorError) -> Self {
        match error {
            OperatorError::Detail => Self::parameter(
                "detail",
                format!("be a line of 1 to {LONGEST_DETAIL} characters that says why, and who to ask"),
            ),
            OperatorError::Until => Self::parameter("until", "be a time in the future"),
            OperatorError::NotLocked => Self::not_found("No lock of an operator is in force."),
            OperatorError::Database(error) => error.into(),
        }
    }
}
