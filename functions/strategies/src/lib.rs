//! `strategies`: the strategies there are, and following one of them.
//!
//! Decides and trades nothing, but for a stop, which sells what its subscription holds.

use std::fmt;

use axum::extract::State;
use rust_decimal::Decimal;
use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use shared::app::App;
use shared::config::Section;
use shared::domain::money::Money;
use shared::domain::strategy::{StrategyId, Weights};
use shared::http::{ApiError, ApiResult, Envelope, Json, Path, RateClass, SignedIn};
use shared::lambda::{Effect, Function, Trigger};
use shared::services::strategies::{self, ShownStrategies};
use shared::services::subscriptions::{self, Change, NewWeights, ShownSubscription, ShownWeights, Stopped};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "strategies",
    trigger: Trigger::Http,
    sections: &[Section::Database, Section::Cache, Section::Http, Section::Auth],
    effect: Effect::Exempt,
};

/// The routes of this function.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(follow, change, stop))
}

fn strategy(id: &str) -> Result<StrategyId, ApiError> {
    id.parse().map_err(|_| {
        ApiError::parameter(
            "id",
            "be 1 to 40 lower-case letters, digits and hyphens, such as hodl-wave",
        )
    })
}

/// The strategies there are, each with the performance of its own portfolio.
#[utoipa::path(
    get,
    path = "/api/v1/strategies",
    tag = "strategies",
    responses((status = 200, body = shared::http::openapi::Success<ShownStrategies>)),
    extensions(("x-rate-limit" = json!(RateClass::PublicRead)))
)]
async fn list(State(app): State<App>) -> ApiResult<ShownStrategies> {
    Ok(Envelope::ok(strategies::list(&app).await?))
}

/// An amount as clients write it: a decimal string above zero.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(value_type = String, example = "2500.00")]
struct Amount(Money);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AmountText)
    }
}

/// Reads an amount, and says what one looks like.
struct AmountText;

impl Visitor<'_> for AmountText {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount: a decimal string above zero with at most eight decimals, such as \"2500.00\"")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Amount, E> {
        let value = Decimal::from_str_exact(text).ok();
        let amount = value.and_then(|value| Money::new(value).ok());
        let positive = amount.filter(|amount| *amount > Money::ZERO);
        positive
            .map(Amount)
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// Following a strategy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Follow {
    /// How much of the free cash it gets, USD as text, at least 2500.
    #[schema(value_type = String, example = "2500.00")]
    capital: Amount,
    /// Weights of its own: three numbers from 0 to 1 with at most 4 decimals that add up to exactly 1.
    #[serde(default)]
    #[schema(value_type = Option<ShownWeights>)]
    weights: Option<Weights>,
}

/// Follows a strategy with some of the portfolio's free cash.
///
/// It takes part in decisions from now on. Plans: free 1 strategy at a time, basic 3, pro and enterprise any number.
#[utoipa::path(
    post,
    path = "/api/v1/strategies/{id}/subscription",
    tag = "strategies",
    params(("id" = String, Path, description = "The strategy's id, such as hodl-wave.")),
    request_body = Follow,
    responses(
        (status = 201, body = shared::http::openapi::Success<ShownSubscription>),
        (status = 404, description = "No such strategy."),
        (status = 409, description = "It is followed already.")
    ),
    security(("bearer" = [])),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn follow(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path(id): Path<String>,
    Json(wanted): Json<Follow>,
) -> ApiResult<ShownSubscription> {
    let Amount(capital) = wanted.capital;
    let followed = subscriptions::follow(&app, user.id, &strategy(&id)?, capital, wanted.weights).await?;
    Ok(Envelope::created(followed))
}

/// Active or paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum WantedStatus {
    Active,
    Paused,
}

/// What is to be different; at least one of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Changes {
    /// `paused` takes part in no decision and keeps what it has; `active` takes part from now on.
    #[schema(nullable = false)]
    status: Option<WantedStatus>,
    /// Weights of its own, or null for the strategy's.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<ShownWeights>)]
    weights: Option<NewWeights>,
    /// More money from the portfolio's free cash, USD as text.
    #[schema(value_type = String, example = "500.00")]
    deposit: Option<Amount>,
    /// Cash that goes back to the portfolio; what is invested stays.
    #[schema(value_type = String, example = "500.00")]
    withdraw: Option<Amount>,
}

/// Tells null from what is left out.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NewWeights>, D::Error> {
    let own: Option<Weights> = Option::deserialize(deserializer)?;
    Ok(Some(own.into()))
}

impl Changes {
    fn read(self) -> Result<Change, ApiError> {
        let money = match (self.deposit, self.withdraw) {
            (Some(_), Some(_)) => {
                return Err(ApiError::validation(
                    "Send `deposit` or `withdraw`, not both at once.",
                ));
            }
            (Some(Amount(amount)), None) => Some(amount),
            (None, Some(Amount(amount))) => Some(-amount),
            (None, None) => None,
        };
        let change = Change {
            is_active: self.status.map(|status| status == WantedStatus::Active),
            weights: self.weights,
            money,
        };
        if change == Change::default() {
            return Err(ApiError::validation(
                "Send what is to change: `status`, `weights`, `deposit` or `withdraw`.",
            ));
        }
        Ok(change)
    }
}

/// Pauses, resumes, re-weights, adds money or takes cash out.
///
/// Repeating a pause, a resume or the same weights changes nothing. All that is sent happens, or nothing does.
#[utoipa::path(
    patch,
    path = "/api/v1/strategies/{id}/subscription",
    tag = "strategies",
    params(("id" = String, Path, description = "The strategy's id, such as hodl-wave.")),
    request_body = Changes,
    responses(
        (status = 200, body = shared::http::openapi::Success<ShownSubscription>),
        (status = 404, description = "No such strategy, or it is not followed.")
    ),
    security(("bearer" = [])),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn change(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path(id): Path<String>,
    Json(changes): Json<Changes>,
) -> ApiResult<ShownSubscription> {
    Ok(Envelope::ok(
        subscriptions::change(&app, user.id, &strategy(&id)?, changes.read()?).await?,
    ))
}

/// Stops: sells everything at the last closed prices, whatever is locked, and gives the cash back.
///
/// 409 when something is held whose last closed price is missing or a day old.
#[utoipa::path(
    delete,
    path = "/api/v1/strategies/{id}/subscription",
    tag = "strategies",
    params(("id" = String, Path, description = "The strategy's id, such as hodl-wave.")),
    responses(
        (status = 200, body = shared::http::openapi::Success<Stopped>),
        (status = 404, description = "No such strategy, or it is not followed."),
        (status = 409, description = "A holding cannot be sold now.")
    ),
    security(("bearer" = [])),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn stop(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path(id): Path<String>,
) -> ApiResult<Stopped> {
    Ok(Envelope::ok(
        subscriptions::stop(&app, user.id, &strategy(&id)?).await?,
    ))
}
